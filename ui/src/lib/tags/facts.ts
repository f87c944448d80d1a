/** What a tag's row says, as pure functions of the row and the time now. */
import type { TagRow } from "../backend/backend";
import { words } from "../messages";
import { behindText, platformsText, spoken, tableTime } from "../messages/facts";
import { bytes, when } from "../messages/format";

const text = words.repository;

/** Returns when somebody else moved the tag; null where nobody did, or where who has set it anew since has answered. */
export function unansweredMove(row: TagRow): number | null {
  return row.time?.kind === "since" && row.time.at > (row.movedAt ?? 0) ? null : row.movedAt;
}

/** Returns what a row says when it is read aloud: "v1, pushed 20 minutes ago, 15.1 MB, amd64, on this computer". */
export function spokenOf(row: TagRow, now: number): string {
  const moved = unansweredMove(row);
  const told = row.time === null ? null : tableTime(row.time, now);
  const time = told !== null && row.time?.kind === "since" ? text.pushed(told) : told;
  const here = { unknown: null, none: null, same: text.here.same, older: null }[row.local.kind];
  return spoken([
    row.name,
    row.deleted && text.deletedTitle,
    moved === null ? time : words.acts.moved(when(moved, now)),
    row.size === null ? null : bytes(row.size),
    platformsText(row.platforms).replaceAll(" · ", ", "),
    row.local.kind === "older" ? behindText(row.name, row.local) : here,
    row.watched && words.acts.watched,
    row.trouble,
  ]);
}
