// Keys as every room needs them: the name of the modifier, and the loop of Tab inside a sheet.

const FOCUSABLE =
  "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]";

/** Names the modifier of this computer, for shortcuts shown in menus. */
export const modifier = /Mac/.test(navigator.userAgent) ? "⌘" : "Ctrl";

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
