// Whether an account has its sign-in at hand: a pure function of how it stands.

import type { AccountView } from "../backend/backend";

/** Tells whether nothing can be asked with an account: it is signed out, or its secret can't be read just now. */
export function isAway({ state }: AccountView): boolean {
  return state === "signedOut" || state === "keychainUnavailable" || state === "fileClosed";
}
