/**
 * The lanes of a timeline: which tag has which, what each row draws of them, and where. Pure; a row draws its own
 * piece only, so the list stays virtual. Not here: colours and SVG (Lanes.svelte).
 */
import type { Lane, Mark, TimelineRow } from "../backend/backend";

/** More lanes than these can't be told apart. */
export const MOST = 8;
/** Between lanes, in pixels; the closer one where the list is narrow. */
export const STEP = { wide: 18, narrow: 12 } as const;
const EDGE = { wide: 14, narrow: 10 } as const;

export type Width = keyof typeof STEP;

export interface Dot {
  lane: number;
  active: boolean;
  kept: boolean;
}

/**
 * What one row draws: the lanes that run to its middle from above and on below it, those whose topmost dot it has (a bit a
 * lane), and its dots.
 */
export interface Piece {
  above: number;
  below: number;
  tops: number;
  dots: readonly Dot[];
}

export function laneX(lane: number, width: Width): number {
  return EDGE[width] + lane * STEP[width];
}

export function lanesWidth(lanes: number, width: Width): number {
  return laneX(Math.max(0, lanes - 1), width) + EDGE[width];
}

/** Lists the lanes in a set of bits. */
export function lanesIn(bits: number): number[] {
  const found: number[] = [];
  for (let lane = 0; lane < MOST; lane += 1) if ((bits >> lane) & 1) found.push(lane);
  return found;
}

/** Returns the dots of a row: tags that share a lane share its dot. A tag that was deleted is active nowhere. */
export function dotsOf(marks: readonly Mark[], lanes: readonly Lane[]): Dot[] {
  const dots = new Map<number, Dot>();
  for (const mark of marks) {
    const active = mark.active && lanes[mark.lane]?.deleted !== true;
    const before = dots.get(mark.lane);
    dots.set(mark.lane, {
      lane: mark.lane,
      active: active || before?.active === true,
      kept: mark.kept || before?.kept === true,
    });
  }
  return [...dots.values()].sort((a, b) => a.lane - b.lane);
}

/** Returns what each row draws: a lane runs from the first to the last row that has a dot on it. */
export function piecesOf(rows: readonly TimelineRow[], lanes: readonly Lane[]): Piece[] {
  const first: number[] = [];
  const last: number[] = [];
  rows.forEach((row, at) => {
    for (const { lane } of row.marks) {
      first[lane] ??= at;
      last[lane] = at;
    }
  });
  return rows.map((row, at) => {
    let [above, below, tops] = [0, 0, 0];
    for (let lane = 0; lane < first.length; lane += 1) {
      const [from = Infinity, to = -1] = [first[lane], last[lane]];
      if (from < at && at <= to) above |= 1 << lane;
      if (from <= at && at < to) below |= 1 << lane;
      if (from === at) tops |= 1 << lane;
    }
    return { above, below, tops, dots: dotsOf(row.marks, lanes) };
  });
}

/**
 * Returns the timeline of some tags only: they get the lanes, and other tags' marks go. All tags where none is chosen.
 */
export function chosenOnly(
  lanes: readonly Lane[],
  rows: readonly TimelineRow[],
  chosen: ReadonlySet<string>,
): { lanes: readonly Lane[]; rows: readonly TimelineRow[] } {
  if (chosen.size === 0) return { lanes, rows };
  const kept = rows.flatMap((row) => {
    const marks = row.marks.filter((mark) => chosen.has(mark.tag));
    return marks.length === 0 ? [] : [{ ...row, marks }];
  });
  // From the left those that have a lane already, then as they are met.
  const order = new Set(lanes.flatMap((lane) => (lane.tag !== null && chosen.has(lane.tag) ? [lane.tag] : [])));
  for (const row of kept) for (const mark of row.marks) order.add(mark.tag);
  const tags = [...order];
  const own = tags.length > MOST ? tags.slice(0, MOST - 1) : tags;
  const deleted = new Set(lanes.flatMap((lane) => (lane.deleted && lane.tag !== null ? [lane.tag] : [])));
  const made: Lane[] = own.map((tag) => ({ tag, deleted: deleted.has(tag) }));
  if (tags.length > own.length) made.push({ tag: null, deleted: false });
  const at = new Map(tags.map((tag, index) => [tag, Math.min(index, made.length - 1)]));
  return {
    lanes: made,
    rows: kept.map((row) => ({
      ...row,
      marks: row.marks
        .map((mark) => ({ ...mark, lane: at.get(mark.tag) ?? 0 }))
        .sort((a, b) => a.lane - b.lane || (a.tag < b.tag ? -1 : 1)),
    })),
  };
}
