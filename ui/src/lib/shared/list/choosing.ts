/**
 * How rows of a grid are chosen for one act, by keys and by the pointer. Not here: which are chosen (selection), and what
 * is done to them (whoever has the list).
 */
import { isOnRow, isPlain } from "./grid";
import type { Selection } from "./selection.svelte";

/** A list of which rows can be chosen. */
export interface Choosing {
  readonly selection: Selection;
  /** Moves the cursor to the next row in a direction and chooses everything on the way; true where it moved. */
  choosing(step: 1 | -1): boolean;
  /** Chooses the cursor's row, or lets it go; false where it is none that can be chosen. */
  chooseOne(): boolean;
}

/** Does what a key asks for of the choice; true where the focus has to follow the cursor, null where it is another key. */
export function choiceKey(view: Choosing, event: KeyboardEvent): boolean | null {
  const whole = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "a";
  if (whole && !event.defaultPrevented) {
    event.preventDefault(); // or the words of the page are marked, which nobody wants of a table
    view.selection.all();
    return false;
  }
  if (!isPlain(event)) return null;
  if (event.key === "Escape" && view.selection.count > 0) {
    event.preventDefault();
    view.selection.clear();
    return false;
  }
  if (event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    return view.choosing(event.key === "ArrowDown" ? 1 : -1);
  }
  if (event.key === " " && isOnRow(event) && view.chooseOne()) {
    event.preventDefault();
    return false;
  }
  return null;
}

/** Leaves the cursor where it is while the button goes down with Shift: from there to here is what gets chosen. */
export function keepCursor(event: MouseEvent): void {
  if (event.shiftKey && event.button === 0) event.preventDefault();
}

/** Gives the focus to the row that was pressed. */
export function focusRow(event: MouseEvent): void {
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus({ preventScroll: true });
}
