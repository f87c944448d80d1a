/**
 * The tags of one repository: read from the cache at once, refreshed behind, each row's facts asked for when
 * it is seen. The list itself comes in parts, from the cache and from a refresh, so that what a part costs does
 * not grow with it. The order stands still while facts arrive and is made anew when the last one is there; never
 * under the pointer, which would then press what it did not aim at.
 */
import { isOfTheSide } from "../app/answering.svelte";
import { getBackend } from "../app/state.svelte";
import { asProblem, type Problem, type TagList, type TagOrder, type TagRow } from "../backend/backend";
import { areOrdered, insertRows, needsFacts, orderRows, undated } from "./order";
import { ResolveQueue } from "./resolve";

/** Facts that arrive close together are drawn together. */
const GATHER = 24;

export class Tags {
  readonly account: string;
  readonly repository: string;

  list = $state.raw<TagList | null>(null);
  /** In the order on screen. */
  rows = $state.raw<readonly TagRow[]>([]);
  refreshing = $state(false);
  /** Asked for while a refresh was under way: what that one finds may be from before. */
  #again = false;
  problem = $state.raw<Problem | null>(null);
  /** Rows whose date is still awaited. */
  waiting = $derived(undated(this.rows));
  /** A newer order is known and waits until the pointer has left the rows. */
  held = $state(false);

  #order: TagOrder;
  #pointed = false;
  #online = false;
  #closed = false;
  #stale = false;
  #reading: Promise<void> | undefined;
  #seen: readonly string[] = [];
  #arrived = new Map<string, TagRow>();
  /** What a refresh has listed since the last drawing. */
  #paged = new Map<string, TagRow>();
  /** Rows that came while the list was being read: what was read then may be older. */
  #since = new Map<string, TagRow>();
  #gather: ReturnType<typeof setTimeout> | undefined;
  readonly #queue = new ResolveQueue((name) => this.#resolve(name));

  constructor(account: string, repository: string, order: TagOrder) {
    this.account = account;
    this.repository = repository;
    this.#order = order;
  }

  row(name: string): TagRow | undefined {
    return this.rows.find((row) => row.name === name);
  }

  /** Reads the cache; while it is being read, any number of further calls lead to one more reading. */
  read(): Promise<void> {
    this.#stale = true;
    this.#reading ??= this.#readAll().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    while (this.#stale && !this.#closed) {
      this.#stale = false;
      this.#since.clear();
      try {
        await this.#readParts();
      } catch (caught) {
        this.problem = asProblem(caught);
      }
    }
    this.#want();
  }

  async #readParts(): Promise<void> {
    const rows: TagRow[] = [];
    for (let after: string | null = null, first = true; first || after !== null; first = false) {
      const part: TagList = await getBackend().tags(this.account, this.repository, after);
      if (this.#closed) return;
      for (const row of part.rows) rows.push(row);
      after = part.next;
      // What nothing is shown of yet shows its first part at once.
      if (after === null || this.list === null) this.#take({ ...part, rows: [...rows], next: null });
    }
  }

  #take(list: TagList): void {
    const fresh = new Set(this.rows.filter((row) => row.resolved).map((row) => row.name));
    const newest = list.rows.map((row) => this.#since.get(row.name) ?? row);
    const gone = newest.filter((row) => !row.resolved && fresh.has(row.name));
    this.#queue.forget(gone.map((row) => row.name));
    this.list = { ...list, rows: newest };
    const ordered = orderRows(newest, this.#order);
    this.rows = this.#pointed ? this.#inPlace(ordered) : ordered;
    this.held = this.rows.some((row, at) => row !== ordered[at]);
  }

  /** Returns the rows as they stand on screen, with new facts; those that are new come last. */
  #inPlace(ordered: readonly TagRow[]): readonly TagRow[] {
    const at = new Map(this.rows.map((row, index) => [row.name, index]));
    return [...ordered].sort((a, b) => (at.get(a.name) ?? Infinity) - (at.get(b.name) ?? Infinity) || 0);
  }

  /** Reads the cache, then asks the registry; `online` is false where nobody is signed in. */
  async open(online: boolean): Promise<void> {
    this.#online = online;
    this.#closed = false;
    // What came while the page was not looked at.
    if (this.#arrived.size > 0 || this.#paged.size > 0) this.#gather ??= setTimeout(() => this.#draw(), GATHER);
    if (online) this.#queue.restart();
    await this.read();
    if (online) await this.refresh();
  }

  async refresh(): Promise<void> {
    if (!this.#online) return;
    this.#again = true;
    if (this.refreshing) return;
    this.refreshing = true;
    while (this.#again && this.#online) {
      this.#again = false;
      try {
        await getBackend().refreshTags(this.account, this.repository);
        this.problem = null;
      } catch (caught) {
        this.problem = asProblem(caught);
        if (this.problem.code === "ended") break; // the person does not want to wait for it
      }
    }
    this.#again = false;
    this.refreshing = false;
    if (!this.#online) return; // the page was left meanwhile
    this.#queue.restart();
    await this.read();
  }

  setOrder(order: TagOrder): void {
    this.#order = order;
    this.#sort();
    this.#want();
  }

  /** Notes that the pointer came over the rows, or left them. */
  point(over: boolean): void {
    this.#pointed = over;
    if (!over && this.held) this.#sort();
  }

  /** Takes the names on screen, top first. */
  shown(names: readonly string[]): void {
    this.#seen = names;
    this.#want();
  }

  /** Takes a part of the list that a refresh brought. */
  listed(rows: readonly TagRow[]): void {
    if (this.list === null) return; // the reading under way brings them
    for (const row of rows) {
      this.#arrived.delete(row.name);
      this.#paged.set(row.name, row);
      this.#since.set(row.name, row);
    }
    this.#gather ??= setTimeout(() => this.#draw(), GATHER);
  }

  /** Takes one row's facts as they arrive. */
  filled(row: TagRow): void {
    this.#arrived.set(row.name, row);
    this.#since.set(row.name, row);
    this.#gather ??= setTimeout(() => this.#draw(), GATHER);
  }

  close(): void {
    clearTimeout(this.#gather);
    this.#gather = undefined;
    this.#queue.stop();
    this.#closed = true;
    this.#online = false;
  }

  #draw(): void {
    this.#gather = undefined;
    this.#page();
    const arrived = this.#arrived;
    this.#arrived = new Map();
    const waited = this.waiting > 0;
    this.rows = this.rows.map((row) => arrived.get(row.name) ?? row);
    if (this.waiting > 0) return;
    // A row may be told anew, with another date, when all are there.
    const moved = arrived.size > 0 && needsFacts(this.#order) && !areOrdered(this.rows, this.#order);
    if (!waited && !moved) return;
    if (this.#pointed) this.held = true;
    else this.#sort();
  }

  /** Draws what a refresh has listed: known rows where they stand, new ones where they belong, or last under the pointer. */
  #page(): void {
    const paged = this.#paged;
    if (paged.size === 0 || this.list === null) return;
    this.#paged = new Map();
    this.#queue.forget(paged.keys());
    const rows = this.rows.map((row) => {
      const newer = paged.get(row.name);
      paged.delete(row.name);
      return newer ?? row;
    });
    const fresh = [...paged.values()];
    if (fresh.length > 0) {
      this.list = { ...this.list, rows: [...this.list.rows, ...fresh] };
      this.held ||= this.#pointed;
    }
    this.rows = this.#pointed ? [...rows, ...fresh] : insertRows(rows, fresh, this.#order);
  }

  #sort(): void {
    this.held = false;
    // From the registry's order, so that sorting twice gives what sorting once gives.
    const now = new Map(this.rows.map((row) => [row.name, row]));
    this.rows = orderRows(
      (this.list?.rows ?? []).map((row) => now.get(row.name) ?? row),
      this.#order,
    );
  }

  #want(): void {
    if (!this.#online) return;
    // While the list itself is read anew, a row with cached facts waits; one without is asked at once.
    const wants = (row: TagRow): boolean => !row.resolved && !row.deleted && !(this.refreshing && row.digest !== null);
    const wanted = new Set(this.rows.filter(wants).map((row) => row.name));
    this.#queue.show(this.#seen.filter((name) => wanted.has(name)));
    this.#queue.behind(needsFacts(this.#order) ? [...wanted] : []);
  }

  async #resolve(name: string): Promise<void> {
    try {
      this.filled(await getBackend().resolveTag(this.account, this.repository, name));
    } catch (caught) {
      const problem = asProblem(caught);
      // What is told of the registry as a whole stops the questions, and is no trouble of a row.
      const whole = problem.code === "signIn" || isOfTheSide(problem);
      if (whole) {
        this.#queue.stop();
        this.problem ??= problem;
      }
      const row = this.row(name);
      if (row) this.filled({ ...row, resolved: true, trouble: isOfTheSide(problem) ? row.trouble : problem.message });
    }
  }
}
