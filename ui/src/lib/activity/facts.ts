/** What the activity bar says, as words. */
import type { TaskItem, TaskView } from "../backend/backend";
import { words } from "../messages";
import { bytes, bytesOf, duration, rate as rateText, shortDigest } from "../messages/format";
import { isActive, leftOf, type Totals } from "./totals";

const text = words.transfers;

/** Returns the last part of a repository's path. */
function nameOf(task: TaskView): string {
  return task.repository.split("/").at(-1) ?? task.repository;
}

/** Returns the title of a transfer: "Pull aligner". */
export function taskTitle(task: TaskView): string {
  return task.kind === "pull" ? text.pull(nameOf(task)) : text.push(nameOf(task));
}

function amounts(done: number, total: number, perSecond: number | null, left: number | null): string {
  if (total === 0) return text.preparing;
  return [
    bytesOf(done, total),
    perSecond === null ? null : rateText(perSecond),
    left === null ? null : text.left(duration(left)),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

/** Returns how far a transfer is: "189.2 of 411.9 MB · 38.4 MB/s · 6 s left". */
export function taskFacts(task: TaskView): string {
  if (task.state === "waiting") return text.waitingFor;
  return amounts(Math.min(task.done, task.total), task.total, task.rate, leftOf(task));
}

/** Returns how a transfer ended, in a sentence; null while it has not. */
export function taskOutcome(task: TaskView): string | null {
  switch (task.state) {
    case "done": {
      if (!task.outcome) return text.items.done;
      const { name, digest } = task.outcome;
      return task.kind === "pull" ? text.pulledAs(name) : text.pushedAs(name, digest && shortDigest(digest));
    }
    case "failed":
      return task.problem?.message ?? text.failed;
    case "cancelled":
      return text.cancelled;
    case "interrupted":
      return task.problem?.message ?? text.interrupted;
    default:
      return null;
  }
}

/** Returns what a person should know besides: the commit tag that was written, and the backend's own notes. */
export function taskNotes(task: TaskView): string[] {
  const outcome = task.outcome;
  if (!outcome || isActive(task)) return [];
  const tag = outcome.commitTag;
  const kept = tag === null ? [] : [task.state === "done" ? text.keptBy(tag) : text.keptLeft(tag)];
  // The backend may say the same of the commit tag in its own words: then once is enough.
  return [...kept.filter(() => !outcome.notes.some((note) => tag !== null && note.includes(tag))), ...outcome.notes];
}

/** Returns the right end of a layer's line. */
export function layerText(item: TaskItem): string {
  if (item.state === "waiting" || item.state === "exists" || item.state === "unpacking") return text.items[item.state];
  return item.total > 0 ? bytes(item.total) : text.items[item.state];
}

export interface BarText {
  kind: "moving" | "done" | "failed" | "quiet";
  title: string;
  short: string | null;
  facts: string;
  more: string;
  /** Read aloud when it changes: beginnings and ends, never the bytes. */
  said: string;
}

/** Returns the bar's one line: what moves, else how the last one ended. */
export function barText(tasks: readonly TaskView[], totals: Totals): BarText {
  const active = tasks.filter(isActive);
  const first = active.find((task) => task.state === "running") ?? active[0];
  if (first) {
    const verb = first.kind === "pull" ? text.pulling(nameOf(first)) : text.pushing(nameOf(first));
    const several = totals.running > 1;
    const title = several ? text.several(totals.running) : verb;
    return {
      kind: "moving",
      title,
      short: several ? null : first.short,
      facts: totals.running === 0 ? text.waitingFor : amounts(totals.done, totals.total, totals.rate, totals.left),
      more: totals.waiting > 0 && totals.running > 0 ? text.moreWaiting(totals.waiting) : "",
      said: title,
    };
  }
  const last = [...tasks].sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0))[0];
  const outcome = last && taskOutcome(last);
  if (!last || !outcome) return { kind: "quiet", title: text.nothing, short: null, facts: "", more: "", said: "" };
  if (last.state === "done") {
    return { kind: "done", title: outcome, short: null, facts: "", more: "", said: outcome };
  }
  const failed =
    last.state === "cancelled" ? text.cancelledSummary(taskTitle(last)) : text.failedSummary(taskTitle(last));
  const why = last.state === "cancelled" ? "" : outcome;
  return {
    kind: last.state === "cancelled" ? "quiet" : "failed",
    title: failed,
    short: null,
    facts: why,
    more: "",
    said: `${failed}. ${why}`,
  };
}
