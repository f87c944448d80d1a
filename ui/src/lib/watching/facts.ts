// What is watched, as words: pure functions of the fact and the time now.

import type { WatchView } from "../backend/backend";

/** Tells whether a repository should have been asked again by now. */
export function isOverdue(watch: WatchView, now: number): boolean {
  return watch.overdueAt !== null && now > watch.overdueAt;
}
