/**
 * A list of the engine as its page shows it: read when it opens, and again when the backend says it changed; what the list
 * doesn't tell is asked for rows in sight. Not here: its order, its parts and its words (`images`, `containers`). It grows
 * by what both pages need.
 */
import { app, onStale } from "../app/state.svelte";
import { asProblem, type Problem } from "../backend/backend";
import { Sight } from "../shared/list/sight";

export abstract class EngineList<Row extends { id: string }, Facts extends { id: string }> {
  /** Null until they were read once. */
  rows = $state.raw<readonly Row[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  filter = $state("");
  /** Key of the row that has, or would get, the focus. */
  cursor = $state<string | null>(null);
  /** What was told of rows that were in sight, by their id. */
  facts = $state.raw<ReadonlyMap<string, Facts>>(new Map());
  protected readonly sight = new Sight((ids) => void this.#ask(ids));
  /** It is being read. */
  reading = $state(false);
  /** How many readings are under way; not followed by whoever begins one. */
  #running = 0;
  /** The number of the last reading, and of the one on show: a late answer never takes a newer one's place. */
  #begun = 0;
  #shown = 0;

  /** The rows on show, in their order. */
  abstract readonly matching: readonly Row[];
  /** Index of the cursor's row; the first where it is gone; -1 in an empty list. */
  at = $derived.by(() => {
    const found = this.matching.findIndex((row) => this.keyOf(row) === this.cursor);
    return found >= 0 ? found : this.matching.length > 0 ? 0 : -1;
  });

  protected abstract keyOf(row: Row): string;
  protected abstract list(): Promise<readonly Row[]>;
  /** Takes a list that is on show now. */
  protected abstract took(rows: readonly Row[]): void;
  /** Asks for what the list doesn't tell. */
  protected abstract tell(ids: string[]): Promise<readonly Facts[]>;
  /** Tells whether there is anything of a row that the list doesn't tell. */
  protected abstract lacks(row: Row): boolean;

  /** Reads, and listens until the returned function is called. */
  open(): () => void {
    const deaf = onStale(
      (what) => what.of === "images" || what.of === "containers" || what.of === "engine",
      () => void this.read(),
    );
    void this.read();
    return () => {
      deaf();
      this.sight.close();
    };
  }

  async read(): Promise<void> {
    this.#begun += 1;
    const mine = this.#begun;
    this.#running += 1;
    this.reading = true;
    const take = (rows: readonly Row[] | null, problem: Problem | null): void => {
      if (mine < this.#shown) return;
      this.#shown = mine;
      this.problem = problem;
      if (rows === null) return;
      this.rows = rows;
      this.took(rows);
    };
    try {
      take(await this.list(), null);
    } catch (caught) {
      take(null, asProblem(caught));
    }
    this.#running -= 1;
    this.reading = this.#running > 0;
  }

  /** Asks for the engine again, then for the list. */
  async refresh(): Promise<void> {
    try {
      await app.readEngine();
    } catch (caught) {
      this.problem = asProblem(caught);
    }
    await this.read();
  }

  /** Takes which rows are in sight: what the list doesn't tell is asked for these. */
  see(first: number, last: number): void {
    const some = this.matching.slice(first, last + 1).filter((row) => this.lacks(row));
    this.sight.see(some.map((row) => row.id));
  }

  async #ask(ids: string[]): Promise<void> {
    try {
      const told = await this.tell(ids);
      if (told.length > 0) this.facts = new Map([...this.facts, ...told.map((each) => [each.id, each] as const)]);
    } catch {
      // The list says what is wrong with the engine.
    }
  }

  move(step: number): void {
    const to = this.matching[Math.min(this.matching.length - 1, Math.max(0, this.at + step))];
    this.cursor = to === undefined ? null : this.keyOf(to);
  }
}
