// Keys of the whole window: refresh, and letting go of what was marked.

import { drag } from "../shared/drag/drag.svelte";
import { app } from "./state.svelte";

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
