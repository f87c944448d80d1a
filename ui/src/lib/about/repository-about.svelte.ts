// What one repository says of itself: from the cache at once, asked for behind. The header and the tab read from it.

import { getBackend, onStale } from "../app/state.svelte";
import { asProblem, type AboutView, type Problem } from "../backend/backend";
import { drawn } from "../shared/drawn";

export class RepositoryAbout {
  readonly account: string;
  readonly repository: string;
  /** Null until the cache was read. */
  view = $state.raw<AboutView | null>(null);
  /** Why the registry could not be asked, or the cache not be read. */
  problem = $state.raw<Problem | null>(null);
  asking = $state(false);

  constructor(account: string, repository: string) {
    this.account = account;
    this.repository = repository;
  }

  /** Reads, asks, and listens until the returned function is called; `online` is false where nobody is signed in. */
  open(online: boolean): () => void {
    const deaf = onStale(
      (what) => what.of === "about" && what.account === this.account && what.repository === this.repository,
      () => void this.read(),
    );
    const read = this.read();
    let waits = online && !this.asking;
    if (waits) {
      // What the cache has of it is seen before the registry is asked.
      this.asking = true;
      void read.then(drawn).then(() => {
        if (!waits) return;
        waits = false;
        void this.#ask();
      });
    }
    return () => {
      deaf();
      if (!waits) return;
      waits = false;
      this.asking = false;
    };
  }

  async read(): Promise<void> {
    try {
      this.view = await getBackend().about(this.account, this.repository);
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  /** Asks the registry, where it isn't being asked already. */
  async refresh(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    await this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      await getBackend().refreshAbout(this.account, this.repository);
      this.problem = null;
      await this.read();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.asking = false;
    }
  }
}
