// The menu of a row, as the right button, the Menu key and Shift F10 open it. There is one for the whole window
// (ContextMenu.svelte), so that rows of a long list carry nothing; what stands in it is made when it opens.

import type { Attachment } from "svelte/attachments";
import type { NamedMenu, Spot } from "./menu";

interface Opened extends NamedMenu {
  spot: Spot;
  /** What gets the focus when it closes. */
  from: HTMLElement | null;
}

class ContextMenuState {
  opened = $state.raw<Opened | null>(null);
}

export const contextMenu = new ContextMenuState();

/** Where text is edited or marked the web view's own menu stays, and inside a menu there is none. */
const NATIVE = "input, textarea, pre";
const INSET = 24;

/** Tells whether the keyboard asks for the menu of what has the focus. */
export function asksForMenu(event: KeyboardEvent): boolean {
  return event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Does something once the button that the event tells of is let go: a popover that opens before would be closed by it,
 * as by any press beside a popover. Where the event comes with nothing held, at once.
 */
function onRelease(event: MouseEvent, act: () => void): void {
  if (event.buttons === 0) {
    act();
    return;
  }
  const waiting = new AbortController();
  const { signal } = waiting;
  const options = { capture: true, signal };
  const over = (): void => waiting.abort();
  // Let go where the window doesn't hear of it: what comes next is another press.
  window.addEventListener("mousedown", over, options);
  // The window's own: captured, that of every element in it would be heard too.
  window.addEventListener("blur", over, { signal });
  window.addEventListener(
    "mouseup",
    () => {
      over();
      act();
    },
    options,
  );
}

/** Gives a row its menu. Null: it has none now. */
export function rowMenu(make: () => NamedMenu | null): Attachment<HTMLElement> {
  return (row) => {
    const asked = (event: Event, spot: Spot): Opened | null => {
      const within = event.target instanceof Element ? event.target : row;
      if (event.defaultPrevented || within.closest("[popover]") !== null || within.closest(NATIVE) !== null)
        return null;
      event.preventDefault();
      event.stopPropagation();
      const made = make();
      if (made === null || made.items.length === 0) return null;
      const focused = document.activeElement;
      // From the row itself, or from what has the focus in a row that can't have it.
      const from = row.hasAttribute("tabindex") ? row : focused instanceof HTMLElement ? focused : null;
      return { ...made, spot, from };
    };
    const pressed = (event: MouseEvent): void => {
      const opened = asked(event, { x: event.clientX, y: event.clientY });
      if (opened === null) return;
      // Some web views make a click of the same press (Ctrl with the button on a Mac): it is none on the row.
      row.addEventListener("click", swallow, { capture: true, once: true });
      const over = (): void => row.removeEventListener("click", swallow, true);
      for (const next of ["mousedown", "keydown"]) window.addEventListener(next, over, { capture: true, once: true });
      onRelease(event, () => (contextMenu.opened = opened));
    };
    const key = (event: KeyboardEvent): void => {
      if (!asksForMenu(event)) return;
      const { x, y, height } = row.getBoundingClientRect();
      contextMenu.opened = asked(event, { x: x + INSET, y, height }) ?? contextMenu.opened;
    };
    row.addEventListener("contextmenu", pressed);
    row.addEventListener("keydown", key);
    return () => {
      row.removeEventListener("contextmenu", pressed);
      row.removeEventListener("keydown", key);
    };
  };
}
