/** The engine's containers as the page shows them: read when it opens, and again when the backend says they changed. */
import { app, getBackend, onStale } from "../app/state.svelte";
import { asProblem, type ContainerFacts, type ContainerRow, type Problem } from "../backend/backend";
import { placeText } from "../computer/place";
import { words } from "../messages";
import { spoken } from "../messages/facts";
import { when } from "../messages/format";
import { Sight } from "../shared/list/sight";

export type ContainerOrder = "newest" | "oldest" | "name" | "nameDown" | "state";
export type ContainerTab = "running" | "all";

export class ContainersView {
  /** Null until they were read once. */
  rows = $state.raw<readonly ContainerRow[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** It is being read. */
  reading = $state(false);
  #readings = 0;
  tab = $state<ContainerTab>("running");
  filter = $state("");
  order = $state<ContainerOrder>("newest");
  /** Id of the row that has, or would get, the focus. */
  cursor = $state<string | null>(null);
  /** What was told of rows that were in sight, by their id. */
  facts = $state.raw<ReadonlyMap<string, ContainerFacts>>(new Map());
  readonly #sight = new Sight((ids) => void this.#ask(ids));

  running = $derived((this.rows ?? []).filter(runs));
  /** The rows of the part on show. */
  part: readonly ContainerRow[] = $derived(this.tab === "running" ? this.running : (this.rows ?? []));
  matching = $derived(matching(ordered(this.part, this.order), this.filter));
  /** Index of the cursor's row; the first where it is gone; -1 in an empty list. */
  at = $derived.by(() => {
    const found = this.matching.findIndex((row) => row.id === this.cursor);
    return found >= 0 ? found : this.matching.length > 0 ? 0 : -1;
  });

  /** Reads, and listens until the returned function is called. */
  open(): () => void {
    const deaf = onStale(
      (what) => what.of === "containers" || what.of === "images" || what.of === "engine",
      () => void this.read(),
    );
    void this.read();
    return () => {
      deaf();
      this.#sight.close();
    };
  }

  async read(): Promise<void> {
    this.#readings += 1;
    this.reading = true;
    try {
      const rows = await getBackend().containers();
      this.rows = rows;
      this.problem = null;
      app.containerCount = rows.filter(runs).length;
      this.#sight.forget();
    } catch (caught) {
      this.problem = asProblem(caught);
    }
    this.#readings -= 1;
    this.reading = this.#readings > 0;
  }

  /** Asks for the engine again, then for its containers. */
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
    this.#sight.see(this.matching.slice(first, last + 1).map((row) => row.id));
  }

  async #ask(ids: string[]): Promise<void> {
    try {
      const told = await getBackend().containerFacts(ids);
      if (told.length === 0) return;
      const facts = new Map(this.facts);
      for (const each of told) facts.set(each.id, each);
      this.facts = facts;
    } catch {
      // The list says what is wrong with the engine.
    }
  }

  move(step: number): void {
    const to = Math.min(this.matching.length - 1, Math.max(0, this.at + step));
    this.cursor = this.matching[to]?.id ?? null;
  }
}

/** Tells whether a container's program runs, held or not. */
export function runs({ state }: ContainerRow): boolean {
  return state === "running" || state === "paused" || state === "restarting";
}

/** Returns the rows whose name, image or id holds what was typed. */
export function matching(rows: readonly ContainerRow[], typed: string): readonly ContainerRow[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return rows;
  return rows.filter(
    (row) =>
      row.name.toLowerCase().includes(wanted) || row.image.toLowerCase().includes(wanted) || row.id.includes(wanted),
  );
}

const byName = new Intl.Collator("en", { numeric: true });
const STATES: ContainerRow["state"][] = [
  "running",
  "paused",
  "restarting",
  "stopped",
  "created",
  "removing",
  "dead",
  "other",
];

/** Orders rows; those of which it is not known stand last either way. Stable. */
export function ordered(rows: readonly ContainerRow[], order: ContainerOrder): ContainerRow[] {
  const times = (down: boolean) => (a: ContainerRow, b: ContainerRow) => {
    if (a.created === null || b.created === null) return Number(a.created === null) - Number(b.created === null);
    return down ? b.created - a.created : a.created - b.created;
  };
  const compare = {
    newest: times(true),
    oldest: times(false),
    name: (a: ContainerRow, b: ContainerRow) => byName.compare(a.name, b.name),
    nameDown: (a: ContainerRow, b: ContainerRow) => byName.compare(b.name, a.name),
    state: (a: ContainerRow, b: ContainerRow) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || times(true)(a, b),
  }[order];
  return [...rows].sort(compare);
}

/** Tells whether anything changed in a container since its image. */
export function isChanged(facts: ContainerFacts | undefined): boolean {
  const changed = facts?.changed ?? null;
  return changed !== null && changed.added + changed.modified + changed.deleted > 0;
}

/** Returns what a row says when it is read aloud. */
export function spokenOf(row: ContainerRow, facts: ContainerFacts | undefined, now: number): string {
  const text = words.containers;
  const started = facts?.started ?? null;
  return spoken([
    row.name,
    row.image,
    text.states[row.state],
    started === null ? null : text.startedWhen(when(started, now)),
    isChanged(facts) && text.changed,
    row.place === null ? null : placeText(row.place),
  ]);
}
