/** The versions that no tag points at, among the rows of the timeline where they are to be shown. Pure. */
import type { CommitRow, TimelineRow } from "../backend/backend";

function rowOf(commit: CommitRow): TimelineRow {
  // No tag is empty, so no other row has such a key.
  return { key: `/${commit.key}`, marks: [], commit };
}

const at = (row: TimelineRow): number => row.marks[0]?.time?.at ?? row.commit.time?.at ?? 0;

/** Puts each before the first row that is older; the rows stay in their order, which is not that of their times alone. */
export function withUntagged(rows: readonly TimelineRow[], untagged: readonly CommitRow[]): TimelineRow[] {
  const all: TimelineRow[] = [];
  let next = 0;
  for (const row of rows) {
    for (let bare = untagged[next]; bare !== undefined && (bare.time?.at ?? 0) > at(row); bare = untagged[++next]) {
      all.push(rowOf(bare));
    }
    all.push(row);
  }
  return [...all, ...untagged.slice(next).map(rowOf)];
}
