// Where a secret goes, as words: pure functions of the fact.

import type { WayView } from "../backend/backend";
import { words } from "../messages";

/** Returns how a secret goes to a host: with every request, or for tokens. */
export function howSent({ way }: WayView): string {
  return way === "basic" ? words.accounts.wayEveryRequest : words.accounts.wayForTokens;
}
