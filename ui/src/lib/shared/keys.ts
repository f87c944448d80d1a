// Keys as every room needs them: how a shortcut is written, heard and told, and the loop of Tab inside a sheet.

import { system } from "./system";

const FOCUSABLE =
  "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]";

export const mac = system === "macos";

/** Names the modifier of this computer, for shortcuts shown in menus. */
export const modifier = mac ? "⌘" : "Ctrl";

/** A key and what is held with it: `P`, `Delete`, `?`, `Mod+K`, `Alt+ArrowLeft`. `Mod` is Ctrl, or ⌘ on a Mac. */
export type Chord = string;

/** How keys are told that have no letter. */
const NAMES: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Enter: "↵",
  " ": "Space",
  Delete: "Del",
  Escape: "Esc",
  PageUp: "Page Up",
  PageDown: "Page Down",
  Plus: "+",
  ContextMenu: "Menu",
  "-": "−",
};
const HELD: Record<string, string> = { Mod: modifier, Alt: mac ? "⌥" : "Alt", Shift: mac ? "⇧" : "Shift" };

/** Tells whether a chord was pressed. */
export function isPressed(chord: Chord, event: KeyboardEvent): boolean {
  const held = chord.split("+");
  const wanted = held.pop() ?? "";
  const key = wanted === "Plus" ? "+" : wanted;
  if (event.key.toLowerCase() !== key.toLowerCase()) return false;
  // On a Mac Ctrl has meanings of its own where one types.
  if (mac && event.ctrlKey) return false;
  if ((event.ctrlKey || event.metaKey) !== held.includes("Mod") || event.altKey !== held.includes("Alt")) return false;
  if (event.key.length > 1) return event.shiftKey === held.includes("Shift");
  // A letter alone is meant in either size; a sign may need Shift to be typed at all.
  return !event.shiftKey || held.includes("Shift") || !held.includes("Mod") || !/[a-z]/i.test(key);
}

/** Writes a chord as it is told on this computer: "Ctrl K", "Alt ←", "Del". */
export function chordText(chord: Chord): string {
  const held = chord.split("+");
  const key = held.pop() ?? "";
  return [...held.map((each) => HELD[each] ?? each), NAMES[key] ?? key].join(" ");
}

/** Writes a chord as `aria-keyshortcuts` names it. */
export function ariaChord(chord: Chord): string {
  return chord.replace("Mod", mac ? "Meta" : "Control").replace("Plus", "+");
}

/** Tells whether an event comes from where one types text, or from what lies over the page. */
export function isTyping(event: Event): boolean {
  return event.target instanceof Element && event.target.closest("input, textarea, select, dialog, [popover]") !== null;
}

/**
 * Keeps Tab inside an element. `showModal()` keeps Tab from the page behind, but a browser goes on from the last button
 * to its own controls; whether each web view, which has none, returns to the first one was not tried. So it stays.
 */
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
