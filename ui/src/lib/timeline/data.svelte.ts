/**
 * The timeline of one repository as it was read from the cache, with what was told since. A newer list that would
 * move rows waits while the pointer is over them, which would then press what it did not aim at.
 * Not here: filter, order, cursor (view.svelte.ts).
 */
import { getBackend } from "../app/state.svelte";
import { asProblem, type Problem, type ReachFact, type RepositoryTimeline } from "../backend/backend";
import { AskQueue } from "./ask";
import { inPlace, patched, sameShape } from "./patch";

/** Facts that arrive close together are drawn together. */
const GATHER = 24;
/** While nobody looks, only its length is shown: what became stale is read after a rest. */
const LATER = 600;

export class TimelineData {
  readonly account: string;
  readonly repository: string;

  /** What stands on screen; null until it was read. */
  shown = $state.raw<RepositoryTimeline | null>(null);
  /** A newer list that waits. */
  waiting = $state.raw<RepositoryTimeline | null>(null);
  problem = $state.raw<Problem | null>(null);

  /** How many rows of the waiting list are new. */
  newer = $derived.by(() => {
    if (this.waiting === null || this.shown === null) return 0;
    const known = new Set(this.shown.rows.map((row) => row.key));
    return this.waiting.rows.filter((row) => !known.has(row.key)).length;
  });

  /** Each tag and the commit it points at. */
  readonly #active = $derived.by(() => {
    const rows = (this.waiting ?? this.shown)?.rows ?? [];
    return new Set(
      rows.flatMap(({ marks, commit }) =>
        marks.flatMap((mark) => (mark.active ? [`${mark.tag} ${commit.digest ?? ""}`] : [])),
      ),
    );
  });
  #pointed = false;
  #watched = false;
  #closed = false;
  #stale = false;
  #reading: Promise<void> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;
  #gather: ReturnType<typeof setTimeout> | undefined;
  #arrived: ReachFact[] = [];
  readonly #queue = new AskQueue((commits) => this.#ask(commits));

  constructor(account: string, repository: string) {
    this.account = account;
    this.repository = repository;
  }

  /** Begins: reads at once where the timeline is looked at, else after a rest. */
  open(): void {
    this.#closed = false;
    this.#queue.again();
    this.stale();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#later);
    clearTimeout(this.#gather);
    this.#gather = undefined;
    this.#queue.stop();
  }

  /** Notes that the timeline came on screen, or left it: then what the registry itself remembers is asked for. */
  watch(on: boolean): void {
    if (on && !this.#watched) void this.#remember();
    this.#watched = on;
    if (!on) {
      this.point(false);
      this.see([]);
    } else if (this.#later !== undefined || this.shown === null) {
      void this.read();
    }
  }

  /** Reads again, as what is shown may be old. */
  stale(): void {
    if (this.#watched) void this.read();
    else this.soon();
  }

  /** Reads after a rest: what made it stale may come a thousand times in a row. */
  soon(): void {
    this.#later ??= setTimeout(() => void this.read(), LATER);
  }

  /** Tells whether the tag is known to point at this commit. */
  knows(tag: string, digest: string): boolean {
    return this.#active.has(`${tag} ${digest}`);
  }

  /** Reads the cache; while it is being read, any number of further calls lead to one more reading. */
  read(): Promise<void> {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#stale = true;
    this.#reading ??= this.#readAll().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** Allows every commit to be asked for once more, and reads. */
  again(): void {
    this.#queue.again();
    this.problem = null;
    if (this.#watched) void this.#remember();
    void this.read();
  }

  /** Takes the commits in sight that want asking. */
  see(commits: readonly string[]): void {
    this.#queue.see(commits);
  }

  /** Notes that the pointer came over the rows, or left them. */
  point(over: boolean): void {
    this.#pointed = over;
    if (!over) this.showNewer();
  }

  /** Shows what waits. */
  showNewer(): void {
    if (this.waiting === null) return;
    this.shown = this.waiting;
    this.waiting = null;
  }

  /** Takes what the registry told of commits. */
  reached(facts: readonly ReachFact[]): void {
    this.#arrived.push(...facts);
    this.#gather ??= setTimeout(() => this.#draw(), GATHER);
  }

  async #readAll(): Promise<void> {
    while (this.#stale && !this.#closed) {
      this.#stale = false;
      try {
        const list = await getBackend().timeline(this.account, this.repository);
        if (!this.#closed) this.#take(list);
      } catch (caught) {
        this.problem = asProblem(caught);
      }
    }
  }

  #take(list: RepositoryTimeline): void {
    const shown = this.shown;
    if (!this.#pointed || shown === null || shown.rows.length === 0 || sameShape(shown, list)) {
      this.shown = list;
      this.waiting = null;
    } else {
      this.shown = inPlace(shown, list);
      this.waiting = list;
    }
  }

  #draw(): void {
    this.#gather = undefined;
    const facts = this.#arrived;
    this.#arrived = [];
    if (this.shown) this.shown = patched(this.shown, facts);
    if (this.waiting) this.waiting = patched(this.waiting, facts);
  }

  /** Has the registry asked for its own history; what it tells makes the timeline stale. */
  async #remember(): Promise<void> {
    try {
      await getBackend().refreshTimeline(this.account, this.repository);
    } catch (caught) {
      this.problem = asProblem(caught);
    }
  }

  async #ask(commits: string[]): Promise<void> {
    try {
      await getBackend().askCommits(this.account, this.repository, commits);
    } catch (caught) {
      this.problem = asProblem(caught);
      this.#queue.stop(); // what refused one refuses the next
    }
  }
}
