/** What one question told of a commit, put into the rows of it. Pure: rows that nothing was told of stay the same. */
import type { CommitRow, ReachFact, RepositoryTimeline, TimelineRow } from "../backend/backend";

function isOf(fact: ReachFact, row: TimelineRow): boolean {
  const { digest, commitTag } = row.commit;
  if (fact.of === commitTag || row.marks.some((mark) => mark.commitTag === fact.of)) return true;
  return digest !== null && (fact.of === digest || (fact.digest === digest && !fact.mismatch));
}

/** Whether a commit tag keeps its commit is told by the answer for that very tag. */
function keeps(of: { commitTag: string | null; kept: boolean }, fact: ReachFact): boolean {
  return of.commitTag === fact.of ? fact.kept : of.kept;
}

function told(commit: CommitRow, fact: ReachFact, path: string): CommitRow {
  const lies = fact.mismatch && commit.digest === null;
  const digest = commit.digest ?? (lies ? null : fact.digest);
  // A commit of which others tell as well is none the worse for a commit tag that lies of it, or that is not there.
  const ofTagAlone = commit.digest !== null && fact.of !== commit.digest && (fact.mismatch || fact.digest === null);
  return {
    ...commit,
    digest,
    claims: digest === null ? commit.claims : null,
    kept: keeps(commit, fact),
    digestPath: commit.digestPath ?? (digest === null ? null : `${path}@${digest}`),
    reach: ofTagAlone ? commit.reach : fact.reach,
    mismatch: commit.mismatch || lies,
    size: fact.size ?? commit.size,
    platforms: fact.platforms.length > 0 ? fact.platforms : commit.platforms,
  };
}

export function patched(list: RepositoryTimeline, facts: readonly ReachFact[]): RepositoryTimeline {
  if (facts.length === 0) return list;
  const by = new Map<string, ReachFact>();
  for (const fact of facts) {
    by.set(fact.of, fact);
    if (fact.digest !== null && !fact.mismatch && !by.has(fact.digest)) by.set(fact.digest, fact);
  }
  let changed = false;
  const rows = list.rows.map((row) => {
    const ids = [row.commit.commitTag, ...row.marks.map((mark) => mark.commitTag), row.commit.digest];
    for (const id of ids) {
      const fact = id === null ? undefined : by.get(id);
      if (fact === undefined || !isOf(fact, row)) continue;
      changed = true;
      const marks = row.marks.map((mark) => ({ ...mark, kept: keeps(mark, fact) }));
      return { ...row, marks, commit: told(row.commit, fact, list.path) };
    }
    return row;
  });
  const untagged = list.untagged.map((commit) => {
    const fact = commit.digest === null ? undefined : by.get(commit.digest);
    if (fact === undefined || fact.mismatch) return commit;
    changed = true;
    return told(commit, fact, list.path);
  });
  return changed ? { ...list, rows, untagged } : list;
}

/** Puts a newer list's facts in the rows that stand on screen, which stay where they are. */
export function inPlace(shown: RepositoryTimeline, newer: RepositoryTimeline): RepositoryTimeline {
  const commits = new Map(newer.rows.map((row) => [row.key, row.commit]));
  const rows = shown.rows.map((row) => {
    const commit = commits.get(row.key);
    return commit === undefined ? row : { ...row, commit };
  });
  return { ...shown, rows };
}

/** Tells whether the newer list stands as the one on screen: same lanes, same rows in the same places. */
export function sameShape(shown: RepositoryTimeline, newer: RepositoryTimeline): boolean {
  return (
    shown.lanes.length === newer.lanes.length &&
    shown.rows.length === newer.rows.length &&
    shown.untagged.length === newer.untagged.length &&
    shown.lanes.every((lane, at) => lane.tag === newer.lanes[at]?.tag) &&
    shown.rows.every((row, at) => row.key === newer.rows[at]?.key)
  );
}
