/** The keyboard's way over the timeline. */
import { isOnRow, isPlain, stepOf } from "../shared/list/grid";
import { pressedItem } from "../shared/overlay/menu";
import { menuOf } from "./acts";
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
  const item = pressedItem(menuOf(timeline, line.row), event);
  const act = event.key === "Enter" || event.key === " " ? () => timeline.open(line) : item?.choose;
  if (act === undefined) return false;
  event.preventDefault();
  if (item?.disabled !== true) act();
  return false;
}
