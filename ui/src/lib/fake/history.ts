// The repository's timeline and the exports of the backend from memory: a history of moves, woven into rows as the
// real backend weaves them, as far as the window can tell.

import type {
  ActiveOrder,
  CommitRow,
  DeleteOrder,
  DeleteOutcome,
  Exported,
  Imported,
  KeepCommitOrder,
  Lane,
  ListingOrder,
  ListingView,
  Mark,
  Reach,
  ReachFact,
  RepositoryTimeline,
  Source,
  TimelineRow,
} from "../backend/backend";
import { DAY, digest, HOUR } from "./data";
import { problem } from "./problem";
import type { World } from "./world";

/** At one moment tags began to point at a commit. */
export interface Move {
  tags: string[];
  /** First 12 digits. */
  start: string;
  at: number;
  by?: string;
  size?: number;
  /** A commit tag keeps it. */
  kept?: boolean;
  /** Only its commit tag is known: the whole digest comes with the first asking. */
  part?: boolean;
  gone?: boolean;
  /** Only its commit tag tells of it, and another commit was seen here at that time. */
  contradicted?: boolean;
  /** Its commit tag points at something else, as the first asking shows. */
  lie?: boolean;
  /** Already known to lie. */
  lies?: boolean;
  kind?: "since" | "by" | "built";
  source?: Source;
  here?: boolean;
  asked?: boolean;
}

const MOST = 8;
const BOTH = ["linux/amd64", "linux/arm64"];

function stamp(at: number): string {
  return `${new Date(at * 1000).toISOString().slice(0, 19).replace(/[-:]/g, "").toLowerCase()}z`;
}

/** Returns the first 12 digits of a digest or of a commit tag. */
function startOf(name: string): string {
  return name.slice(name.startsWith("sha256:") ? 7 : name.lastIndexOf("-") + 1).slice(0, 12);
}

/** Tells the small lab's aligner as the design picture shows it, and below what the picture leaves out. */
export function alignerMoves(now: number): Move[] {
  const ago = (seconds: number): number => now - seconds;
  const older: Move[] = Array.from({ length: 12 }, (_, n) => ({
    tags: ["nightly-arm"],
    start: (0x9a7726c0d1f4 - n * 0x1d0f0f0f0f).toString(16).padStart(12, "0"),
    at: ago(120 * DAY + n * 2 * DAY),
    by: "CI",
    size: 409_900_000 - n * 700_000,
    kept: n % 4 === 1,
    asked: n < 6,
  }));
  return [
    { tags: ["v3", "latest"], start: "8c41f09be2d7", at: ago(2 * HOUR), by: "ana", size: 412_600_000, here: true },
    { tags: ["nightly"], start: "ee10b2947d35", at: ago(5 * HOUR), by: "CI", size: 415_200_000 },
    { tags: ["nightly"], start: "a60c1d7be920", at: ago(29 * HOUR), by: "CI", size: 415_200_000 },
    { tags: ["v3"], start: "2e04bfa1e576", at: ago(12 * DAY), by: "ana", size: 411_900_000, kept: true },
    { tags: ["v3", "latest"], start: "b7d0036aa914", at: ago(49 * DAY), by: "ben", size: 402_300_000, kept: true },
    { tags: ["v3"], start: "51e9c7d2f083", at: ago(63 * DAY), gone: true },
    { tags: ["v2"], start: "51aa0be3c96f", at: ago(79 * DAY), by: "ben", size: 398_100_000 },
    { tags: ["rc"], start: "c0ffee12ab34", at: ago(80 * DAY), kept: true, size: 399_000_000, asked: false, part: true },
    { tags: ["v2"], start: "3b90c51e7f06", at: ago(85 * DAY), kept: true, size: 397_700_000, here: true },
    { tags: ["test-ref38"], start: "c3b5518e0a62", at: ago(87 * DAY), size: 1_102_400_000, kind: "built" },
    { tags: ["rc"], start: "d15ea5e0f00d", at: ago(90 * DAY), kept: true, lies: true },
    { tags: ["v2"], start: "0ddba11ad5ee", at: ago(97 * DAY), kept: true, contradicted: true, size: 395_100_000 },
    { tags: ["v2"], start: "7e11ab04c5d9", at: ago(104 * DAY), kind: "by", size: 395_200_000 },
    { tags: ["v2"], start: "90ad77e1b3c4", at: ago(110 * DAY), source: "imported", by: "chris" },
    ...older,
    { tags: ["v2", "v1"], start: "0f3d77c2a1be", at: ago(255 * DAY), kept: true, size: 371_000_000 },
    { tags: ["v1"], start: "f00ba7c41d22", at: ago(262 * DAY), gone: true },
    { tags: ["paper-2025"], start: "77d2e1f0b48c", at: ago(372 * DAY), by: "ana", size: 366_800_000 },
    { tags: ["v0"], start: "1b2c3d4e5f60", at: ago(380 * DAY), source: "imported", gone: true },
    { tags: ["v0"], start: "2b2c3d4e5f61", at: ago(399 * DAY), source: "imported", gone: true },
    { tags: ["v0", "paper-2025"], start: "3b2c3d4e5f62", at: ago(420 * DAY), kept: true, size: 350_000_000 },
  ];
}

/** Makes a repository with very many commits of very many tags. */
export function manyMoves(now: number, commits: number, tags: number): Move[] {
  return Array.from({ length: commits }, (_, n) => {
    const tag = `t${(n * 7 + (n % 5) * 11) % tags}`;
    const beside = `t${(n * 3) % tags}`;
    return {
      tags: n % 9 === 4 && beside !== tag ? [tag, beside] : [tag],
      start: (0x1000_0000_0000 + n * 7919 * 104_729).toString(16).slice(-12),
      at: now - HOUR - n * 3 * HOUR - Math.floor(n / 40) * 9 * DAY,
      by: n % 3 === 0 ? "CI" : "ana",
      size: 400_000_000 - n * 1000,
      kept: n % 4 === 1,
      gone: n % 31 === 30,
      asked: false,
    };
  });
}

export class FakeHistory {
  /** Newest first. */
  moves: Record<string, Move[]> = {};
  /** Tags that the registry no longer has. */
  deleted: Record<string, string[]> = { "genomics/aligner": ["rc", "v0"] };

  #made = 0;
  #taken = new Map<string, [repository: string, moves: Move[], deleted: string[]]>();

  constructor(private readonly world: World) {}

  movesOf(repository: string): Move[] {
    return (this.moves[repository] ??=
      repository === "genomics/aligner"
        ? alignerMoves(this.world.now)
        : this.world
            .tagsOf(repository)
            .filter((row) => row.digest !== null)
            .map((row) => ({
              tags: [row.name],
              start: (row.digest ?? "").slice(7, 19),
              at: row.time?.at ?? this.world.now,
              size: row.size ?? 0,
            })));
  }

  timeline(account: string, repository: string): RepositoryTimeline {
    const path = `${account}/${repository}`;
    const moves = [...this.movesOf(repository)].sort((a, b) => b.at - a.at);
    const deleted = new Set(this.deleted[repository] ?? []);
    const tags = [...new Set(moves.flatMap((move) => move.tags))];
    const own = tags.length > MOST ? tags.slice(0, MOST - 1) : tags;
    const lanes: Lane[] = own.map((tag) => ({ tag, deleted: deleted.has(tag) }));
    if (own.length < tags.length) lanes.push({ tag: null, deleted: false });
    const laneOf = new Map(tags.map((tag, n) => [tag, Math.min(n, lanes.length - 1)]));
    const until = new Map<string, number>();
    const rows: TimelineRow[] = moves.map((move) => {
      const marks = move.tags
        .map((tag) => this.#mark(move, tag, laneOf.get(tag) ?? 0, until.get(tag), deleted))
        .sort((a, b) => a.lane - b.lane);
      for (const tag of move.tags) if (!move.lies) until.set(tag, move.at);
      return { key: `${move.start}-${move.at}`, marks, commit: this.#commit(path, move, marks[0] as Mark) };
    });
    return { path, lanes, rows, untagged: [], refreshedAt: this.world.now - 12 };
  }

  #mark(move: Move, tag: string, lane: number, until: number | undefined, deleted: Set<string>): Mark {
    const commitTag = move.kept ? `_h.${tag}.${stamp(move.at)}-${digest(move.start).slice(7)}` : null;
    const source = move.source ?? (move.kind === "built" ? "imageLabel" : move.kept ? "commitTag" : "seenHere");
    return {
      lane,
      tag,
      key: `${move.start}-${move.at}`,
      active: until === undefined && !deleted.has(tag) && !move.lies,
      commitTag,
      kept: commitTag !== null && !move.part && !move.lies && !move.lie,
      time: { at: move.at, kind: move.kind ?? "since", source },
      until: until ?? null,
    };
  }

  #commit(path: string, move: Move, mark: Mark): CommitRow {
    const whole = move.part || move.lies ? null : digest(move.start);
    const asked: Reach =
      move.asked === false || move.part ? { kind: "unknown" } : { kind: "pullable", at: this.world.now - 60 };
    return {
      key: mark.key,
      short: move.start,
      digest: whole,
      claims: move.part ? digest(move.start) : null,
      active: mark.active,
      commitTag: mark.commitTag,
      kept: mark.kept,
      contradicted: move.contradicted === true,
      time: mark.time,
      by: move.by === undefined ? null : { name: move.by, you: move.by === "ana", source: "registry" },
      until: mark.until,
      sources: [mark.time?.source ?? "seenHere"],
      reach: move.gone ? { kind: "gone", since: this.world.now - 40 * DAY, restorableUntil: null } : asked,
      mismatch: move.lies === true,
      size: move.size ?? null,
      platforms: move.size === undefined ? [] : BOTH,
      onThisComputer: move.here === true,
      tagPath: mark.active ? `${path}:${mark.tag}` : mark.commitTag === null ? null : `${path}:${mark.commitTag}`,
      digestPath: whole === null ? null : `${path}@${whole}`,
    };
  }

  /** Finds a commit of any tag, for what is to be done with it. */
  find(account: string, repository: string, is: (row: CommitRow) => boolean): CommitRow | undefined {
    return this.timeline(account, repository).rows.find(({ commit }) => is(commit))?.commit;
  }

  /** Points a tag at a commit; the one it left is kept or not. */
  becameActive({ repository, tag, digest: whole }: ActiveOrder, kept: boolean): void {
    const moves = this.movesOf(repository);
    const start = whole.slice(7, 19);
    const left = [...moves].sort((a, b) => b.at - a.at).find((move) => move.tags.includes(tag));
    if (left && kept) left.kept = true;
    this.deleted[repository] = (this.deleted[repository] ?? []).filter((name) => name !== tag);
    const same = moves.find((move) => move.start === start);
    this.#made += 1;
    moves.unshift({
      tags: [tag],
      start,
      at: this.world.now + this.#made,
      by: "ana",
      size: same?.size,
      here: same?.here,
    });
  }

  kept({ repository, digest: whole }: KeepCommitOrder): void {
    for (const move of this.movesOf(repository)) if (whole.slice(7, 19) === move.start) move.kept = true;
  }

  removed({ repository, items }: DeleteOrder, outcome: DeleteOutcome): void {
    const moves = this.movesOf(repository);
    const deleted = this.deleted[repository] ?? [];
    const failed = new Set(outcome.failed.map((each) => each.name));
    if (outcome.undo !== null) this.#taken.set(outcome.undo, [repository, structuredClone(moves), [...deleted]]);
    for (const { item, expected } of items) {
      const name = item.kind === "tag" ? item.name : expected.slice(7, 19);
      if (failed.has(name)) continue;
      if (item.kind === "commit") {
        for (const move of moves)
          if (expected.slice(7, 19) === move.start) Object.assign(move, { gone: true, kept: false });
      } else if (name.startsWith("_h.")) {
        for (const move of moves) if (startOf(name) === move.start) move.kept = false;
      } else {
        this.deleted[repository] = [...(this.deleted[repository] ?? []), name];
      }
    }
  }

  putBack(undo: string): void {
    const taken = this.#taken.get(undo);
    if (taken) [this.moves[taken[0]], this.deleted[taken[0]]] = [taken[1], taken[2]];
  }

  /** Answers what HEAD tells: each may be pulled, unless it is gone or its commit tag lies. */
  askCommits(account: string, repository: string, commits: string[]): void {
    const moves = this.movesOf(repository);
    const facts = commits.flatMap((of): ReachFact[] => {
      const start = startOf(of);
      const move = moves.find((each) => each.start === start);
      if (!move) return [];
      const lies = move.lie === true && !of.startsWith("sha256:");
      move.asked = true;
      move.part = false;
      move.lies ||= lies;
      return [
        {
          of,
          digest: lies ? digest("badc0ffee000") : digest(start),
          reach: move.gone
            ? { kind: "gone", since: this.world.now - 40 * DAY, restorableUntil: null }
            : { kind: "pullable", at: this.world.now },
          kept: !lies && of.startsWith("_h."),
          mismatch: lies,
          size: move.size ?? 380_000_000,
          platforms: BOTH,
        },
      ];
    });
    this.world.emit({ kind: "reached", account, repository, facts });
  }

  exportSeen(account: string | null, repository: string | null): Exported {
    void account;
    return { path: `/home/ana/Downloads/longshore-${repository?.replace("/", "-") ?? "all"}.jsonl`, facts: 31 };
  }

  importSeen(text: string): Imported {
    return { added: text.split("\n").length, known: 0, repositories: 1, unread: [], unreadCount: 0 };
  }

  /** Takes each line with a digest for a commit. */
  readListing({ repository, text }: ListingOrder): ListingView {
    const commits = text.split("\n").filter((line) => line.includes("sha256:")).length;
    if (commits === 0) throw problem("There is no table of commits in this.");
    return { repository, isOther: false, commits, tags: 1, withoutZone: 0, unread: [], unreadCount: 0 };
  }

  importListing(order: ListingOrder): Imported {
    return { added: this.readListing(order).commits, known: 0, repositories: 1, unread: [], unreadCount: 0 };
  }
}
