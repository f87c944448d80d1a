// Rows of a timeline for tests.

import type { CommitRow, Lane, Mark, TimelineRow } from "../lib/backend/backend";
import { digest } from "../lib/fake/data";
import { commitRow, timeAt } from "./rows";

export const lane = (tag: string | null, deleted = false): Lane => ({ tag, deleted });

export function mark(of: number, tag: string, changes: Partial<Mark> = {}): Mark {
  return {
    lane: of,
    tag,
    key: `${tag}-key`,
    active: false,
    commitTag: null,
    kept: (changes.commitTag ?? null) !== null,
    time: timeAt(1_800_000_000),
    until: null,
    ...changes,
  };
}

export function commit(start: string, changes: Partial<CommitRow> = {}): CommitRow {
  return commitRow(start, {
    digest: digest(start),
    digestPath: `r.example/a/b@${digest(start)}`,
    time: timeAt(1_800_000_000),
    sources: ["seenHere"],
    ...changes,
  });
}

export function row(key: string, marks: Mark[], changes: Partial<CommitRow> = {}): TimelineRow {
  return { key, marks, commit: commit(key.padEnd(12, "0"), changes) };
}
