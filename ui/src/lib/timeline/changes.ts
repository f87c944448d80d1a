/**
 * What changed from one commit of a tag to the next, and how far behind its tag is what this computer holds: told by the
 * rows of a timeline alone, newest first. Pure. What is not known of both is not compared.
 */
import type { CommitRow, Mark, TimelineRow } from "../backend/backend";
import { words } from "../messages";
import { behindText, shortPlatform, type Behind } from "../messages/facts";
import { bytes } from "../messages/format";

export interface Change {
  /** The tag, and the first digits of the commit that stood before it there. */
  tag: string;
  before: string;
  /** By how many bytes it is larger; null where that is not known, or not of the same platform. */
  bytes: number | null;
  added: readonly string[];
  removed: readonly string[];
}

/** A commit that this computer holds and that its tag has left behind. */
export interface Left extends Behind {
  tag: string;
}

const text = words.timeline;

/** Returns the platform that a commit's size is of: this computer's, else the first. */
function sizedOf(commit: CommitRow, platform: string): string | undefined {
  return commit.platforms.includes(platform) ? platform : commit.platforms[0];
}

function compared(tag: string, newer: CommitRow, older: CommitRow, platform: string): Change | null {
  if (newer.digest !== null && newer.digest === older.digest) return null;
  const known = newer.platforms.length > 0 && older.platforms.length > 0;
  const alike = !known || sizedOf(newer, platform) === sizedOf(older, platform);
  const grown = newer.size === null || older.size === null || !alike ? null : newer.size - older.size;
  const added = known ? newer.platforms.filter((each) => !older.platforms.includes(each)) : [];
  const removed = known ? older.platforms.filter((each) => !newer.platforms.includes(each)) : [];
  if (grown === null && added.length === 0 && removed.length === 0) return null;
  return { tag, before: older.short, bytes: grown, added, removed };
}

/** Returns what changed in each row against the one before it under the first of its tags that has one, by the row's key. */
export function changesOf(rows: readonly TimelineRow[], platform: string): ReadonlyMap<string, Change> {
  const before = new Map<string, CommitRow>();
  const found = new Map<string, Change>();
  for (let n = rows.length - 1; n >= 0; n -= 1) {
    const row = rows[n] as TimelineRow;
    const tag = row.marks.find((mark) => before.has(mark.tag))?.tag;
    const older = tag === undefined ? undefined : before.get(tag);
    const change = tag !== undefined && older ? compared(tag, row.commit, older, platform) : null;
    if (change !== null) found.set(row.key, change);
    for (const mark of row.marks) before.set(mark.tag, row.commit);
  }
  return found;
}

function sinceOf(mark: Mark): number | null {
  return mark.time?.kind === "since" ? mark.time.at : null;
}

/** Returns how far behind is what this computer holds of what no tag points at any more, by the row's key. */
export function leftBehind(rows: readonly TimelineRow[]): ReadonlyMap<string, Left> {
  const newest = new Map<string, Mark>();
  const counts = new Map<string, number>();
  const found = new Map<string, Left>();
  for (const { key, marks, commit } of rows) {
    for (const mark of marks) {
      const position = (counts.get(mark.tag) ?? 0) + 1;
      counts.set(mark.tag, position);
      if (!newest.has(mark.tag)) newest.set(mark.tag, mark);
      const first = newest.get(mark.tag);
      if (!commit.onThisComputer || found.has(key) || !first?.active || marks.some((each) => each.active)) continue;
      const [now, then] = [sinceOf(first), sinceOf(mark)];
      const behind = now === null || then === null ? null : now - then;
      found.set(key, { tag: mark.tag, position, of: position, behind });
    }
  }
  return found;
}

export function leftText(left: Left): string {
  return behindText(left.tag, left);
}

/** Returns how much larger or smaller: "+10.3 MB", "−0.7 MB", "same size"; null where that is not known. */
export function grownText({ bytes: grown }: Change): string | null {
  if (grown === null) return null;
  if (grown === 0) return text.sameSize;
  return grown > 0 ? text.larger(bytes(grown)) : text.smaller(bytes(-grown));
}

/** Returns which platforms came and went: "arm64 added"; null where none did, as far as it is known. */
export function platformsChanged({ added, removed }: Change): string | null {
  const names = (platforms: readonly string[]): string => platforms.map(shortPlatform).join(", ");
  const told = [
    added.length > 0 ? text.added(names(added)) : null,
    removed.length > 0 ? text.removed(names(removed)) : null,
  ].filter((part) => part !== null);
  return told.length > 0 ? told.join(", ") : null;
}
