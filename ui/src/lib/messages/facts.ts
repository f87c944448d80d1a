// Facts of tags and images as words, where several rooms show them: pure functions of the fact and the time now.

import type { CommitRow, TimeFact } from "../backend/backend";
import { words } from ".";
import { date, dateTime, span, utc, when } from "./format";

const text = words.repository;

/** Returns a time for tables: "2 hours ago", "3 Sep", "built 3 Sep", "before 9 Nov 16:40". */
export function tableTime(fact: TimeFact, now: number, zone?: string): string {
  if (fact.kind === "built") return text.built(when(fact.at, now, zone));
  if (fact.kind === "pushed") return text.pushed(when(fact.at, now, zone));
  if (fact.kind === "by") return text.by(byTime(fact.at, now, zone));
  return when(fact.at, now, zone);
}

/** Returns a time that is only known from above, as a point on the clock: never "before 2 hours ago". */
export function byTime(at: number, now: number, zone?: string): string {
  return now - at < 300 * 86_400 ? dateTime(at, now, zone) : date(at, now, zone);
}

/**
 * Returns when what is told of came to be at the earliest; null where that is not known. When it was built or pushed tells nothing of
 * when a tag moved, and a noticed time only by when.
 */
export function earliest(fact: TimeFact): number | null {
  if (fact.kind === "by") return fact.after ?? null;
  return isOfCommit(fact) ? null : fact.at;
}

/** Tells whether a time is the commit's own, of a build or a push, and says nothing of since when a tag points at it. */
export function isOfCommit({ kind }: TimeFact): boolean {
  return kind === "built" || kind === "pushed";
}

/** Says of a time that is the commit's own whose it is. */
export function ofCommit({ kind }: TimeFact, told: string): string {
  if (kind === "pushed") return text.pushed(told);
  return kind === "built" ? text.built(told) : told;
}

/** Returns the exact time and who says so, for the hover. */
export function timeTitle(fact: TimeFact): string {
  const told = text.exact(utc(fact.at), text.sources[fact.source]);
  return fact.kind === "by" ? text.alreadySo(told) : told;
}

/** Returns until when the registry can put a commit back that it let go of; null where it can't. */
export function restorableUntil({ reach }: CommitRow, now: number): number | null {
  const until = reach.kind === "gone" ? reach.restorableUntil : null;
  return until !== null && until > now ? until : null;
}

/** Names a platform: "amd64" for what runs here anyway, the whole name where the system is another. */
export function shortPlatform(platform: string): string {
  return platform.replace(/^linux\//, "").replace(/^arm64\/v8$/, "arm64");
}

export function platformsText(platforms: readonly string[]): string {
  return platforms.map(shortPlatform).join(" · ");
}

/** A version that is held, counted from the active one of its tag. */
export interface Behind {
  /** 2 = the one before the active. */
  position: number;
  of: number;
  /** Seconds from when it became active to when the active one did; null where that is not known. */
  behind: number | null;
}

/** Returns how far behind its tag a version is: by time where that is known, else by how many versions. */
export function behindText(tag: string, { position, behind }: Behind): string {
  if (behind !== null && behind > 0) return text.here.behindBy(span(behind), tag);
  return text.here.behind(Math.max(1, position - 1), tag);
}

/** Joins what a row says when it is read aloud; what is not known is left out. */
export function spoken(parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join(", ");
}
