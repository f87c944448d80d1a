// Keys of the whole window: refresh, letting go of what was marked; and the loop of Tab inside a sheet.

import { app } from "../state.svelte";
import { drag } from "./drag.svelte";

const FOCUSABLE =
  "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]";

/** The name of the modifier on this computer, for shortcuts shown in menus. */
export const modifier = /Mac/.test(navigator.userAgent) ? "⌘" : "Ctrl";

/** Listens to the window's own keys; the returned function ends it. */
export function windowKeys(): () => void {
  const key = (event: KeyboardEvent): void => {
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "F5" || (command && !event.shiftKey && event.key.toLowerCase() === "r")) {
      event.preventDefault(); // never reload the window itself
      if (document.querySelector("dialog[open]") !== null) return;
      app.refresh?.();
      app.refreshSidebar?.();
    } else if (event.key === "Escape" && drag.marked !== null) {
      drag.mark(null);
    }
  };
  // The web view's own menu offers to reload the window; it stays where text is edited or selected.
  const menu = (event: MouseEvent): void => {
    const editing = event.target instanceof Element && event.target.closest("input, textarea, pre") !== null;
    if (!editing) event.preventDefault();
  };
  window.addEventListener("keydown", key);
  window.addEventListener("contextmenu", menu);
  return () => {
    window.removeEventListener("keydown", key);
    window.removeEventListener("contextmenu", menu);
  };
}

/** Keeps Tab inside an element. */
export function loopTab(inside: HTMLElement, event: KeyboardEvent): void {
  const all = [...inside.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) => element.tabIndex >= 0 && element.getClientRects().length > 0,
  );
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) return;
  const at = document.activeElement;
  if (event.shiftKey ? at === first || at === inside : at === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
