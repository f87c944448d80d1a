/**
 * The lines of the tags table: tags, and under an expanded tag its commits and the gaps between them, in
 * one flat list, so that one virtual list draws them and one cursor walks over them.
 */
import type { CommitRow, TagRow } from "../backend/backend";

/** Line heights in pixels, as in the stylesheet. */
export const HEIGHT = { tag: 34, commit: 48, gap: 22, wait: 48, trouble: 30 } as const;

export interface TagLine {
  kind: "tag";
  key: string;
  row: TagRow;
  expanded: boolean;
  /** Place among the tags, from 1. */
  position: number;
}

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

export type Line = TagLine | CommitLine | GapLine | WaitLine | TroubleLine;
/** Lines the cursor can rest on. */
export type Stop = TagLine | CommitLine;

const DAY = 86_400;
const LONG = 5;

/** Whole days between two commits where that is worth a line; null where it is short or not known. */
export function gapDays(newer: CommitRow, older: CommitRow): number | null {
  if (!newer.time || !older.time) return null;
  // A build time says nothing about when a tag moved.
  if (newer.time.kind === "built" || older.time.kind === "built") return null;
  const days = Math.floor((newer.time.at - older.time.at) / DAY);
  return days >= LONG ? days : null;
}

function commitLines(tag: string, commits: readonly CommitRow[]): Line[] {
  const lines: Line[] = [];
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

/** All lines: each tag, and under the expanded ones what is known of their commits. */
export function linesOf(
  rows: readonly TagRow[],
  expanded: ReadonlySet<string>,
  commits: ReadonlyMap<string, readonly CommitRow[]>,
  troubles: ReadonlyMap<string, string> = new Map(),
): Line[] {
  const lines: Line[] = [];
  rows.forEach((row, n) => {
    const open = expanded.has(row.name);
    lines.push({ kind: "tag", key: `t:${row.name}`, row, expanded: open, position: n + 1 });
    if (!open) return;
    const message = troubles.get(row.name);
    if (message !== undefined) lines.push({ kind: "trouble", key: `x:${row.name}`, message });
    const known = commits.get(row.name);
    if (!known || known.length === 0) {
      lines.push({ kind: "wait", key: `w:${row.name}`, tag: row.name, empty: known !== undefined });
    } else {
      lines.push(...commitLines(row.name, known));
    }
  });
  return lines;
}

export function heightOf(line: Line): number {
  return HEIGHT[line.kind];
}

export function isStop(line: Line | undefined): line is Stop {
  return line?.kind === "tag" || line?.kind === "commit";
}

/** The index of the next line the cursor can rest on, `step` lines on (±1, ±page, ±Infinity); `from` where there is none. */
export function stepFrom(lines: readonly Line[], from: number, step: number): number {
  const towards = step < 0 ? -1 : 1;
  const end = lines.length - 1;
  if (end < 0) return -1;
  const wanted = Math.min(end, Math.max(0, from + step));
  for (let n = wanted; n >= 0 && n <= end; n += towards) if (isStop(lines[n])) return n;
  for (let n = wanted; n >= 0 && n <= end; n -= towards) if (isStop(lines[n])) return n;
  return from;
}

/** The index of the tag line that a line belongs to. */
export function ownerOf(lines: readonly Line[], index: number): number {
  for (let n = index; n >= 0; n -= 1) if (lines[n]?.kind === "tag") return n;
  return -1;
}
