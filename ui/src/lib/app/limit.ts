/** What a registry still takes, as a line. */
import type { LimitView } from "../backend/backend";
import { count, words } from "../messages";
import { duration } from "../messages/format";

/** Says how much is left, and for how long or in which span, as far as that is known. */
export function limitSays({ left, of, pulls, window, until }: LimitView, now: number): string {
  const text = words.sidebar.limit;
  const what = (pulls ? text.pulls : text.requests)(count(left), count(of));
  if (until !== null) return text.until(what, duration(Math.max(1, until - now)));
  return window === null ? what : text.within(what, duration(window));
}
