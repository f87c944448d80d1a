/**
 * What an act has changed in a repository: its page puts the cursor and the focus there, where the person is still where the
 * act left them. Not here: what was done, and what is said of it.
 */
import { app } from "./state.svelte";

interface ChangedAt {
  account: string;
  repository: string;
  tag: string;
  /** The whole digest of a commit that is meant; null: what the tag points at now. */
  commit: string | null;
}

class Changed {
  /** What the page on show shall go to once it knows it. */
  at = $state.raw<ChangedAt | null>(null);
  #from: Element | null = null;

  /** Notes that something has changed. `from` had the focus when the act was done, or began. */
  note(at: ChangedAt, from: Element | null = document.activeElement): void {
    const { place } = app;
    const here = place.kind === "repository" && place.account === at.account && place.repository === at.repository;
    [this.at, this.#from] = [here ? at : null, from];
  }

  /** Tells whether the focus may go there: it is where the act left it, in the page's own rows, or nowhere. */
  get free(): boolean {
    const now = document.activeElement;
    if (document.querySelector("dialog[open]") !== null) return false;
    if (now === null || now === document.body || now === this.#from) return true;
    return now.closest("main") !== null && now.closest("input, textarea, select") === null;
  }
}

export const changed = new Changed();
