// Which accounts can be used, and which of several a repository is reached with: pure functions of the facts.

import type { AccountView } from "../backend/backend";

/** Tells whether an account can be used as it stands, without a question to the person first. */
export function usable({ state }: AccountView): boolean {
  return state === "signedIn" || state === "signedInForSession" || state === "anonymous";
}

/** Tells whether a repository of its registry is one that the account is for. */
export function covers({ namespace }: AccountView, repository: string): boolean {
  return namespace === null || repository === namespace || repository.startsWith(`${namespace}/`);
}

/** Returns the registry that an account is for, with the path where it is for that alone. */
export function registryOf({ host, namespace }: Pick<AccountView, "host" | "namespace">): string {
  return namespace === null ? host : `${host}/${namespace}`;
}

/**
 * Returns those of the accounts that a repository may be reached with, what can be used first, then the closest namespace,
 * else in their order.
 */
export function accountsFor(accounts: readonly AccountView[], host: string, repository: string): AccountView[] {
  const there = accounts.filter((account) => account.host === host && covers(account, repository));
  const closeness = ({ namespace }: AccountView): number => namespace?.length ?? 0;
  return there.sort((a, b) => Number(usable(b)) - Number(usable(a)) || closeness(b) - closeness(a));
}
