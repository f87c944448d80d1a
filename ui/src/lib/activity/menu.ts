/** What can be done with a transfer's row, beside what its buttons do: one place for its menu. */
import { dispatch } from "../app/actions";
import { undoing } from "../app/undoing.svelte";
import { app } from "../app/state.svelte";
import { isActive } from "../app/waiting";
import type { TaskView } from "../backend/backend";
import { words } from "../messages";
import { copyText } from "../shared/controls/copy";
import type { MenuItem } from "../shared/overlay/menu";
import { removedOf } from "./removals";
import { transfers } from "./tasks.svelte";
import { asksAgain, canRetry } from "./totals";

const text = words.transfers;

export function taskMenu(task: TaskView): MenuItem[] {
  return [...steps(task), ...own(task), ...where(task), ...copies(task), ...end(task)];
}

function steps(task: TaskView): MenuItem[] {
  if (task.kind !== "build") return [];
  return [{ label: text.build.steps, testid: "menu-task-steps", choose: () => dispatch("showSteps", task) }];
}

function own(task: TaskView): MenuItem[] {
  if (isActive(task)) {
    return [
      {
        label: task.unit === "items" ? text.stop : text.cancel,
        testid: "menu-task-cancel",
        disabled: transfers.cancelling.has(task.id),
        choose: () => void transfers.cancel(task),
      },
    ];
  }
  const question = task.problem !== null && asksAgain(task.problem.code);
  const undo = removedOf(task)?.undo ?? null;
  const items: MenuItem[] = [];
  if (question && task.kind === "push") items.push({ label: text.again, choose: () => dispatch("pushAgain", task) });
  else if (question && task.kind === "pull") {
    items.push({ label: text.moveName, choose: () => void transfers.moveName(task) });
  } else if (canRetry(task)) {
    items.push({ label: text.retry, testid: "menu-task-retry", choose: () => void transfers.retry(task) });
  }
  if (undo !== null && !undoing.taken.has(undo)) {
    items.push({ label: text.undo, testid: "menu-task-undo", choose: () => void transfers.undo(task) });
  }
  return items;
}

function where({ account, repository }: TaskView): MenuItem[] {
  if (app.account(account) === undefined) return [];
  return [
    {
      label: text.openRepository,
      testid: "menu-open",
      choose: () => app.go({ kind: "repository", account, repository }),
    },
  ];
}

/** A line that pulls what was pushed or pulled; its digest where the end has told it. */
function copies(task: TaskView): MenuItem[] {
  if (task.outcome?.kind === "saved") {
    const { path } = task.outcome;
    return [{ label: text.archive.copyPath, testid: "copy-path", choose: () => void copyText(path) }];
  }
  const host = app.account(task.account)?.host;
  if (task.unit === "items" || host === undefined || task.tag === "") return [];
  const { outcome } = task;
  const digest = outcome?.kind === "moved" ? outcome.digest : null;
  const path = `${host}/${task.repository}`;
  const line =
    task.kind === "pull" && digest !== null
      ? `${words.repository.dockerPull} ${path}@${digest}`
      : words.repository.pullLine(path, task.tag);
  return [
    { label: words.commands.copyPullLine, testid: "copy-pull", choose: () => void copyText(line) },
    {
      label: words.repository.copyDigest,
      testid: "copy-digest",
      disabled: digest === null,
      choose: () => void (digest !== null && copyText(digest)),
    },
  ];
}

function end(task: TaskView): MenuItem[] {
  if (isActive(task)) return [];
  return [{ label: text.dismiss, testid: "menu-task-dismiss", choose: () => void transfers.dismiss(task) }];
}
