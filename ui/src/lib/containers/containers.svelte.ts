/** The engine's containers as the page shows them. */
import { app, getBackend } from "../app/state.svelte";
import type { ContainerFacts, ContainerRow } from "../backend/backend";
import { EngineList } from "../computer/list.svelte";
import { placeText } from "../computer/place";
import { words } from "../messages";
import { spoken } from "../messages/facts";
import { when } from "../messages/format";

export type ContainerOrder = "newest" | "oldest" | "name" | "nameDown" | "state";
export type ContainerTab = "running" | "all";

export class ContainersView extends EngineList<ContainerRow, ContainerFacts> {
  tab = $state<ContainerTab>("running");
  order = $state<ContainerOrder>("newest");

  running = $derived((this.rows ?? []).filter(runs));
  /** The rows of the part on show. */
  part: readonly ContainerRow[] = $derived(this.tab === "running" ? this.running : (this.rows ?? []));
  override readonly matching = $derived(matching(ordered(this.part, this.order), this.filter));

  protected override keyOf(row: ContainerRow): string {
    return row.id;
  }

  protected override list(): Promise<readonly ContainerRow[]> {
    return getBackend().containers();
  }

  protected override took(rows: readonly ContainerRow[]): void {
    app.containerCount = rows.filter(runs).length;
    this.sight.forget();
  }

  protected override tell(ids: string[]): Promise<readonly ContainerFacts[]> {
    return getBackend().containerFacts(ids);
  }

  protected override lacks(): boolean {
    return true;
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
