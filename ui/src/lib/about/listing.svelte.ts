// Another tool's listing of a repository's commits, pasted or dropped: what it would bring is shown before it is imported.

import { getBackend } from "../app/state.svelte";
import { asProblem, type Imported, type ListingOrder, type ListingView, type Problem } from "../backend/backend";
import { words } from "../messages";

/** Larger files are refused before they are read. */
export const LARGEST_LISTING = 16 * 1024 * 1024;
const DEBOUNCE = 250;

export class Listing {
  readonly account: string;
  readonly repository: string;
  /** The registry is one whose tool prints such a listing. */
  offered = $state(false);
  open = $state(false);
  text = $state("");
  view = $state.raw<ListingView | null>(null);
  imported = $state.raw<Imported | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Why a file was not read. */
  refused = $state<string | null>(null);
  busy = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  constructor(account: string, repository: string) {
    this.account = account;
    this.repository = repository;
  }

  async look(): Promise<void> {
    try {
      this.offered = (await getBackend().kind(this.account)).command !== null;
    } catch {
      this.offered = false;
    }
  }

  begin(): void {
    this.take("");
    this.open = true;
  }

  close(): void {
    this.take("");
    this.open = false;
  }

  /** Takes what the field holds, and has it read once it stays as it is. */
  take(text: string): void {
    this.text = text;
    [this.view, this.imported, this.problem, this.refused] = [null, null, null, null];
    this.#round += 1;
    clearTimeout(this.#timer);
    if (text.trim() === "") return;
    const round = this.#round;
    this.#timer = setTimeout(() => void this.#read(round), DEBOUNCE);
  }

  /** Takes a file that was dropped. */
  async drop(file: File): Promise<void> {
    this.take("");
    const round = this.#round;
    if (file.size > LARGEST_LISTING) {
      this.refused = words.about.listing.tooLarge(file.name);
      return;
    }
    try {
      const text = await file.text();
      if (round === this.#round) this.take(text);
    } catch {
      if (round === this.#round) this.refused = words.about.seen.unreadable(file.name);
    }
  }

  async #read(round: number): Promise<void> {
    try {
      const view = await getBackend().readListing(this.#order);
      if (round === this.#round) this.view = view;
    } catch (thrown) {
      if (round === this.#round) this.problem = asProblem(thrown);
    }
  }

  /** Imports what was shown. */
  async import(): Promise<void> {
    if (this.busy || !this.canImport) return;
    this.busy = true;
    const round = this.#round;
    try {
      const imported = await getBackend().importListing(this.#order);
      if (round === this.#round) this.imported = imported;
    } catch (thrown) {
      if (round === this.#round) this.problem = asProblem(thrown);
    } finally {
      this.busy = false;
    }
  }

  get canImport(): boolean {
    return this.view !== null && this.view.commits > 0;
  }

  get #order(): ListingOrder {
    return { account: this.account, repository: this.repository, text: this.text };
  }
}
