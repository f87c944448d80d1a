// Where the focus goes when what had it is gone: never nowhere, or the keyboard has to start from the top.

import { tick } from "svelte";

/** Tells whether nothing has the focus. */
export function focusLost(): boolean {
  const at = document.activeElement;
  return at === null || at === document.body;
}

/** Gives the focus to the page, once what led to it is gone: a sheet gives the focus back to where it was opened. */
export function focusPage({ orWithin = false } = {}): void {
  setTimeout(() => {
    // What the page leads to may have the focus already.
    if (orWithin && document.querySelector("main")?.contains(document.activeElement)) return;
    if (document.querySelector("dialog[open]") === null) {
      document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
    }
  });
}

/** Gives a lost focus to the first place that is there: one of those given, the page's row, the sidebar's row. */
export function mendFocus(...places: (Element | null | undefined)[]): void {
  if (!focusLost()) return;
  const stops = ["main [role=row][tabindex='0']", "nav [role=treeitem][tabindex='0']"];
  const all = [...places, ...stops.map((stop) => document.querySelector(stop))];
  for (const place of all) {
    if (!(place instanceof HTMLElement) || !place.isConnected) continue;
    place.focus();
    if (!focusLost()) return;
  }
}

/** Gives the focus to the main button of the sheet that an element is in, once the sheet shows what has changed. */
export async function focusMain(within: Element | undefined): Promise<void> {
  await tick();
  within?.closest("dialog")?.querySelector<HTMLElement>(".foot [type=submit]:not(:disabled)")?.focus();
}
