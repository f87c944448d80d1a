/** What the *Timeline* tab shows: filter, tags chosen, order, cursor, the open row, the lanes that are lit. */
import type { ChangedAt } from "../app/changed.svelte";
import { app } from "../app/state.svelte";
import type { AppEvent, TimelineRow } from "../backend/backend";
import type { Opened, RepositoryPanel } from "../repository/panel.svelte";
import { changesOf, leftBehind } from "./changes";
import { TimelineData } from "./data.svelte";
import { askOf, toAsk } from "./facts";
import { matches, readFilter } from "./filter";
import { words } from "../messages";
import { sizeAt } from "../repository/sizes";
import { chosenOnly } from "./lanes";
import { linesOf, stepFrom, type Order, type RowLine } from "./lines";
import { withUntagged } from "./untagged";

/** A fact older than this is asked for again when it is seen. */
const OLD = 600;

export class TimelineView {
  readonly panel: RepositoryPanel;
  readonly data: TimelineData;

  filter = $state("");
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  order = $state<Order>("newest");
  /** The versions that no tag points at stand among the others. */
  bare = $state(false);
  /** Key of the line that has, or would get, the focus. */
  cursor = $state<string | null>(null);
  /** Key of the row in the panel. */
  opened = $state<string | null>(null);
  /** The row under the pointer, else the one with the focus: its lanes are lit. */
  pointed = $state.raw<TimelineRow | null>(null);
  focused = $state.raw<TimelineRow | null>(null);

  #sight: [first: number, last: number] = [0, -1];
  /** After a refresh what is gone is asked for as well. */
  #thorough = false;

  readonly #chosen = $derived.by(() =>
    chosenOnly(this.data.shown?.lanes ?? [], this.data.shown?.rows ?? [], this.chosen),
  );
  /** How many versions no tag points at. */
  untagged = $derived.by(() => this.data.shown?.untagged.length ?? 0);
  readonly #all = $derived.by((): readonly TimelineRow[] =>
    this.bare && this.chosen.size === 0
      ? withUntagged(this.#chosen.rows, this.data.shown?.untagged ?? [])
      : this.#chosen.rows,
  );
  lanes = $derived(this.#chosen.lanes);
  /** The rows that the filter lets through, newest first. */
  matching = $derived.by((): readonly TimelineRow[] => {
    const rows = this.#all;
    if (this.filter.trim() === "") return rows;
    const terms = readFilter(this.filter, Math.floor(Date.now() / 1000));
    return rows.filter((row) =>
      matches(terms, {
        tags: row.marks.map((mark) => mark.tag),
        digest: row.commit.digest,
        short: row.commit.short,
        times: row.marks.flatMap((mark) => mark.time?.at ?? row.commit.time?.at ?? []),
      }),
    );
  });
  lines = $derived.by(() => {
    const rows = this.order === "newest" ? this.matching : [...this.matching].reverse();
    return linesOf(rows, this.lanes, this.order);
  });
  /** Index of the cursor's line; the first row where the line is gone; -1 in an empty list. */
  at = $derived.by(() => {
    const found = this.lines.findIndex((line) => line.key === this.cursor);
    return found >= 0 ? found : this.lines.findIndex((line) => line.kind === "row");
  });
  /** A lane whose name is under the pointer, or has the focus. */
  named = $state<number | null>(null);
  lit = $derived(
    this.named !== null ? [this.named] : ((this.pointed ?? this.focused)?.marks.map((mark) => mark.lane) ?? []),
  );
  /** What changed in a row against the one before it under its tag, and how far behind its tag it is. */
  changes = $derived.by(() => changesOf(this.#chosen.rows, app.platform));
  left = $derived.by(() => leftBehind(this.#chosen.rows));
  /** How many of the rows shown can be pulled, and how many nobody asked for yet. */
  counts = $derived.by(() => {
    let [pullable, unknown] = [0, 0];
    for (const { commit } of this.matching) {
      if (commit.reach.kind === "pullable") pullable += 1;
      else if (commit.reach.kind === "unknown" && !commit.mismatch) unknown += 1;
    }
    return { pullable, unknown, all: this.matching.length };
  });
  /** Every tag of the timeline: those with a lane of their own first, the others by name. */
  tags = $derived.by((): string[] => {
    const own = (this.data.shown?.lanes ?? []).flatMap((lane) => lane.tag ?? []);
    const all = new Set((this.data.shown?.rows ?? []).flatMap((row) => row.marks.map((mark) => mark.tag)));
    const others = [...all].filter((tag) => !own.includes(tag));
    return [
      ...own.filter((tag) => all.has(tag)),
      ...others.sort((a, b) => a.localeCompare(b, "en", { numeric: true })),
    ];
  });
  /** The commit of the open row. */
  shown = $derived.by((): Opened | null => {
    const row = this.opened === null ? undefined : this.#all.find((each) => each.key === this.opened);
    if (row === undefined) return null;
    const first = row.marks[0];
    if (first === undefined) return { tag: words.timeline.untaggedName, tags: [], row: row.commit, sizes: [] };
    const kept = row.marks.flatMap((mark) => (mark.commitTag !== null && mark.kept ? [mark.commitTag] : []));
    const sizes = (this.data.shown?.rows ?? []).flatMap((each) => {
      const mark = each.marks.find(({ tag }) => tag === first.tag);
      const point = mark === undefined ? null : sizeAt(each.commit, mark.time, mark.active);
      // By the key under this very tag: a row bears that under its first.
      return mark === undefined || point === null ? [] : { ...point, key: mark.key };
    });
    return {
      tag: first.tag,
      tags: row.marks.map((mark) => mark.tag),
      kept: [...new Set(kept)],
      row: row.commit,
      sizes,
    };
  });
  /** Nothing is left of rows that there are. */
  emptied = $derived.by(() => this.lines.length === 0 && (this.data.shown?.rows.length ?? 0) > 0);

  constructor(panel: RepositoryPanel) {
    this.panel = panel;
    if (app.tab === "timeline") this.filter = app.takeFilter();
    this.data = new TimelineData(panel.account, panel.repository);
  }

  /** Puts the cursor on the commit that a tag points at now, or that was kept for it; false until the rows show that. */
  goTo({ tag, commit, kept = false }: ChangedAt): boolean {
    if (commit === null) return false;
    const found = this.lines.find(
      (line) =>
        line.kind === "row" &&
        line.row.marks.some((mark) => mark.tag === tag && (kept || mark.active)) &&
        line.row.commit.digest === commit,
    );
    if (found === undefined) return false;
    this.cursor = found.key;
    return true;
  }

  refresh(): void {
    this.#thorough = true;
    this.data.again();
  }

  /** Takes which lines can be seen: what is not known of them is asked. */
  range(first: number, last: number): void {
    this.#sight = [first, last];
    this.ask();
  }

  ask(): void {
    if (!this.panel.online()) return;
    const [first, last] = this.#sight;
    const seen = this.lines.slice(first, last + 1);
    this.data.see(
      seen.flatMap((line) => (line.kind === "row" && this.#wants(line.row) ? (askOf(line.row) ?? []) : [])),
    );
  }

  #wants(row: TimelineRow): boolean {
    const { reach } = row.commit;
    if (toAsk(row) !== null) return true;
    if (reach.kind === "gone") return this.#thorough;
    return reach.kind === "unknown" || this.#thorough || app.now - reach.at > OLD;
  }

  clear(): void {
    this.filter = "";
    this.chosen = new Set();
  }

  choose(tag: string): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(tag)) chosen.add(tag);
    this.chosen = chosen;
  }

  /** Moves the cursor; the panel, while it is open, shows the commit under it. */
  move(step: number): void {
    const line = this.lines[stepFrom(this.lines, this.at, step)];
    if (line?.kind !== "row") return;
    this.cursor = line.key;
    if (this.opened !== null) this.opened = line.row.key;
  }

  /** Puts the cursor on the topmost commit of a lane. */
  toTop(lane: number): void {
    const line = this.lines.find((each) => each.kind === "row" && each.row.marks.some((mark) => mark.lane === lane));
    if (line !== undefined) this.cursor = line.key;
  }

  /** Opens a row: Enter, or a press on it. */
  open(line: RowLine): void {
    this.cursor = line.key;
    this.opened = line.row.key;
  }

  hear(event: AppEvent): void {
    if (event.kind === "reached" && this.panel.is(event)) {
      this.data.reached(event.facts);
    } else if (event.kind === "tagFilled" && this.panel.is(event)) {
      const { name, digest } = event.row;
      if (digest !== null && !this.data.knows(name, digest)) this.data.soon();
    } else if (event.kind === "stale" && (event.what.of === "tags" || event.what.of === "commits")) {
      if (this.panel.is(event.what)) this.data.stale();
    } else if (event.kind === "stale" && event.what.of === "held") {
      this.data.stale();
    }
  }
}
