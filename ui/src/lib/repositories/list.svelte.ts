// The repositories of an account, or of a namespace of it, as the page lists them: from the cache at once, their words
// asked for when they come in sight. The order stands still under the pointer.

import { answering } from "../app/answering.svelte";
import { listing } from "../app/listing.svelte";
import { readRepositories, withNames } from "../app/repository-list";
import { getBackend, onEvent } from "../app/state.svelte";
import { asProblem, type KnownFrom, type Problem, type RepositoryList, type RepositoryMark } from "../backend/backend";

export type Order = "name" | "nameDown" | "newest" | "oldest";

export interface RepositoryRow {
  /** `namespace/name`. */
  path: string;
  /** The path within what the page lists. */
  name: string;
  mark: RepositoryMark | undefined;
  /** Where it is known from, where its registry didn't list it. */
  from: KnownFrom | undefined;
}

/** Rows that come in sight within this are asked for together. */
const GATHER = 200;

export class RepositoriesView {
  readonly account: string;
  readonly namespace: string | null;
  /** Null until the cache was read. */
  list = $state.raw<RepositoryList | null>(null);
  /** Why the cache could not be read. */
  #unread = $state.raw<Problem | null>(null);
  filter = $state("");
  order = $state<Order>("name");
  /** Path of the row that has, or would get, the focus. */
  cursor = $state<string | null>(null);
  /** The order on screen, kept while the pointer is over the rows; null: as it should be. */
  #still = $state.raw<ReadonlyMap<string, number> | null>(null);

  #asked = new Set<string>();
  #seen: readonly string[] = [];
  #gather: ReturnType<typeof setTimeout> | undefined;
  readonly #online: () => boolean;

  constructor(account: string, namespace: string | null, online: () => boolean) {
    this.account = account;
    this.namespace = namespace;
    this.#online = online;
  }

  /** What asking for the list came to, whoever asked. */
  get problem(): Problem | null {
    return this.#unread ?? listing.problem(this.account);
  }

  get refreshing(): boolean {
    return listing.isAsking(this.account);
  }

  rows = $derived.by(() => rowsOf(this.list, this.namespace));
  #sorted = $derived.by(() => sorted(this.rows, this.order));
  matching = $derived.by(() => matching(inPlace(this.#sorted, this.#still), this.filter));
  /** A newer order is known and waits until the pointer has left the rows. */
  held = $derived.by(() => inPlace(this.#sorted, this.#still).some((row, at) => row !== this.#sorted[at]));
  /** Index of the cursor's row; the first where it is gone; -1 in an empty list. */
  at = $derived.by(() => {
    const found = this.matching.findIndex((row) => row.path === this.cursor);
    return found >= 0 ? found : this.matching.length > 0 ? 0 : -1;
  });

  /** Reads, and listens until the returned function is called. */
  open(): () => void {
    const deaf = onEvent((event) => {
      if (event.kind === "stale" && event.what.of === "repositories" && event.what.account === this.account) {
        void this.read();
      } else if (event.kind === "repositoriesListed" && event.account === this.account && this.list !== null) {
        this.list = { ...this.list, names: withNames(this.list.names, event.names) };
      }
    });
    const quiet = answering.onAnswers(this.account, () => this.askAgain());
    void this.#first();
    return () => {
      deaf();
      quiet();
      clearTimeout(this.#gather);
    };
  }

  // A list that was never fetched is fetched; any other is the sidebar's to refresh.
  async #first(): Promise<void> {
    await this.read();
    if (this.list?.refreshedAt === null && !this.list.refused) await this.refresh();
  }

  /** Asks anew for the words of what is in sight. */
  askAgain(): void {
    this.#asked.clear();
    this.#want();
  }

  async read(): Promise<void> {
    try {
      this.list = await readRepositories(this.account);
      this.#unread = null;
    } catch (thrown) {
      this.#unread = asProblem(thrown);
    }
  }

  /** Asks the registry for the list and, anew, for the words of what is in sight. */
  async refresh(): Promise<void> {
    if (this.refreshing || !this.#online()) return;
    await listing.refresh(this.account);
    await this.read();
    if (this.problem === null) this.askAgain();
  }

  setOrder(order: Order): void {
    this.#still = null;
    this.order = order;
  }

  /** Notes that the pointer came over the rows, or left them. */
  point(over: boolean): void {
    this.#still = over ? new Map(this.#sorted.map((row, at) => [row.path, at])) : null;
  }

  move(step: number): void {
    const to = Math.min(this.matching.length - 1, Math.max(0, this.at + step));
    this.cursor = this.matching[to]?.path ?? null;
  }

  /** Takes which rows can be seen: their words are asked for after a moment, each once. */
  range(first: number, last: number): void {
    this.#seen = this.matching.slice(first, last + 1).map((row) => row.path);
    this.#want();
  }

  #want(): void {
    clearTimeout(this.#gather);
    this.#gather = setTimeout(() => void this.#ask(), GATHER);
  }

  async #ask(): Promise<void> {
    const wanted = this.#seen.filter((path) => !this.#asked.has(path));
    if (wanted.length === 0 || !this.#online()) return;
    for (const path of wanted) this.#asked.add(path);
    try {
      await getBackend().askAbouts(this.account, wanted);
    } catch {
      for (const path of wanted) this.#asked.delete(path); // rows without words are rows; the next look asks again
    }
  }
}

function rowsOf(list: RepositoryList | null, namespace: string | null): RepositoryRow[] {
  if (list === null) return [];
  const marks = new Map(list.marks.map((mark) => [mark.name, mark]));
  const known = new Map(list.known.map((each) => [each.name, each.from]));
  const inside = namespace === null ? "" : `${namespace}/`;
  return list.names
    .filter((path) => path.startsWith(inside))
    .map((path) => ({ path, name: path.slice(inside.length), mark: marks.get(path), from: known.get(path) }));
}

/** Orders rows by name, as they come, or by date, those without one last either way. */
export function sorted(rows: readonly RepositoryRow[], order: Order): readonly RepositoryRow[] {
  if (order === "name") return rows;
  if (order === "nameDown") return [...rows].reverse();
  const created = (row: RepositoryRow): number | null => row.mark?.words.created ?? null;
  return [...rows].sort((a, b) => {
    const [one, other] = [created(a), created(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return order === "newest" ? other - one : one - other;
  });
}

function inPlace(rows: readonly RepositoryRow[], still: ReadonlyMap<string, number> | null): readonly RepositoryRow[] {
  if (still === null) return rows;
  return [...rows].sort((a, b) => (still.get(a.path) ?? Infinity) - (still.get(b.path) ?? Infinity) || 0);
}

/** Returns the rows that hold every word that was typed, in their path or in what they say of themselves. */
export function matching(rows: readonly RepositoryRow[], typed: string): readonly RepositoryRow[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter(({ path, mark }) => {
    const { title, description, authors } = mark?.words ?? {};
    const all = [path, title, description, authors].filter(Boolean).join("\n").toLowerCase();
    return wanted.every((word) => all.includes(word));
  });
}
