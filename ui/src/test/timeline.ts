// Rows of a timeline for tests.

import type { CommitRow, Lane, Mark, TimelineRow } from "../lib/backend/backend";
import { digest } from "../lib/fake/data";

export const lane = (tag: string | null, deleted = false): Lane => ({ tag, deleted });

export function mark(of: number, tag: string, changes: Partial<Mark> = {}): Mark {
  return {
    lane: of,
    tag,
    key: `${tag}-key`,
    active: false,
    commitTag: null,
    kept: (changes.commitTag ?? null) !== null,
    time: { at: 1_800_000_000, kind: "since", source: "seenHere" },
    until: null,
    ...changes,
  };
}

export function commit(start: string, changes: Partial<CommitRow> = {}): CommitRow {
  return {
    key: start,
    short: start,
    digest: digest(start),
    claims: null,
    active: false,
    commitTag: null,
    kept: (changes.commitTag ?? null) !== null,
    contradicted: false,
    time: { at: 1_800_000_000, kind: "since", source: "seenHere" },
    by: null,
    until: null,
    sources: ["seenHere"],
    reach: { kind: "unknown" },
    mismatch: false,
    size: null,
    platforms: [],
    onThisComputer: false,
    tagPath: null,
    digestPath: `r.example/a/b@${digest(start)}`,
    ...changes,
  };
}

export function row(key: string, marks: Mark[], changes: Partial<CommitRow> = {}): TimelineRow {
  return { key, marks, commit: commit(key.padEnd(12, "0"), changes) };
}
