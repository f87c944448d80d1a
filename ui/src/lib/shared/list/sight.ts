// What is asked for rows in sight only: each once, after the list has come to rest.

/** How long the list has to rest (ms). */
const REST = 150;
/** How many rows are asked for at once; no window shows more. */
const MOST = 60;

export class Sight {
  readonly #ask: (keys: string[]) => void;
  readonly #asked = new Set<string>();
  #seen: readonly string[] = [];
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (keys: string[]) => void) {
    this.#ask = ask;
  }

  /** Tells which rows are in sight now. */
  see(keys: readonly string[]): void {
    this.#seen = keys;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#look(), REST);
  }

  /** What was told is old: it is asked for again. */
  forget(): void {
    this.#asked.clear();
    this.see(this.#seen);
  }

  /** Asks for nothing more. */
  close(): void {
    clearTimeout(this.#rest);
    this.#seen = [];
  }

  #look(): void {
    const wanted = [...new Set(this.#seen)].filter((key) => !this.#asked.has(key)).slice(0, MOST);
    if (wanted.length === 0) return;
    for (const key of wanted) this.#asked.add(key);
    this.#ask(wanted);
  }
}
