/** The keyboard's way over the timeline. */
import { isOnRow, isPlain, stepOf } from "../shared/list/grid";
import { copyPath, keep, makeActive, pull, remove } from "./acts";
import type { TimelineView } from "./view.svelte";

/** Does what a key asks for; true where the focus has to follow the cursor. */
export function timelineKey(timeline: TimelineView, event: KeyboardEvent, page: number): boolean {
  if (!isPlain(event)) return false;
  const step = stepOf(event, page);
  if (step !== undefined) {
    event.preventDefault();
    timeline.move(step);
    return true;
  }
  const line = timeline.lines[timeline.at];
  if (!isOnRow(event) || line?.kind !== "row") return false;
  const act = {
    Enter: () => timeline.open(line),
    " ": () => timeline.open(line),
    p: () => pull(timeline, line.row),
    a: () => makeActive(timeline, line.row),
    k: () => keep(timeline, line.row),
    c: () => void copyPath(timeline, line.row),
    Delete: () => remove(timeline, line.row),
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act === undefined) return false;
  event.preventDefault();
  act();
  return false;
}
