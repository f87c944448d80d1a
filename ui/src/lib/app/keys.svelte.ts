// What the window itself does for a key: refresh, the way back, the filter, the size of everything, and letting go of what
// was marked.

import { words } from "../messages";
import { drag } from "../shared/drag/drag.svelte";
import { commands, type Command } from "./commands.svelte";
import { settings } from "./settings.svelte";
import { app } from "./state.svelte";

/** Which filter `/` leads to: the page's, else that of the sidebar. */
const FILTERS = ["main [data-filter]", "nav [data-filter]"];
/** The mouse's own buttons for the way back and forward, as the web numbers them. */
const BACK = 3;
const FORWARD = 4;

/** Lists what the window can do, wherever one is. */
export function windowCommands(): Command[] {
  const text = words.commands;
  const group = text.groups.window;
  return [
    {
      id: "back",
      label: text.back,
      group,
      keys: ["Alt+ArrowLeft", "Mod+["],
      disabled: !app.canStep(true),
      run: () => app.step(true),
    },
    {
      id: "forward",
      label: text.forward,
      group,
      keys: ["Alt+ArrowRight", "Mod+]"],
      disabled: !app.canStep(false),
      run: () => app.step(false),
    },
    { id: "filter", label: text.filter, group, keys: ["/", "Mod+F"], run: focusFilter },
    { id: "refresh", label: text.refresh, group, keys: ["F5", "Mod+R"], run: refresh },
    { id: "settings", label: words.settings.open, group, keys: ["Mod+,"], run: () => app.go({ kind: "settings" }) },
    { id: "larger", label: text.larger, group, keys: ["Mod+Plus", "Mod+="], always: true, run: resize(1) },
    { id: "smaller", label: text.smaller, group, keys: ["Mod+-"], always: true, run: resize(-1) },
    { id: "normal", label: text.normal, group, keys: ["Mod+0"], always: true, run: resize(0) },
  ];
}

function refresh(): void {
  app.refresh?.();
  app.refreshSidebar?.();
}

function resize(step: -1 | 0 | 1): () => void {
  return () => void settings.resize(step).catch(() => undefined); // a size that stays is nothing to interrupt anybody with
}

/** Gives the focus to the page's filter, with what stands there selected. */
function focusFilter(): void {
  const found = FILTERS.map((where) => document.querySelector<HTMLInputElement>(where));
  const field = found.find((each) => each !== null);
  field?.focus();
  field?.select();
}

/** Listens to the window's own keys and buttons; the returned function ends it. */
export function windowKeys(): () => void {
  const ended = commands.offer(windowCommands);
  const key = (event: KeyboardEvent): void => {
    if (commands.hear(event)) return;
    // The web view would reload the window, which lets go of all that is in it.
    if (event.key === "F5" || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "r")) {
      event.preventDefault();
    } else if (event.key === "Escape" && drag.marked !== null) {
      drag.mark(null);
    }
  };
  // The web view's own menu offers to reload the window; it stays where text is edited or selected.
  const menu = (event: MouseEvent): void => {
    const editing = event.target instanceof Element && event.target.closest("input, textarea, pre") !== null;
    if (!editing) event.preventDefault();
  };
  const step = (event: MouseEvent): void => {
    if (event.button !== BACK && event.button !== FORWARD) return;
    event.preventDefault(); // the web view's own history is not the window's
    if (event.type === "mouseup" && document.querySelector("dialog[open]") === null) app.step(event.button === BACK);
  };
  window.addEventListener("keydown", key);
  window.addEventListener("contextmenu", menu);
  window.addEventListener("mousedown", step);
  window.addEventListener("mouseup", step);
  return () => {
    ended();
    window.removeEventListener("keydown", key);
    window.removeEventListener("contextmenu", menu);
    window.removeEventListener("mousedown", step);
    window.removeEventListener("mouseup", step);
  };
}
