/**
 * What an act has changed in a repository: its page puts the cursor and the focus there, where the person is still where the
 * act left them. Not here: what was done, and what is said of it.
 */
import { app } from "./state.svelte";

/** So long after an act the page still goes where it changed something (milliseconds); later the person is elsewhere. */
export const HELD = 5_000;

export interface ChangedAt {
  account: string;
  repository: string;
  tag: string;
  /** The whole digest of the commit that the tag came to point at, or that was kept; null: it isn't known. */
  commit: string | null;
  /** Only that commit was kept: the tag points where it did. */
  kept?: boolean;
}

class Changed {
  /** What the page on show shall go to once it knows it. */
  at = $state.raw<ChangedAt | null>(null);
  #from: Element | null = null;
  #held: ReturnType<typeof setTimeout> | undefined;

  /** Notes that something has changed. `from` had the focus when the act was done, or began; null: one had gone on by then. */
  note(at: ChangedAt, from: Element | null = document.activeElement): void {
    const { place } = app;
    const here = place.kind === "repository" && place.account === at.account && place.repository === at.repository;
    [this.at, this.#from] = [here ? at : null, from];
    clearTimeout(this.#held);
    this.#held = setTimeout(() => (this.at = null), HELD);
  }

  /** Tells whether the focus may go there: it is where the act left it, in the page's own rows, or nowhere. */
  get free(): boolean {
    const now = document.activeElement;
    if (now?.closest("input, textarea, select")) return false;
    if (document.querySelector("dialog[open]") !== null) return false;
    if (now === null || now === document.body || now === this.#from) return true;
    return now.closest("main") !== null;
  }
}

export const changed = new Changed();
