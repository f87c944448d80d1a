/** What a repository's page can do, and what its list can do with the row under the cursor. */
import { ofRow, type Command } from "../../app/commands.svelte";
import { app } from "../../app/state.svelte";
import type { RepositoryTab } from "../../backend/backend";
import { openBuild } from "../../making/build.svelte";
import { words } from "../../messages";
import { copyText } from "../../shared/controls/copy";
import { keysOf as tagItems, nameOf } from "../../tags/acts";
import { menuOf as timelineMenu } from "../../timeline/acts";
import type { RepositoryMoves } from "../../watching/moves.svelte";
import { choosingKeys, told } from "../choosing";
import type { RepositoryView } from "./view.svelte";

const text = words.commands;
const TABS: readonly RepositoryTab[] = ["tags", "timeline", "about"];

export function pageCommands(view: RepositoryView, moves: RepositoryMoves): Command[] {
  const account = app.account(view.panel.account);
  if (account === undefined) return [];
  const group = text.groups.page;
  const { repository } = view.panel;
  const { tag } = view.tags;
  const path = `${account.host}/${repository}`;
  const watch = words.about.watch;
  return [
    ...TABS.map((tab) => ({
      id: `tab ${tab}`,
      label: text.showTab[tab],
      group,
      disabled: app.tab === tab,
      run: () => app.setTab(tab),
    })),
    {
      id: "copy-pull-line",
      label: text.copyPullLine,
      of: tag === null ? repository : `${repository}:${tag}`,
      group,
      disabled: tag === null,
      run: () => void (tag !== null && copyText(words.repository.pullLine(path, tag))),
    },
    {
      id: "star",
      label: app.isStarred({ account: account.id, repository }) ? text.unstar : text.star,
      of: repository,
      group,
      keys: ["Mod+D"],
      run: () => app.star({ account: account.id, repository }),
    },
    {
      id: "build-push",
      label: words.making.andPush,
      of: repository,
      group,
      run: () => openBuild({ account: account.id, repository }),
    },
    {
      id: "copy-path",
      label: text.copyPath,
      of: repository,
      group,
      run: () => void copyText(path),
    },
    ...(moves.watch === null
      ? []
      : [
          {
            id: "watch",
            label: moves.watch.all ? watch.watching : watch.watch,
            of: repository,
            group,
            run: () => void moves.toggleWatch(),
          },
        ]),
    ...rowCommands(view),
    ...(app.tab === "tags" ? [...choosingKeys(), told("drop", text.moving.drop, "Mod+V")] : []),
  ];
}

function rowCommands(view: RepositoryView): Command[] {
  const group = text.groups.row;
  if (app.tab === "timeline") {
    const line = view.timeline.lines[view.timeline.at];
    return line?.kind === "row" ? ofRow(group, line.row.commit.short, timelineMenu(view.timeline, line.row)) : [];
  }
  const line = app.tab === "tags" ? view.tags.lines[view.tags.at] : undefined;
  return ofRow(group, nameOf(line), tagItems(view.tags, line));
}
