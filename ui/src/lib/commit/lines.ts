/** The lines under an expanded tag: its commits, the long gaps between them, a wait, a trouble. Pure. */
import type { CommitRow } from "../backend/backend";
import { earliest, isOfCommit } from "../messages/facts";

/** Line heights in pixels, as in the stylesheet. */
export const HEIGHT = { commit: 48, gap: 22, wait: 48, trouble: 30 } as const;

export interface CommitLine {
  kind: "commit";
  key: string;
  tag: string;
  row: CommitRow;
  first: boolean;
  last: boolean;
  /** Place among the tag's commits, from 1, of `of`. */
  position: number;
  of: number;
}

export interface GapLine {
  kind: "gap";
  key: string;
  days: number;
}

/** Stands under an expanded tag until its commits are read, or when there are none. */
export interface WaitLine {
  kind: "wait";
  key: string;
  tag: string;
  empty: boolean;
}

/** Why the commits under a tag could not be checked. */
export interface TroubleLine {
  kind: "trouble";
  key: string;
  message: string;
}

/** What stands between commits, or in their place. */
export type SideLine = GapLine | WaitLine | TroubleLine;
export type BelowLine = CommitLine | SideLine;

const DAY = 86_400;
const LONG = 5;

/** Counts the whole days between two commits where that is worth a line; null where it is short or not known. */
export function gapDays(newer: CommitRow, older: CommitRow): number | null {
  // A build time says nothing about when a tag moved, and a noticed time only by when.
  const from = older.time === null || isOfCommit(older.time) ? null : older.time.at;
  const to = newer.time && earliest(newer.time);
  if (from === null || to === null) return null;
  const days = Math.floor((to - from) / DAY);
  return days >= LONG ? days : null;
}

/** Lists the commits of a tag, newest first, with the long gaps between them. */
export function commitLines(tag: string, commits: readonly CommitRow[]): BelowLine[] {
  const lines: BelowLine[] = [];
  commits.forEach((row, n) => {
    const newer = commits[n - 1];
    const days = newer ? gapDays(newer, row) : null;
    if (days !== null) lines.push({ kind: "gap", key: `g:${tag}:${row.key}`, days });
    lines.push({
      kind: "commit",
      key: `c:${tag}:${row.key}`,
      tag,
      row,
      first: n === 0,
      last: n === commits.length - 1,
      position: n + 1,
      of: commits.length,
    });
  });
  return lines;
}
