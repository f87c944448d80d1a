/** The lines of the timeline: its rows, and the long gaps between them, in one flat list of known heights. Pure. */
import type { Lane, TimeFact, TimelineRow } from "../backend/backend";
import { earliest, isOfCommit } from "../messages/facts";
import { piecesOf, type Piece } from "./lanes";

/** Line heights in pixels, as in the stylesheet. */
export const HEIGHT = { row: 48, gap: 30 } as const;
/** A gap longer than these days gets a line. */
const LONG = 7 * 86_400;

export type Order = "newest" | "oldest";

export interface RowLine {
  kind: "row";
  key: string;
  row: TimelineRow;
  piece: Piece;
  /** Place among the rows, from 1. */
  position: number;
}

export interface GapLine {
  kind: "gap";
  key: string;
  seconds: number;
  /** The lanes that run through it, a bit each. */
  through: number;
}

export type Line = RowLine | GapLine;

/**
 * Returns how much later one row's commit became active than that of the older row beside it; null where that is not known: a build
 * time tells nothing of it, and a noticed time only by when. Clocks may run the other way round.
 */
function apart(newer: TimelineRow, older: TimelineRow): number | null {
  const [to, from] = [timeOf(newer), timeOf(older)];
  if (to === null || from === null || isOfCommit(from)) return null;
  const at = earliest(to);
  if (at === null) return null;
  return to.kind === "since" && from.kind === "since" ? Math.abs(at - from.at) : at - from.at;
}

const timeOf = (row: TimelineRow): TimeFact | null => row.marks[0]?.time ?? row.commit.time;

/** Returns the lines of rows that come in this order. */
export function linesOf(rows: readonly TimelineRow[], lanes: readonly Lane[], order: Order = "newest"): Line[] {
  const pieces = piecesOf(rows, lanes);
  const lines: Line[] = [];
  rows.forEach((row, at) => {
    const piece = pieces[at] ?? { above: 0, below: 0, tops: 0, dots: [] };
    const before = rows[at - 1];
    const [newer, older] = order === "newest" ? [before, row] : [row, before];
    const seconds = newer === undefined || older === undefined ? null : apart(newer, older);
    if (seconds !== null && seconds > LONG) {
      lines.push({ kind: "gap", key: `g:${row.key}`, seconds, through: piece.above });
    }
    lines.push({ kind: "row", key: `r:${row.key}`, row, piece, position: at + 1 });
  });
  return lines;
}

export function heightOf(line: Line): number {
  return HEIGHT[line.kind];
}

/** Returns where a line begins, in pixels from the first. */
export function topOf(lines: readonly Line[], index: number): number {
  let top = 0;
  for (let n = 0; n < index && n < lines.length; n += 1) top += heightOf(lines[n] as Line);
  return top;
}

/** Finds the line that covers a place, in pixels from the first; -1 where there are none. */
export function lineAt(lines: readonly Line[], pixels: number): number {
  let top = 0;
  for (let n = 0; n < lines.length; n += 1) {
    top += heightOf(lines[n] as Line);
    if (top > pixels) return n;
  }
  return lines.length - 1;
}

/** Returns the index of the row `step` rows on (±1, ±page, ±Infinity); the ends where there are fewer. */
export function stepFrom(lines: readonly Line[], from: number, step: number): number {
  const towards = step < 0 ? -1 : 1;
  let [at, left] = [from, Math.abs(step)];
  for (let n = from + towards; left > 0 && n >= 0 && n < lines.length; n += towards) {
    if (lines[n]?.kind !== "row") continue;
    at = n;
    left -= 1;
  }
  return at;
}
