/**
 * What stands on top of a list of tags, kept in the backend so that a list of any length shows its first screenful at once
 * the next time. Of a short list nothing is kept: it crosses whole as fast.
 */
import { getBackend } from "../app/state.svelte";
import type { TagRow, TopRows } from "../backend/backend";

/** More than a tall window shows; and how long a list must be for it to be worth it. */
const ROWS = 60;
const LONG = 100;

export class FirstRows {
  /** What was kept last. */
  #kept = "";

  /** Keeps the first of these rows, where they are others than those that were kept last. */
  keep(account: string, repository: string, rows: TopRows, all: readonly TagRow[]): void {
    if (all.length <= LONG) return;
    const top = { rows, tags: all.slice(0, ROWS).map((row) => row.name) };
    const text = JSON.stringify(top);
    if (text === this.#kept) return;
    this.#kept = text;
    // One that can't be kept costs the next opening a moment, nothing else.
    getBackend()
      .keepTop(account, repository, top)
      .catch(() => undefined);
  }
}
