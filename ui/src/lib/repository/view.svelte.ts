/** What a repository's page shows and does: filter, cursor, expanded tags, the open commit, pulls. */
import type { AppEvent, CommitRow, Problem, TagOrder, TagRow } from "../backend/backend";
import { openDelete, openMakeActive } from "../acts/acts.svelte";
import type { CommitAt } from "../acts/commit";
import { app, onEvent } from "../state.svelte";
import { TimelineView } from "../timeline/view.svelte";
import { transfers } from "../transfers/tasks.svelte";
import { Commits } from "./commits.svelte";
import { isStop, linesOf, ownerOf, stepFrom, type Line, type TagLine } from "./lines";
import { Selection } from "./selection.svelte";
import { Tags } from "./tags.svelte";

export class RepositoryView {
  readonly tags: Tags;
  readonly commits: Commits;
  readonly timeline: TimelineView;

  filter = $state("");
  /** Key of the line that has, or would get, the focus. */
  cursor = $state<string | null>(null);
  /** The commit in the panel. */
  opened = $state.raw<{ tag: string; key: string } | null>(null);
  /** Why the last pull did not begin. */
  pullProblem = $state.raw<Problem | null>(null);

  /** True for a moment after the keyboard copied a path. */
  copied = $state(false);

  readonly #online: () => boolean;
  #copied: ReturnType<typeof setTimeout> | undefined;

  matching = $derived.by(() => {
    const typed = this.filter.trim().toLowerCase();
    if (typed === "") return this.tags.rows;
    return this.tags.rows.filter((row) => row.name.toLowerCase().includes(typed) || (row.digest ?? "").includes(typed));
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
      : (this.tags.rows.find((row) => !row.deleted)?.name ?? null);
  });
  /** Tags chosen for one act. */
  readonly selection = new Selection(() => this.matching.flatMap((row) => (row.deleted ? [] : [row.name])));
  /** What the panel shows: a commit of the tab that is open, and every tag it is of. */
  panel = $derived.by((): { tag: string; tags: string[]; kept?: string[]; row: CommitRow } | null => {
    if (app.tab === "timeline") return this.timeline.panel;
    if (app.tab !== "tags") return null;
    const row = this.opened && this.commits.find(this.opened.tag, this.opened.key);
    return this.opened && row ? { tag: this.opened.tag, tags: [this.opened.tag], row } : null;
  });

  constructor(account: string, repository: string, online: () => boolean) {
    this.tags = new Tags(account, repository, app.tagOrder);
    this.commits = new Commits(account, repository);
    this.timeline = new TimelineView(account, repository, online);
    this.#online = online;
  }

  /** Reads, refreshes, and listens until the returned function is called. */
  open(): () => void {
    const deaf = onEvent((event) => this.#hear(event));
    void this.tags.open(this.#online());
    this.timeline.data.open();
    return () => {
      deaf();
      this.tags.close();
      this.timeline.data.close();
      clearTimeout(this.#copied);
    };
  }

  refresh(): void {
    void this.tags.refresh();
    this.timeline.refresh();
    for (const tag of this.commits.expanded) {
      this.commits.collapse(tag);
      this.commits.expand(tag, this.#online());
    }
  }

  setOrder(order: TagOrder): void {
    app.setTagOrder(order);
    this.tags.setOrder(order);
  }

  /** Which lines can be seen. */
  range(first: number, last: number): void {
    const seen = this.lines.slice(first, last + 1);
    this.tags.shown(seen.flatMap((line) => (line.kind === "tag" ? [line.row.name] : [])));
  }

  toggle(tag: string): void {
    if (this.commits.expanded.has(tag)) this.commits.collapse(tag);
    else this.commits.expand(tag, this.#online());
  }

  /** Moves the cursor; the new line's index. */
  move(step: number): number {
    const to = stepFrom(this.lines, this.at, step);
    this.cursor = this.lines[to]?.key ?? null;
    return to;
  }

  /** Left: closes a tag, or goes from a commit to its tag. */
  left(): number {
    const line = this.lines[this.at];
    if (line?.kind === "tag") this.commits.collapse(line.row.name);
    else this.cursor = this.lines[ownerOf(this.lines, this.at)]?.key ?? null;
    return this.at;
  }

  /** Right: opens a tag, or goes into the open one. */
  right(): number {
    const line = this.lines[this.at];
    if (line?.kind !== "tag") return this.at;
    if (!line.expanded) this.toggle(line.row.name);
    else if (this.lines[this.at + 1]?.kind !== "tag") return this.move(1);
    return this.at;
  }

  /** Enter, or a press on the row. */
  choose(line: Line): void {
    if (!isStop(line)) return;
    this.cursor = line.key;
    if (line.kind === "tag") this.toggle(line.row.name);
    else this.opened = { tag: line.tag, key: line.row.key };
  }

  /** A commit of this repository, for what can be done with it. */
  commitAt(tag: string, row: CommitRow): CommitAt {
    return { account: this.tags.account, repository: this.tags.repository, tag, row };
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

  /** Chooses every tag from the cursor's to this one, which gets the cursor. */
  chooseTo(line: TagLine): void {
    const from = this.lines[ownerOf(this.lines, this.at)];
    this.selection.extend(from?.kind === "tag" ? from.row.name : line.row.name, line.row.name);
    this.cursor = line.key;
  }

  /** Points a deleted tag again at the commit it was last seen at. */
  putBack(row: TagRow): void {
    const { account, repository } = this.tags;
    if (row.deleted && row.digest !== null) openMakeActive({ account, repository, tag: row.name, commit: row.digest });
  }

  /** Asks before these tags are deleted; absent: those that are chosen. */
  deleteTags(names: readonly string[] = this.selection.names): void {
    const { account, repository } = this.tags;
    openDelete({ account, repository, items: names.map((name) => ({ kind: "tag", name })) });
  }

  /** Selects a tag, opened; false where it is not known. */
  show(tag: string): boolean {
    if (this.tags.row(tag) === undefined) return false;
    this.filter = "";
    this.opened = null;
    if (!this.commits.expanded.has(tag)) this.toggle(tag);
    const line = this.lines.find((one) => one.kind === "tag" && one.row.name === tag);
    this.cursor = line?.key ?? null;
    return true;
  }

  closePanel(): void {
    if (app.tab === "timeline") this.timeline.opened = null;
    else this.opened = null;
  }

  /** Pulls a commit, or the one a tag points at now. */
  async pull(tag: string, row: CommitRow | null): Promise<void> {
    const commit = row === null || row.active ? null : (row.digest ?? row.commitTag);
    const { account, repository } = this.tags;
    this.pullProblem = await transfers.pull({ account, repository, tag, commit, moveName: false });
  }

  sayCopied(): void {
    this.copied = true;
    clearTimeout(this.#copied);
    this.#copied = setTimeout(() => (this.copied = false), 1500);
  }

  #hear(event: AppEvent): void {
    this.timeline.hear(event);
    const mine = (of: { account: string; repository: string }): boolean =>
      of.account === this.tags.account && of.repository === this.tags.repository;
    if (event.kind === "tagFilled" && mine(event)) {
      const before = this.tags.row(event.row.name);
      this.tags.filled(event.row);
      const moved = before?.digest !== event.row.digest || before?.commits !== event.row.commits;
      if (moved) void this.commits.read(event.row.name);
    } else if (event.kind === "stale" && event.what.of === "tags" && mine(event.what)) {
      void this.tags.read();
      void this.commits.read();
    } else if (event.kind === "stale" && event.what.of === "moves" && mine(event.what)) {
      void this.tags.read(); // which tags are watched, and which moved, stands in their rows
    } else if (event.kind === "stale" && event.what.of === "commits" && mine(event.what)) {
      void this.commits.read(event.what.tag);
    }
  }
}
