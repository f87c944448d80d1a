/** The words of a timeline's row, as pure functions of the row and the time now. What nobody knows is not said. */
import type { Mark, Source, TimeFact, TimelineRow } from "../backend/backend";
import { claimOf, goneText } from "../commit/facts";
import { words } from "../messages";
import { byTime, ofCommit, restorableUntil, spoken } from "../messages/facts";
import { foreign } from "../messages/foreign";
import { bytes, clock, dateTime, span } from "../messages/format";
import { grownText, leftText, platformsChanged, type Change, type Left } from "./changes";
import { dayOf } from "./days";

const text = words.timeline;
const sources = words.repository.sources;
/** A shorter time than this is told by its neighbour's time. */
const WORTH = 3600;
/** More tags than these are counted, not named. */
const FEW = 2;

/**
 * Returns a row's time: "today 09:12", "yesterday 05:30", "9 Nov 16:40"; "built …", "before …" where that is all that is
 * known.
 */
export function rowTime(fact: TimeFact, now: number, zone?: string): string {
  if (fact.kind === "by") return words.repository.by(byTime(fact.at, now, zone));
  const days = dayOf(now, zone) - dayOf(fact.at, zone);
  const at = clock(fact.at, zone);
  const told = days === 0 ? text.today(at) : days === 1 ? text.yesterday(at) : dateTime(fact.at, now, zone);
  return ofCommit(fact, told);
}

/** Returns when the row's first tag shown came to point at the commit. */
export function timeOf(row: TimelineRow): TimeFact | null {
  return row.marks[0]?.time ?? row.commit.time;
}

export function isGone(row: TimelineRow): boolean {
  return row.commit.reach.kind === "gone";
}

/** Its commit tag points at something else: what it would pull is not what it says. */
export function isLie(row: TimelineRow): boolean {
  return row.commit.mismatch;
}

/** Tells whether a commit can be fetched, as far as anybody knows. */
export function isThere(row: TimelineRow): boolean {
  return !isGone(row) && !isLie(row);
}

/** Tells whether a tag can be pointed at it: it is there, or its registry puts it back. */
export function canComeBack(row: TimelineRow, now: number): boolean {
  return isThere(row) || restorableUntil(row.commit, now) !== null;
}

/** Returns the tags that point at it now, of those shown. */
export function activeTags(row: TimelineRow): string[] {
  return row.marks.flatMap((mark) => (mark.active ? [mark.tag] : []));
}

/** Returns the tags that could point at it again. */
export function inactiveTags(row: TimelineRow): string[] {
  return row.marks.flatMap((mark) => (mark.active ? [] : [mark.tag]));
}

export function isKept(row: TimelineRow): boolean {
  return row.marks.some((mark) => mark.kept);
}

/** Returns what the badge says; null where no tag points at it. */
export function activeWord(row: TimelineRow): string | null {
  const active = activeTags(row);
  if (active.length === 0) return null;
  if (active.length === row.marks.length) return text.active;
  return active.length > FEW ? text.activeAsSome(active.length) : text.activeAs(active.join(", "));
}

/** Returns how long it was active: "was active for 12 days"; null where the times don't tell. */
function wasActive(mark: Mark): string | null {
  if (mark.time?.kind !== "since" || mark.until === null) return null;
  const seconds = mark.until - mark.time.at;
  return seconds < WORTH ? null : text.wasActiveFor(span(seconds));
}

function sourceOf(row: TimelineRow): Source | undefined {
  return timeOf(row)?.source ?? row.commit.sources[0];
}

/** Returns what the row says besides time, person and size: who tells of it, what is wrong, how long it was active. */
function tail(row: TimelineRow, now: number, zone?: string): (string | null)[] {
  const source = sourceOf(row);
  const told = claimOf(row.commit) ?? (source === undefined ? null : sources[source]);
  if (isGone(row)) return [told, goneText(row.commit, now, zone)];
  if (isLie(row)) return [told, words.repository.mismatchLong];
  const mark = row.marks[0];
  if (activeTags(row).length > 0 || mark === undefined) return [told];
  // What its commit tag keeps is not known before it was asked.
  if (!isKept(row)) return [told === null || toAsk(row) !== null ? told : text.notKept(told)];
  return [told, wasActive(mark)];
}

/** Returns a row's size, and by how much it differs from the one before: "412.6 MB (+10.3 MB)". */
function sizeOf(row: TimelineRow, change: Change | undefined): string | null {
  if (row.commit.size === null || isGone(row)) return null;
  const grown = change === undefined ? null : grownText(change);
  return grown === null ? bytes(row.commit.size) : `${bytes(row.commit.size)} (${grown})`;
}

/** Returns the second line: when, who, how large, what changed since the one before, and what else is worth saying. */
export function rowLine(row: TimelineRow, now: number, zone?: string, change?: Change): string {
  const time = timeOf(row);
  return [
    time === null ? null : rowTime(time, now, zone),
    row.commit.by ? foreign(row.commit.by.name) : null,
    sizeOf(row, change),
    change === undefined || isGone(row) ? null : platformsChanged(change),
    ...tail(row, now, zone),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

/** Returns what a row says when it is read aloud. */
export function spokenRow(row: TimelineRow, line: string, left: Left | undefined): string {
  return spoken([
    row.marks.map((mark) => mark.tag).join(", "),
    row.commit.short,
    activeWord(row),
    isKept(row) && text.kept,
    isGone(row) && words.repository.gone,
    isLie(row) && words.repository.mismatch,
    row.commit.onThisComputer && words.repository.here.same,
    left && leftText(left),
    line.replaceAll(" · ", ", "),
  ]);
}

/** Returns a commit tag of the row that nobody asked yet: whether it keeps the commit is its claim alone. */
export function toAsk(row: TimelineRow): string | null {
  if (row.commit.mismatch) return null;
  return row.marks.find((mark) => mark.commitTag !== null && !mark.kept)?.commitTag ?? null;
}

/** Returns what names a commit: its digest, or the commit tag where only that is known. */
export function idOf(row: TimelineRow): string | null {
  return row.commit.digest ?? row.commit.commitTag ?? row.marks.find((mark) => mark.commitTag)?.commitTag ?? null;
}

/** Returns what a row in sight asks for: a commit tag that was not asked answers for the commit as well. */
export function askOf(row: TimelineRow): string | null {
  return toAsk(row) ?? idOf(row);
}
