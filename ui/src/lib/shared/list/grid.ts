// The keys of a grid. Not here: how it is drawn (Grid.svelte), its columns (columns.ts), and what a row's own keys do.

/** Tells whether a key was pressed alone, and nobody has answered it yet. */
export function isPlain(event: KeyboardEvent): boolean {
  return !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** Tells whether a key was pressed on a row itself, not on a button in it. */
export function isOnRow(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.getAttribute("role") === "row";
}

/** Returns how far a key moves the cursor, in rows; undefined where it is another key. */
export function stepOf(event: KeyboardEvent, page: number): number | undefined {
  return { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
}
