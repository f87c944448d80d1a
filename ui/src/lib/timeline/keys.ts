/** The keyboard's way over the timeline. */
import type { RepositoryView } from "../repository/view.svelte";
import { copyPath, keep, makeActive, pull, remove } from "./acts";

/** Does what a key asks for; true where the focus has to follow the cursor. */
export function timelineKey(view: RepositoryView, event: KeyboardEvent, page: number): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const { timeline } = view;
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
  if (step !== undefined) {
    event.preventDefault();
    timeline.move(step);
    return true;
  }
  const onRow = event.target instanceof Element && event.target.getAttribute("role") === "row";
  const line = timeline.lines[timeline.at];
  if (!onRow || line?.kind !== "row") return false;
  const act = {
    Enter: () => timeline.open(line),
    " ": () => timeline.open(line),
    p: () => pull(view, line.row),
    a: () => makeActive(view, line.row),
    k: () => keep(view, line.row),
    c: () => void copyPath(view, line.row),
    Delete: () => remove(view, line.row),
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act === undefined) return false;
  event.preventDefault();
  act();
  return false;
}
