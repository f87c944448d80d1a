// The one place that knows the virtual-list library. Rows have heights known beforehand, so nothing ever jumps.

import {
  Virtualizer,
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  type VirtualItem,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import { watchSize, type Size } from "./last-size";

export interface Rows {
  count: number;
  size: (index: number) => number;
  key: (index: number) => string;
  /** Index of a row that stays drawn wherever the list is scrolled, so that it can hold the focus; -1 for none. */
  keep: number;
  overscan: number;
  /** Names the lists that are as large as this one; null: none is. */
  kind: string | null;
}

export class VirtualRows {
  items = $state.raw<VirtualItem[]>([]);
  height = $state(0);
  #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #rows: Rows;

  constructor(scroller: HTMLElement, rows: Rows) {
    this.#rows = rows;
    this.#virtualizer = new Virtualizer(this.#options(scroller));
  }

  #options(scroller: HTMLElement): VirtualizerOptions<HTMLElement, HTMLElement> {
    const rows = this.#rows;
    return {
      count: rows.count,
      estimateSize: rows.size,
      getItemKey: rows.key,
      overscan: rows.overscan,
      getScrollElement: () => scroller,
      observeElementRect: ({ scrollElement }, tell) =>
        scrollElement === null ? undefined : watchRoom(scrollElement, rows.kind, tell),
      observeElementOffset,
      scrollToFn: elementScroll,
      rangeExtractor: (range) => {
        const shown = defaultRangeExtractor(range);
        const keep = this.#rows.keep;
        if (keep < 0 || keep >= range.count || shown.includes(keep)) return shown;
        return [...shown, keep].sort((a, b) => a - b);
      },
      onChange: () => this.#read(),
    };
  }

  /** Begins to watch the element; the returned function ends it. */
  mount(): () => void {
    const unmount = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.#read();
    return unmount;
  }

  update(scroller: HTMLElement, rows: Rows): void {
    this.#rows = rows;
    this.#virtualizer.setOptions(this.#options(scroller));
    this.#virtualizer.measure();
    this.#virtualizer._willUpdate();
    this.#read();
  }

  scrollTo(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: "auto" });
  }

  /** Returns the first and the last row that can be seen, overscan left out. */
  range(): { first: number; last: number } | null {
    const range = this.#virtualizer.range;
    return range === null ? null : { first: range.startIndex, last: range.endIndex };
  }

  #read(): void {
    this.items = this.#virtualizer.getVirtualItems();
    this.height = this.#virtualizer.getTotalSize();
  }
}

/** Tells how large the list is; a change of it a frame later: rows that come while sizes are told would change one again. */
function watchRoom(scroller: HTMLElement, kind: string | null, tell: (size: Size) => void): () => void {
  let frame: number | null = null;
  let begun = false;
  const end = watchSize(scroller, kind === null ? null : `list ${kind}`, (size) => {
    if (!begun) return tell(size);
    if (frame !== null) cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => tell(size));
  });
  begun = true;
  return () => {
    end();
    if (frame !== null) cancelAnimationFrame(frame);
  };
}
