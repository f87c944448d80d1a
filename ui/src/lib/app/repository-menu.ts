/** What can be done with a repository's row, in the sidebar and in a list: one place for its menus and the palette. */
import { FROM_THE_BEGIN, type AccountView } from "../backend/backend";
import { words } from "../messages";
import { dispatch } from "./actions";
import { copyLater, copyText } from "../shared/controls/copy";
import type { MenuItem } from "../shared/overlay/menu";
import { app, getBackend } from "./state.svelte";

export function repositoryMenu(account: AccountView, repository: string): MenuItem[] {
  const text = words.commands;
  const path = `${account.host}/${repository}`;
  const open = (): void => app.go({ kind: "repository", account: account.id, repository });
  return [
    { label: text.open, testid: "menu-open", shortcut: "Enter", choose: open },
    {
      label: text.openTimeline,
      testid: "menu-open-timeline",
      choose: () => {
        open();
        app.setTab("timeline");
      },
    },
    {
      label: text.copyPullLine,
      testid: "copy-pull",
      choose: () => void copyLater(tagOf(account.id, repository).then((tag) => pullLine(path, tag))),
    },
    {
      label: app.isStarred({ account: account.id, repository }) ? text.unstar : text.star,
      testid: "menu-star",
      choose: () => app.star({ account: account.id, repository }),
    },
    {
      label: words.making.andPush,
      testid: "menu-build",
      choose: () => dispatch("buildHere", { account: account.id, repository }),
    },
    { label: text.copyPath, testid: "copy-path", choose: () => void copyText(path) },
  ];
}

/** Without a known tag the line pulls what the engine takes by itself, `latest`. */
function pullLine(path: string, tag: string | null): string {
  return tag === null ? `${words.repository.dockerPull} ${path}` : words.repository.pullLine(path, tag);
}

/** Returns the tag of a repository that is known to be the newest; null where none is known. Nothing is asked. */
async function tagOf(account: string, repository: string): Promise<string | null> {
  const list = await getBackend()
    .tags(account, repository, FROM_THE_BEGIN)
    .catch(() => null);
  const there = (list?.rows ?? []).filter((row) => !row.deleted);
  const newest = there.reduce<(typeof there)[number] | undefined>(
    (best, row) => ((row.time?.at ?? -1) > (best?.time?.at ?? -1) ? row : best),
    undefined,
  );
  return (newest ?? there.find((row) => row.name === "latest") ?? there[0])?.name ?? null;
}
