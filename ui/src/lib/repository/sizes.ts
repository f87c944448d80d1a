/**
 * The sizes of a tag's commits over time, as a picture needs them: where each stands in it, which one is near a place.
 * Pure. Not here: how it is drawn (commit/SizeChart.svelte).
 */
import type { CommitRow, TimeFact } from "../backend/backend";
import { isOfCommit } from "../messages/facts";

export interface SizeAt {
  key: string;
  short: string;
  /** When the tag came to point at it (seconds, UTC). */
  at: number;
  /** It was only noticed by then. */
  noticed: boolean;
  size: number;
  active: boolean;
}

/** Returns what a picture needs of a commit; null where its size, or when it became active, is not known. */
export function sizeAt(commit: CommitRow, time: TimeFact | null, active: boolean): SizeAt | null {
  if (commit.size === null || time === null || isOfCommit(time)) return null;
  return { key: commit.key, short: commit.short, at: time.at, noticed: time.kind === "by", size: commit.size, active };
}

export interface Plot {
  /** Oldest first, each with its place. */
  points: readonly (SizeAt & { x: number; y: number })[];
  /** The line through them: a size holds until the next begins. */
  path: string;
  least: number;
  most: number;
}

/** Places sizes in a picture of some width and height, with room at the edges for their dots; null for fewer than two. */
export function plotOf(sizes: readonly SizeAt[], width: number, height: number, edge: number): Plot | null {
  const sorted = [...sizes].sort((a, b) => a.at - b.at);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined || sorted.length < 2) return null;
  const least = sorted.reduce((all, one) => Math.min(all, one.size), Infinity);
  const most = sorted.reduce((all, one) => Math.max(all, one.size), 0);
  const span = last.at - first.at;
  const round = (value: number): number => Math.round(value * 10) / 10;
  const points = sorted.map((one, n) => ({
    ...one,
    x: round(edge + (width - 2 * edge) * (span === 0 ? n / (sorted.length - 1) : (one.at - first.at) / span)),
    y: round(most === least ? height / 2 : edge + (height - 2 * edge) * (1 - (one.size - least) / (most - least))),
  }));
  const path = points.map(({ x, y }, n) => (n === 0 ? `M${x} ${y}` : `H${x}V${y}`)).join("");
  return { points, path, least, most };
}

/** Returns the point nearest to a place from the left. */
export function nearest<T extends { x: number }>(points: readonly T[], x: number): T | undefined {
  return points.reduce<T | undefined>(
    (best, one) => (best === undefined || Math.abs(one.x - x) <= Math.abs(best.x - x) ? one : best),
    undefined,
  );
}
