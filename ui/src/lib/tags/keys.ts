/** What the keyboard does on the tags table; the grid moves the cursor up and down. */
import { choiceKey } from "../shared/list/choosing";
import { isOnRow, isPlain } from "../shared/list/grid";
import { menuKey } from "../shared/overlay/menu";
import { keysOf } from "./acts";
import type { TagsView } from "./view.svelte";

/** Does what a key asks for; true where the focus has to follow the cursor. */
export function tableKey(view: TagsView, event: KeyboardEvent): boolean {
  const chosen = choiceKey(view, event);
  if (chosen !== null) return chosen;
  if (!isPlain(event)) return false;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    event.preventDefault();
    if (event.key === "ArrowLeft") view.left();
    else view.right();
    return true;
  }
  const line = view.lines[view.at];
  if (menuKey(keysOf(view, line), event)) return false;
  if (!isOnRow(event) || (event.key !== "Enter" && event.key !== " ")) return false;
  event.preventDefault();
  if (line) view.choose(line);
  return true;
}

/** Opens the commit on a line where one is open: beside the list stands what is under the cursor. */
export function follow(view: TagsView, index: number): void {
  const line = view.lines[index];
  if (view.opened !== null && line?.kind === "commit") view.opened = { tag: line.tag, key: line.row.key };
}
