// The widths that a person has drawn, of the columns of every table, as the window knows them. What they were when it was
// left comes by `restore`; whoever remembers hears of each change. Not here: what a width may be (columns.ts).

import type { Drawn } from "./columns";

export interface ColumnWidth {
  table: string;
  column: string;
  width: number;
}

class Widths {
  #all = $state.raw<readonly ColumnWidth[]>([]);
  /** Told after each change that a person made. */
  onchange: ((all: readonly ColumnWidth[]) => void) | null = null;

  /** Returns what was drawn in a table, by column. */
  of(table: string): Drawn {
    return Object.fromEntries(this.#all.flatMap((one) => (one.table === table ? [[one.column, one.width]] : [])));
  }

  /** Takes the widths as the window was left. */
  restore(all: readonly ColumnWidth[]): void {
    this.#all = all;
  }

  /** Draws a column, or lets it be as wide as it wants again. */
  set(table: string, column: string, width: number | null): void {
    const others = this.#all.filter((one) => one.table !== table || one.column !== column);
    this.#all = width === null ? others : [...others, { table, column, width: Math.round(width) }];
    this.onchange?.(this.#all);
  }
}

export const widths = new Widths();
