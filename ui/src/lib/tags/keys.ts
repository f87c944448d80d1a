/** What the keyboard does on the tags table; the grid moves the cursor up and down. */
import { commitKey } from "../acts/commit";
import type { TagRow } from "../backend/backend";
import { digestPath } from "../commit/facts";
import { copyText } from "../shared/controls/copy";
import { isOnRow, isPlain } from "../shared/list/grid";
import type { TagsView } from "./view.svelte";

/** Does what a key asks for; true where the focus has to follow the cursor. */
export function tableKey(view: TagsView, event: KeyboardEvent): boolean {
  const whole = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "a";
  if (whole && !event.defaultPrevented) {
    event.preventDefault(); // or the words of the page are marked, which nobody wants of a table
    view.selection.all();
    return false;
  }
  if (!isPlain(event)) return false;
  if (event.key === "Escape" && view.selection.count > 0) {
    event.preventDefault();
    view.selection.clear();
    return false;
  }
  if (event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    return view.choosing(event.key === "ArrowDown" ? 1 : -1);
  }
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    event.preventDefault();
    if (event.key === "ArrowLeft") view.left();
    else view.right();
    return true;
  }
  if (!isOnRow(event)) return false;
  const line = view.lines[view.at];
  if (line?.kind === "commit" && commitKey(view.commitAt(line.tag, line.row), event.key)) {
    event.preventDefault();
    return false;
  }
  if (line?.kind === "tag" && tagKey(view, line.row, event.key)) {
    event.preventDefault();
    return false;
  }
  switch (event.key) {
    case "Enter":
    case " ":
      event.preventDefault();
      if (line) view.choose(line);
      return true;
    case "p":
    case "P":
      event.preventDefault();
      if (line?.kind === "tag") void view.panel.pull(line.row.name, null);
      if (line?.kind === "commit" && line.row.reach.kind !== "gone") void view.panel.pull(line.tag, line.row);
      return false;
    case "c":
    case "C":
      event.preventDefault();
      void copyDigestPath(view);
      return false;
    default:
      return false;
  }
}

/** Does what a key asks of a tag: choose it, delete it or all that are chosen, put it back. */
function tagKey(view: TagsView, row: TagRow, key: string): boolean {
  switch (key.toLowerCase()) {
    case " ":
      view.selection.toggle(row.name);
      return true;
    case "delete":
      if (view.selection.count > 0) view.deleteTags();
      else if (!row.deleted) view.deleteTags([row.name]);
      return true;
    case "a":
      view.putBack(row);
      return row.deleted;
    default:
      return false;
  }
}

/** Opens the commit on a line where one is open: beside the list stands what is under the cursor. */
export function follow(view: TagsView, index: number): void {
  const line = view.lines[index];
  if (view.opened !== null && line?.kind === "commit") view.opened = { tag: line.tag, key: line.row.key };
}

async function copyDigestPath(view: TagsView): Promise<void> {
  const line = view.lines[view.at];
  const path = view.data.list?.path ?? "";
  const found =
    line?.kind === "commit" ? line.row.digestPath : line?.kind === "tag" ? digestPath(path, line.row.digest) : null;
  if (found !== null && (await copyText(found))) view.panel.sayCopied();
}
