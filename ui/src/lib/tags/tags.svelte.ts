/**
 * The tags of one repository: read from the cache at once, refreshed behind, each row's facts asked for when
 * it is seen. The list itself comes in parts, from the cache and from a refresh, so that what a part costs does
 * not grow with it. The order stands still while facts arrive and is made anew when the last one is there; never
 * under the pointer, which would then press what it did not aim at.
 *
 * Where most rows are not known yet, an order by what is known of them would be untrue: they stand by version until all
 * are known, and the order that was wished for is offered then. What is known from the cache is in order as it is: of it,
 * only what is in sight is asked anew at once.
 */
import { isOfTheSide } from "../app/answering.svelte";
import { getBackend } from "../app/state.svelte";
import { takeAhead } from "../app/tags-ahead";
import { asProblem, FROM_THE_BEGIN, type Problem, type TagList, type TagOrder, type TagRow } from "../backend/backend";
import { drawn } from "../shared/drawn";
import { FirstRows } from "./first-rows";
import { compareRows, insertRows, isUnknown, mostUnknown, needsFacts, orderRows, present, undated } from "./order";
import { ResolveQueue } from "./resolve";

/** Facts that arrive close together are drawn together (ms): what drawing costs grows with the list. */
const GATHER = 24;
const ROWS_A_GATHER = 2000;
/** How many rows that are not in sight are asked for in one visit: unknown ones, and known ones now and then. */
const UNKNOWN_MOST = 3000;
const KNOWN_MOST = 100;
/** What holds until the facts of most rows are there: it needs none. */
const UNTIL_KNOWN: TagOrder = "version";

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
  /** How many tags there are; while only what stood on top is read, how many there were. */
  there = $derived.by(() => this.list?.top?.of ?? present(this.rows));
  /** Rows of which nothing is known yet. */
  waiting = $derived(undated(this.rows));
  /** The order that the rows stand in: the one that was wished for, or another as long as that would be untrue. */
  ordering: TagOrder = $derived.by(() => (this.#cold && needsFacts(this.#order) ? UNTIL_KNOWN : this.#order));
  /** The order that can be had now that the facts are there; null where it is the one that holds. */
  offered: TagOrder | null = $derived.by(() => (this.#ripe && this.ordering !== this.#order ? this.#order : null));
  /** A newer order is known and waits until the pointer has left the rows. */
  held = $state(false);

  #order: TagOrder = $state("newest");
  /** Most rows were unknown when the list came, and the order that was wished for was not chosen since. */
  #cold = $state(false);
  /** All that was to be learnt for the order that was wished for is there. */
  #ripe = $state(false);
  /** Facts came by which rows may stand elsewhere. */
  #moved = false;
  #pointed = false;
  #online = false;
  /** Rows may be asked for: what is known of them was drawn before. */
  #asking = false;
  #closed = false;
  #stale = false;
  #reading: Promise<void> | undefined;
  /** The first part, asked for before the page that shows it stands. */
  #ahead: Promise<TagList> | undefined;
  #seen: readonly string[] = [];
  /** The rows out of sight that may be asked for in this visit. */
  #allowed: readonly string[] = [];
  /** How many unknown ones out of sight were asked for, and how many known ones. */
  #asked = { unknown: 0, known: 0 };
  #arrived = new Map<string, TagRow>();
  /** What a refresh has listed since the last drawing. */
  #paged = new Map<string, TagRow>();
  /** Rows that came while the list was being read: what was read then may be older. */
  #since = new Map<string, TagRow>();
  #gather: ReturnType<typeof setTimeout> | undefined;
  readonly #top = new FirstRows();
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

  #part(after: string | null): Promise<TagList> {
    return getBackend().tags(this.account, this.repository, after);
  }

  /** Begins to read while the page is still being made, or takes what was read before the row was pressed. */
  ahead(): void {
    this.#ahead = takeAhead(this.account, this.repository) ?? this.#part(null);
    this.#ahead.catch(() => undefined); // whoever reads it says so
  }

  async #readParts(): Promise<void> {
    const rows: TagRow[] = [];
    let after: string | null = this.list === null ? null : FROM_THE_BEGIN;
    do {
      const ahead = this.#ahead;
      this.#ahead = undefined;
      const part: TagList = await (ahead ?? this.#part(after));
      if (this.#closed) return;
      after = part.next;
      if (part.top !== null) {
        // What stood on top the last time, in an order that may not be wished for any longer.
        if (part.top.order !== this.#order) continue;
        this.#take(part);
        await this.#seenFirst();
        continue;
      }
      for (const row of part.rows) rows.push(row);
      // What nothing is shown of yet shows its first part at once, and is drawn before the next one is read.
      const first = this.list === null;
      if (after === null || first) this.#take({ ...part, rows: [...rows], next: after });
      if (after !== null && first) await this.#seenFirst();
    } while (after !== null);
    this.#keepTop();
  }

  /** Lets what is known be drawn; then rows may be asked for. */
  async #seenFirst(): Promise<void> {
    await drawn();
    this.#asking = true;
    this.#want();
  }

  /** Has what stands on top kept, so that it is there at once the next time. */
  #keepTop(): void {
    if (this.list?.next !== null) return;
    const top = { order: this.#order, unknown: this.#cold, of: this.there };
    this.#top.keep(this.account, this.repository, top, this.rows);
  }

  #take(list: TagList): void {
    const fresh = new Set(this.rows.filter((row) => row.resolved).map((row) => row.name));
    const newest = list.rows.map((row) => this.#since.get(row.name) ?? row);
    const gone = newest.filter((row) => !row.resolved && fresh.has(row.name));
    this.#queue.forget(gone.map((row) => row.name));
    if (list.top !== null) this.#cold = list.top.unknown && needsFacts(this.#order);
    else if (this.list === null || this.list.top !== null || this.list.rows.length === 0)
      this.#cold = mostUnknown(newest);
    this.list = { ...list, rows: newest };
    const ordered = orderRows(newest, this.ordering);
    this.rows = this.#pointed ? this.#inPlace(ordered) : ordered;
    this.held = this.rows.some((row, at) => row !== ordered[at]);
    this.#allow();
    this.#ripen();
  }

  /** Chooses what is asked for out of sight: not more in one visit than a registry bears. */
  #allow(): void {
    if (this.list?.next !== null) return;
    const { unknown, known } = this.#asked;
    const first = this.rows.filter(isUnknown).slice(0, Math.max(0, UNKNOWN_MOST - unknown));
    const then = this.rows.filter((row) => !row.resolved && !isUnknown(row)).slice(0, Math.max(0, KNOWN_MOST - known));
    this.#allowed = [...first, ...then].map((row) => row.name);
  }

  /** Offers the order that was wished for once the last row is known, or takes it where it is the one that holds. */
  #ripen(): void {
    if (!this.#cold || !needsFacts(this.#order) || this.waiting > 0 || this.rows.length === 0) return;
    const wished = orderRows(this.rows, this.#order);
    if (wished.every((row, at) => row === this.rows[at])) this.#cold = false;
    else this.#ripe = true;
  }

  /** Returns the rows as they stand on screen, with new facts; those that are new come last. */
  #inPlace(ordered: readonly TagRow[]): readonly TagRow[] {
    const at = new Map(this.rows.map((row, index) => [row.name, index]));
    return [...ordered].sort((a, b) => (at.get(a.name) ?? Infinity) - (at.get(b.name) ?? Infinity) || 0);
  }

  /** Reads the cache, then asks the registry; `online` is false where nobody is signed in. */
  async open(online: boolean): Promise<void> {
    this.#online = online;
    [this.#closed, this.#asking] = [false, false];
    this.#asked = { unknown: 0, known: 0 };
    // What came while the page was not looked at.
    if (this.#arrived.size > 0 || this.#paged.size > 0) this.#gatherSoon();
    if (online) this.#queue.restart();
    await this.read();
    // What is known is seen before what is asked anew takes its time.
    if (online) await this.refresh(this.#seenFirst());
  }

  /** Asks the registry for the list, once what shall come before has. */
  async refresh(before?: Promise<void>): Promise<void> {
    if (!this.#online) return;
    this.#again = true;
    if (this.refreshing) return;
    this.refreshing = true;
    await before;
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
    this.#queue.again();
    await this.read();
  }

  /** Puts the rows in this order, as far as their facts are there. */
  setOrder(order: TagOrder): void {
    this.#order = order;
    [this.#cold, this.#ripe] = [false, false];
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
    this.#gatherSoon();
  }

  /** Takes one row's facts as they arrive. */
  filled(row: TagRow): void {
    this.#arrived.set(row.name, row);
    this.#since.set(row.name, row);
    this.#gatherSoon();
  }

  #gatherSoon(): void {
    this.#gather ??= setTimeout(() => this.#draw(), GATHER * Math.max(1, this.rows.length / ROWS_A_GATHER));
  }

  close(): void {
    this.#keepTop();
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
    const elsewhere = (row: TagRow, now: TagRow): boolean => compareRows(row, now, this.ordering) !== 0;
    this.rows = this.rows.map((row) => {
      const now = arrived.get(row.name);
      if (now !== undefined) this.#moved ||= elsewhere(row, now);
      return now ?? row;
    });
    this.#ripen();
    if (!this.#moved || this.waiting > 0 || this.#queue.busy) return;
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
      // The first that a repository not seen before has: decided as `#take` does.
      if (this.list.rows.length === 0) this.#cold = mostUnknown(fresh);
      this.list = { ...this.list, rows: [...this.list.rows, ...fresh] };
      this.held ||= this.#pointed;
    }
    this.rows = this.#pointed ? [...rows, ...fresh] : insertRows(rows, fresh, this.ordering);
    this.#moved ||= fresh.length > 0;
    this.#allow();
  }

  #sort(): void {
    [this.held, this.#moved] = [false, false];
    // From the registry's order, so that sorting twice gives what sorting once gives.
    const now = new Map(this.rows.map((row) => [row.name, row]));
    this.rows = orderRows(
      (this.list?.rows ?? []).map((row) => now.get(row.name) ?? row),
      this.ordering,
    );
  }

  #want(): void {
    if (!this.#online || !this.#asking) return;
    // While the list itself is read anew, a row with cached facts waits; one without is asked at once.
    const wants = (row: TagRow): boolean => !row.resolved && !row.deleted && !(this.refreshing && row.digest !== null);
    const allowed = needsFacts(this.#order) ? this.#allowed : [];
    const may = new Set([...this.#seen, ...allowed]);
    const wanted = new Map<string, TagRow>();
    for (const row of this.rows) if (may.has(row.name) && wants(row)) wanted.set(row.name, row);
    this.#queue.show(this.#seen.filter((name) => wanted.has(name)));
    const rest = allowed.flatMap((name) => wanted.get(name) ?? []);
    const names = (rows: TagRow[]): string[] => rows.map((row) => row.name);
    this.#queue.behind(names(rest.filter(isUnknown)));
    this.#queue.politely(names(rest.filter((row) => !isUnknown(row))));
  }

  async #resolve(name: string): Promise<void> {
    const asked = this.#seen.includes(name) ? undefined : this.row(name);
    if (asked !== undefined) this.#asked[isUnknown(asked) ? "unknown" : "known"] += 1;
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
