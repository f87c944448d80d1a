// Rows of tags and commits for tests, of which nothing is known but what is given.

import type { CommitRow, TagRow, TimeFact } from "../lib/backend/backend";

export function timeAt(at: number | null, kind: TimeFact["kind"] = "since"): TimeFact | null {
  return at === null ? null : { at, kind, source: "seenHere" };
}

export function tagRow(name: string, changes: Partial<TagRow> = {}): TagRow {
  return {
    name,
    digest: null,
    time: null,
    size: null,
    platforms: [],
    commits: 1,
    local: { kind: "none" },
    resolved: true,
    trouble: null,
    deleted: false,
    watched: false,
    movedAt: null,
    ...changes,
  };
}

export function commitRow(key: string, changes: Partial<CommitRow> = {}): CommitRow {
  return {
    key,
    short: key,
    digest: null,
    claims: null,
    active: false,
    commitTag: null,
    kept: (changes.commitTag ?? null) !== null,
    contradicted: false,
    time: null,
    by: null,
    until: null,
    sources: [],
    reach: { kind: "unknown" },
    mismatch: false,
    size: null,
    platforms: [],
    onThisComputer: false,
    tagPath: null,
    digestPath: null,
    ...changes,
  };
}
