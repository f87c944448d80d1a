/** What the *Tags* tab shows and does: filter, cursor, expanded tags, the open commit, the tags chosen for one act. */
import { openDelete, openMakeActive } from "../acts/acts.svelte";
import type { CommitAt } from "../acts/commit";
import type { ChangedAt } from "../app/changed.svelte";
import { app } from "../app/state.svelte";
import type { AppEvent, CommitRow, TagOrder, TagRow } from "../backend/backend";
import { Commits } from "../commit/commits.svelte";
import type { Opened, RepositoryPanel } from "../repository/panel.svelte";
import { sizeAt } from "../repository/sizes";
import { Selection } from "../shared/list/selection.svelte";
import { isStop, linesOf, ownerOf, stepFrom, type Line, type TagLine } from "./lines";
import { Tags } from "./tags.svelte";

/** How many matches are shown at once, and how long nothing more is typed before all of them are (ms). */
const AT_ONCE = 500;
const REST = 150;
/** What a part of a digest is made of. */
const DIGEST = /^[sha256:0-9a-f]+$/;

const wanted = (typed: string): string => typed.trim().toLowerCase();

export class TagsView {
  readonly panel: RepositoryPanel;
  readonly data: Tags;
  readonly commits: Commits;

  #filter = $state("");
  /** The filter whose matches are all listed: of another one the first are shown at once, and all of them a moment later. */
  #whole = $state("");
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** Key of the line that has, or would get, the focus. */
  cursor = $state<string | null>(null);
  /** Key of the line that the pointer is over. */
  pointed = $state<string | null>(null);
  /** The commit in the panel. */
  opened = $state.raw<{ tag: string; key: string } | null>(null);

  matching = $derived.by(() => {
    const typed = wanted(this.#filter);
    return this.#matches(typed, typed === this.#whole ? Infinity : AT_ONCE);
  });
  lines = $derived.by(() => linesOf(this.matching, this.commits.expanded, this.commits.lists, this.commits.troubles));
  /** Index of the cursor's line; the first where the line is gone; -1 in an empty list. */
  at = $derived.by(() => {
    const found = this.lines.findIndex((line) => line.key === this.cursor);
    return found >= 0 ? found : this.lines.length > 0 ? 0 : -1;
  });
  /** The tag the page speaks of: the cursor's where there is one to pull, else the first. */
  tag = $derived.by(() => {
    const line = this.cursor === null ? undefined : this.lines[ownerOf(this.lines, this.at)];
    return line?.kind === "tag" && !line.row.deleted
      ? line.row.name
      : (this.data.rows.find((row) => !row.deleted)?.name ?? null);
  });
  /** Tags chosen for one act. */
  readonly selection = new Selection(() =>
    this.#matches(wanted(this.#filter), Infinity).flatMap((row) => (row.deleted ? [] : [row.name])),
  );
  /** The open commit, where it is still known. */
  shown = $derived.by((): Opened | null => {
    const row = this.opened && this.commits.find(this.opened.tag, this.opened.key);
    if (this.opened === null || row === undefined || row === null) return null;
    const commits = this.commits.lists.get(this.opened.tag) ?? [];
    const sizes = commits.flatMap((each) => sizeAt(each, each.time, each.active) ?? []);
    return { tag: this.opened.tag, tags: [this.opened.tag], row, sizes };
  });

  constructor(panel: RepositoryPanel) {
    this.panel = panel;
    if (app.tab === "tags") this.filter = app.takeFilter();
    this.data = new Tags(panel.account, panel.repository, app.tagOrder);
    this.commits = new Commits(panel.account, panel.repository);
  }

  get filter(): string {
    return this.#filter;
  }

  set filter(typed: string) {
    this.#filter = typed;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => (this.#whole = wanted(this.#filter)), REST);
  }

  /** Returns the rows that match what is typed, at most so many. */
  #matches(typed: string, most: number): readonly TagRow[] {
    const { rows } = this.data;
    if (typed === "") return rows.length <= most ? rows : rows.slice(0, most);
    // Of a hundred thousand names none is copied to be compared.
    const inName = new RegExp(typed.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "i");
    const mayBeDigest = DIGEST.test(typed);
    const found: TagRow[] = [];
    for (const row of rows) {
      if (found.length >= most) break;
      if (inName.test(row.name) || (mayBeDigest && row.digest?.includes(typed))) found.push(row);
    }
    return found;
  }

  /** Reads, and refreshes where the registry may be asked. */
  open(): void {
    void this.data.open(this.panel.online());
  }

  close(): void {
    this.data.close();
  }

  refresh(): void {
    void this.data.refresh();
    for (const tag of this.commits.expanded) {
      this.commits.collapse(tag);
      this.commits.expand(tag, this.panel.online());
    }
  }

  setOrder(order: TagOrder): void {
    app.setTagOrder(order);
    this.data.setOrder(order);
  }

  /** Takes which lines can be seen. */
  range(first: number, last: number): void {
    const seen = this.lines.slice(first, last + 1);
    this.data.shown(seen.flatMap((line) => (line.kind === "tag" ? [line.row.name] : [])));
  }

  toggle(tag: string): void {
    if (this.commits.expanded.has(tag)) this.commits.collapse(tag);
    else this.commits.expand(tag, this.panel.online());
  }

  /** Moves the cursor; the new line's index. */
  move(step: number): number {
    const to = stepFrom(this.lines, this.at, step);
    this.cursor = this.lines[to]?.key ?? null;
    return to;
  }

  /** Closes a tag, or goes from a commit to its tag: the key Left. */
  left(): number {
    const line = this.lines[this.at];
    if (line?.kind === "tag") this.commits.collapse(line.row.name);
    else this.cursor = this.lines[ownerOf(this.lines, this.at)]?.key ?? null;
    return this.at;
  }

  /** Opens a tag, or goes into the open one: the key Right. */
  right(): number {
    const line = this.lines[this.at];
    if (line?.kind !== "tag") return this.at;
    if (!line.expanded) this.toggle(line.row.name);
    else if (this.lines[this.at + 1]?.kind !== "tag") return this.move(1);
    return this.at;
  }

  /** Opens or closes a tag, or opens a commit: Enter, or a press on the row. */
  choose(line: Line): void {
    if (!isStop(line)) return;
    this.cursor = line.key;
    if (line.kind === "tag") this.toggle(line.row.name);
    else this.opened = { tag: line.tag, key: line.row.key };
  }

  /** Returns a commit of this repository with its place, for what can be done with it. */
  commitAt(tag: string, row: CommitRow): CommitAt {
    return { account: this.panel.account, repository: this.panel.repository, tag, row };
  }

  /** Moves the cursor to the next tag in a direction and chooses everything on the way; true where it moved. */
  choosing(step: 1 | -1): boolean {
    let to = (step > 0 ? this.at : ownerOf(this.lines, this.at)) + step;
    while (this.lines[to] !== undefined && this.lines[to]?.kind !== "tag") to += step;
    const line = this.lines[to];
    if (line?.kind !== "tag") return false;
    this.chooseTo(line);
    return true;
  }

  /** Chooses the cursor's tag, or lets it go; false where the cursor is on none. */
  chooseOne(): boolean {
    const line = this.lines[this.at];
    if (line?.kind === "tag") this.selection.toggle(line.row.name);
    return line?.kind === "tag";
  }

  /** Chooses every tag from the cursor's to this one, which gets the cursor. */
  chooseTo(line: TagLine): void {
    const from = this.lines[ownerOf(this.lines, this.at)];
    this.selection.extend(from?.kind === "tag" ? from.row.name : line.row.name, line.row.name);
    this.cursor = line.key;
  }

  /** Points a deleted tag again at the commit it was last seen at. */
  putBack(row: TagRow): void {
    const { account, repository } = this.panel;
    if (row.deleted && row.digest !== null) openMakeActive({ account, repository, tag: row.name, commit: row.digest });
  }

  /** Asks before these tags are deleted; absent: those that are chosen. */
  deleteTags(names: readonly string[] = this.selection.names): void {
    const { account, repository } = this.panel;
    openDelete({ account, repository, items: names.map((name) => ({ kind: "tag", name })) });
  }

  /** Selects a tag, opened; false where it is not known. */
  show(tag: string): boolean {
    if (this.data.row(tag) === undefined) return false;
    [this.filter, this.#whole] = ["", ""];
    this.opened = null;
    if (!this.commits.expanded.has(tag)) this.toggle(tag);
    const line = this.lines.find((one) => one.kind === "tag" && one.row.name === tag);
    this.cursor = line?.key ?? null;
    return true;
  }

  /** Puts the cursor on a tag that was moved, or on its commit that was kept where that is on show; false where neither is. */
  goTo({ tag, commit, kept = false }: ChangedAt): boolean {
    const on = (line: Line): boolean => line.kind === "commit" && line.tag === tag && line.row.digest === commit;
    const found =
      (kept ? this.lines.find(on) : undefined) ??
      this.lines.find((line) => line.kind === "tag" && line.row.name === tag);
    if (found === undefined) return false;
    this.cursor = found.key;
    return true;
  }

  hear(event: AppEvent): void {
    if (event.kind === "tagFilled" && this.panel.is(event)) {
      const before = this.data.row(event.row.name);
      this.data.filled(event.row);
      const moved = before?.digest !== event.row.digest || before?.commits !== event.row.commits;
      if (moved) void this.commits.read(event.row.name);
    } else if (event.kind === "tagsListed" && this.panel.is(event)) {
      this.data.listed(event.rows);
    } else if (event.kind === "stale" && event.what.of === "tags" && this.panel.is(event.what)) {
      void this.data.read();
      void this.commits.read();
    } else if (event.kind === "stale" && event.what.of === "moves" && this.panel.is(event.what)) {
      void this.data.read(); // which tags are watched, and which moved, stands in their rows
    } else if (event.kind === "stale" && event.what.of === "held") {
      void this.data.read();
      void this.commits.read();
    } else if (event.kind === "stale" && event.what.of === "commits" && this.panel.is(event.what)) {
      void this.commits.read(event.what.tag);
    }
  }
}
