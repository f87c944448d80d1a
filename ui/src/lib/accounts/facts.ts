// Where a secret lies and goes, as words: pure functions of the fact.

import type { AccountView, FoundIn, Problem, WayView } from "../backend/backend";
import { words } from "../messages";

/** Returns how a secret goes to a host: with every request, or for tokens. */
export function howSent({ way }: WayView): string {
  return way === "basic" ? words.accounts.wayEveryRequest : words.accounts.wayForTokens;
}

/** Returns where a sign-in is noted, and by whom it is kept where that is somebody else. */
export function keptWhere(noted: FoundIn, helper: string | null): string {
  const place = words.accounts.foundIn[noted];
  return helper === null ? place : words.accounts.foundWith(place, helper);
}

/** Says why an account's sign-in can't be read where it is kept; null where that is not what keeps it away. */
export function whyAway({ state }: AccountView): string | null {
  if (state === "fileClosed") return words.encryptedFile.closed;
  return state === "keychainUnavailable" ? words.repository.keychainAway : null;
}

/** Says the same below a title that says what is closed. */
export function whyEmpty(account: AccountView): string | null {
  return account.state === "fileClosed" ? words.encryptedFile.closedText : whyAway(account);
}

/** Names the hosts of accounts, the first three of them; null where there are none. */
export function hostsOf(accounts: AccountView[]): string | null {
  const hosts = [...new Set(accounts.map(({ host }) => host))];
  if (hosts.length === 0) return null;
  const shown = hosts.slice(0, 3).join(", ");
  return hosts.length > 3 ? words.encryptedFile.more(shown, hosts.length - 3) : shown;
}

/** Names what is done for an account that is away. */
export function signInAct({ state }: AccountView): string {
  return state === "fileClosed" ? words.encryptedFile.openButton : words.repository.signIn;
}

/** Returns what stays where it is if an account goes all the same; null where it can't go for another reason. */
export function whatStays({ code }: Problem): string | null {
  if (code === "keychain") return words.accounts.stuckKeychain;
  if (code === "encryptedFile") return words.encryptedFile.stuck;
  return code === "program" ? words.accounts.stuckProgram : null;
}
