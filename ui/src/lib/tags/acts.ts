/** What can be done with a line of the tags table: one place for its menu, its keys and the palette. */
import { watchTag } from "../acts/acts.svelte";
import { commitMenu } from "../acts/commit";
import { impossibles, unless } from "../app/impossible.svelte";
import type { ImpossibleAct, TagRow } from "../backend/backend";
import { copyItems } from "../commit/copy";
import { digestPath } from "../commit/facts";
import { count, words } from "../messages";
import { pullToItems } from "../repository/confiding.svelte";
import { withoutKey, type MenuItem } from "../shared/overlay/menu";
import type { Line } from "./lines";
import type { TagsView } from "./view.svelte";

const text = words.acts;

/** Lists what can be done with a line; where it is a tag that is chosen, all that are chosen are deleted. */
export function menuOf(view: TagsView, line: Line | undefined): MenuItem[] {
  if (line?.kind !== "tag") return commitItems(view, line);
  const { row } = line;
  if (isChosen(view, row)) return [...tagItems(view, row), ...deleteChosen(view)];
  // The key is of those that are chosen: beside another tag's item none is shown.
  const alone = deleteOne(view, row).map((item) => (view.selection.count === 0 ? item : withoutKey(item)));
  return [...tagItems(view, row), ...alone];
}

/** Lists what the keys do on a line, and the palette offers: tags that are chosen go before the one it is. */
export function keysOf(view: TagsView, line: Line | undefined): MenuItem[] {
  if (line?.kind !== "tag") return commitItems(view, line);
  const goes = view.selection.count > 0 ? deleteChosen(view) : deleteOne(view, line.row);
  return [...tagItems(view, line.row), ...goes];
}

/** Lists what can be done with a commit under its tag; nothing with what only stands between. */
function commitItems(view: TagsView, line: Line | undefined): MenuItem[] {
  if (line?.kind !== "commit") return [];
  const { row, tag } = line;
  return [
    {
      label: words.repository.pull,
      shortcut: "P",
      testid: "menu-pull",
      disabled: row.reach.kind === "gone",
      choose: () => void view.panel.pull(tag, row),
    },
    ...(row.reach.kind === "gone" ? [] : pullToItems((to) => void view.panel.pull(tag, row, to))),
    ...commitMenu(
      view.commitAt(tag, row),
      copyItems(row, () => view.panel.sayCopied()),
    ),
  ];
}

/** Says why an act can't be done here; null where nothing is known to stand against it. */
export function whyNot(view: TagsView, act: ImpossibleAct): string | null {
  return impossibles.why(view.panel.account, view.panel.repository, act);
}

/** Names what a line is of, for its menu. */
export function nameOf(line: Line | undefined): string {
  return line?.kind === "tag" ? line.row.name : line?.kind === "commit" ? line.row.short : "";
}

function isChosen(view: TagsView, row: TagRow): boolean {
  return !row.deleted && view.selection.has(row.name);
}

/** Lists what is done to the tag alone, whatever is chosen. */
function tagItems(view: TagsView, row: TagRow): MenuItem[] {
  const path = view.data.list?.path ?? null;
  const paths = {
    tagPath: row.deleted || path === null ? null : `${path}:${row.name}`,
    digestPath: path === null ? null : digestPath(path, row.digest),
    digest: row.digest,
  };
  const copy = copyItems(paths, () => view.panel.sayCopied());
  if (row.deleted) {
    const back = { label: text.putBack, shortcut: "A", testid: "menu-put-back", disabled: row.digest === null };
    return [unless(whyNot(view, "write"), { ...back, choose: () => view.putBack(row) }), ...copy];
  }
  return [
    {
      label: words.repository.pull,
      shortcut: "P",
      testid: "menu-pull",
      choose: () => void view.panel.pull(row.name, null),
    },
    ...pullToItems((to) => void view.panel.pull(row.name, null, to)),
    {
      label: row.watched ? text.stopWatching : text.watch,
      testid: row.watched ? "menu-stop-watching" : "menu-watch",
      choose: () => {
        const { account, repository } = view.data;
        void watchTag(account, repository, row.name, !row.watched).then(() => view.data.read());
      },
    },
    ...copy,
  ];
}

/** Nothing where the tag is deleted already. */
function deleteOne(view: TagsView, row: TagRow): MenuItem[] {
  if (row.deleted) return [];
  return [
    unless(whyNot(view, "delete"), {
      label: text.deleteTag,
      shortcut: "Delete",
      testid: "menu-delete-tag",
      danger: true,
      choose: () => view.deleteTags([row.name]),
    }),
  ];
}

function deleteChosen(view: TagsView): MenuItem[] {
  return [
    unless(whyNot(view, "delete"), {
      label: text.deleteChosen(count(view.selection.count)),
      shortcut: "Delete",
      testid: "menu-delete-chosen",
      danger: true,
      choose: () => view.deleteTags(),
    }),
  ];
}
