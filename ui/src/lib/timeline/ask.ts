/**
 * Asks whether the commits in sight can still be pulled: after a moment of rest, together, one call at a time, and
 * none twice until it is told to begin again. Not here: which are in sight, and what is made of the answers.
 */
const REST = 150;
const TOGETHER = 50;

export class AskQueue {
  readonly #ask: (commits: string[]) => Promise<void>;
  #asked = new Set<string>();
  #wanted: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #stopped = false;

  constructor(ask: (commits: string[]) => Promise<void>) {
    this.#ask = ask;
  }

  /** Takes the commits in sight that want asking; those that were in sight before and are not now are let go. */
  see(commits: readonly string[]): void {
    this.#wanted = commits;
    if (this.#stopped || this.#running || !this.#wanted.some((each) => !this.#asked.has(each))) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), REST);
  }

  /** Allows everything to be asked once more. */
  again(): void {
    this.#asked = new Set();
    this.#stopped = false;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (;;) {
      const batch = [...new Set(this.#wanted)].filter((each) => !this.#asked.has(each)).slice(0, TOGETHER);
      if (batch.length === 0 || this.#stopped) break;
      for (const each of batch) this.#asked.add(each);
      await this.#ask(batch);
    }
    this.#running = false;
  }
}
