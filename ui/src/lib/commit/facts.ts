/** Facts of commits as words, as pure functions of the fact and the time now. */
import type { CommitRow, Source, TimeFact } from "../backend/backend";
import { words } from "../messages";
import { byTime, ofCommit, restorableUntil, spoken } from "../messages/facts";
import { date, dateTime, span, when } from "../messages/format";

const WEEK = 7 * 86_400;
const text = words.repository;

/** Returns a time for the lines of commits: relative up to 7 days, then date and time. */
export function lineTime(fact: TimeFact, now: number, zone?: string): string {
  const recent = fact.at <= now && now - fact.at < WEEK;
  const told = recent ? when(fact.at, now, zone) : dateTime(fact.at, now, zone);
  if (fact.kind === "by") return text.by(byTime(fact.at, now, zone));
  return ofCommit(fact, told);
}

/** Returns a time for the panel's head: date and time, and how far it can be relied on. */
export function panelTime(fact: TimeFact, now: number, zone?: string): string {
  if (fact.kind === "by") return text.by(byTime(fact.at, now, zone));
  const told = dateTime(fact.at, now, zone);
  return ofCommit(fact, told);
}

/** Returns that nobody but a commit tag or an import tells of a commit; null where somebody does who saw it. */
export function claimOf({ contradicted, sources }: CommitRow): string | null {
  if (contradicted) return text.contradicted;
  // When an image was built says nothing of a tag.
  const who = sources.filter((source) => source !== "imageLabel");
  const [tag, other] = [who.includes("commitTag"), who.includes("imported")];
  if (!(tag || other) || who.some((source) => source !== "commitTag" && source !== "imported")) return null;
  return tag && other ? text.onlyBoth : tag ? text.onlyCommitTag : text.onlyImported;
}

/** Says of a commit that is gone whether it can be put back. */
export function goneText(row: CommitRow, now: number, zone?: string): string {
  const until = restorableUntil(row, now);
  return until === null ? text.goneLong : text.restorable(date(until, now, zone));
}

/** Returns the second line of a commit: when, who says so, and what is wrong with it. */
export function commitLine(row: CommitRow, now: number, zone?: string): string {
  const source: Source | undefined = row.time?.source ?? row.sources[0];
  return [
    row.time ? lineTime(row.time, now, zone) : text.timeUnknown,
    claimOf(row) ?? (source ? text.sources[source] : null),
    row.reach.kind === "gone" ? goneText(row, now, zone) : row.reach.kind === "partly" ? text.partlyGone : null,
    row.mismatch ? text.mismatchLong : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

/** Returns what a commit's row says when it is read aloud. */
export function spokenCommit(row: CommitRow, now: number, zone?: string): string {
  return spoken([
    row.short,
    row.active && text.active,
    row.kept && words.timeline.kept,
    row.reach.kind === "gone" && text.gone,
    row.mismatch && text.mismatch,
    row.onThisComputer && text.here.same,
    commitLine(row, now, zone).replaceAll(" · ", ", "),
  ]);
}

/** Returns how long it was active: "active for 12 days", "was active for 5 weeks"; null where the times don't tell. */
export function activeSpan(row: CommitRow, now: number): string | null {
  if (row.time?.kind !== "since") return null;
  if (row.active) return text.panel.activeFor(span(now - row.time.at));
  return row.until === null ? null : text.panel.wasActiveFor(span(row.until - row.time.at));
}

/** Returns a commit's path as the keyboard copies it: by digest. */
export function digestPath(path: string, digest: string | null): string | null {
  return digest === null ? null : `${path}@${digest}`;
}
