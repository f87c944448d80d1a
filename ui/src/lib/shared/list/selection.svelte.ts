/** Holds which rows of a table are chosen, so that one act can be done to many. It knows names only. */

export class Selection {
  #names = $state.raw<ReadonlySet<string>>(new Set());
  #anchor: string | null = null;
  readonly #there: () => readonly string[];

  /** Chosen and still there, in the order of the table. */
  names = $derived.by(() => (this.#names.size === 0 ? [] : this.#there().filter((name) => this.#names.has(name))));

  /** Takes the names that can be chosen, in the order of the table. */
  constructor(there: () => readonly string[]) {
    this.#there = there;
  }

  get count(): number {
    return this.names.length;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Chooses one more, or one less; a range begins here. */
  toggle(name: string): void {
    if (!this.#there().includes(name)) return;
    const names = new Set(this.names);
    if (!names.delete(name)) names.add(name);
    [this.#names, this.#anchor] = [names, name];
  }

  /** Chooses everything from where the choice began to `to`; a choice that begins now begins at `from`. */
  extend(from: string, to: string): void {
    const there = this.#there();
    if (this.#anchor === null || this.count === 0 || !there.includes(this.#anchor)) this.#anchor = from;
    const [start, end] = [there.indexOf(this.#anchor), there.indexOf(to)];
    if (start < 0 || end < 0) return;
    this.#names = new Set(there.slice(Math.min(start, end), Math.max(start, end) + 1));
  }

  /** Chooses all that can be chosen; the one where a range began stays. */
  all(): void {
    this.#names = new Set(this.#there());
  }

  /** Forgets those that are gone: what comes back isn't chosen. */
  keep(there: Iterable<string>): void {
    if (this.#names.size > 0) this.#names = new Set([...there].filter((name) => this.#names.has(name)));
  }

  clear(): void {
    [this.#names, this.#anchor] = [new Set(), null];
  }
}
