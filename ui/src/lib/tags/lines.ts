/**
 * The lines of the tags table: tags, and under an expanded tag its commits and the gaps between them, in
 * one flat list, so that one virtual list draws them and one cursor walks over them.
 */
import type { CommitRow, TagRow } from "../backend/backend";
import { commitLines, HEIGHT as COMMIT_HEIGHT, type BelowLine, type CommitLine } from "../commit/lines";

/** Line heights in pixels, as in the stylesheet; a tag's is that of one line, or of two. */
export const HEIGHT = { tag: 34, twice: 50, ...COMMIT_HEIGHT } as const;

export interface TagLine {
  kind: "tag";
  key: string;
  row: TagRow;
  expanded: boolean;
  /** Place among the tags, from 1. */
  position: number;
}

export type Line = TagLine | BelowLine;
/** Lines the cursor can rest on. */
export type Stop = TagLine | CommitLine;

/** Lists all lines: each tag, and under the expanded ones what is known of their commits. */
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

export function heightOf(line: Line, lines: 1 | 2 = 1): number {
  return line.kind === "tag" && lines === 2 ? HEIGHT.twice : HEIGHT[line.kind];
}

export function isStop(line: Line | undefined): line is Stop {
  return line?.kind === "tag" || line?.kind === "commit";
}

/**
 * Returns the index of the next line that the cursor can rest on, `step` lines on (±1, ±page, ±Infinity); `from` where
 * there is none.
 */
export function stepFrom(lines: readonly Line[], from: number, step: number): number {
  const towards = step < 0 ? -1 : 1;
  const end = lines.length - 1;
  if (end < 0) return -1;
  const wanted = Math.min(end, Math.max(0, from + step));
  for (let n = wanted; n >= 0 && n <= end; n += towards) if (isStop(lines[n])) return n;
  for (let n = wanted; n >= 0 && n <= end; n -= towards) if (isStop(lines[n])) return n;
  return from;
}

/** Returns the index of the tag line that a line belongs to. */
export function ownerOf(lines: readonly Line[], index: number): number {
  for (let n = index; n >= 0; n -= 1) if (lines[n]?.kind === "tag") return n;
  return -1;
}
