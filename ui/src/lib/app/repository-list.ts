/** The list of repositories, read part by part, and grown by what a refresh brings. */
import type { RepositoryList } from "../backend/backend";
import { getBackend } from "../backend/current";

/** Reads the whole list of an account from the cache. */
export async function readRepositories(account: string): Promise<RepositoryList> {
  const first = await getBackend().repositories(account, null);
  const names = [...first.names];
  for (let after = first.next; after !== null;) {
    const part = await getBackend().repositories(account, after);
    for (const name of part.names) names.push(name);
    after = part.next;
  }
  return { ...first, names, next: null };
}

/** Adds names to a sorted list: sorted, each once. */
export function withNames(names: readonly string[], more: readonly string[]): string[] {
  const added = [...new Set(more)].sort();
  const all: string[] = [];
  let at = 0;
  for (const name of names) {
    for (let next = added[at]; next !== undefined && next < name; next = added[at]) {
      all.push(next);
      at += 1;
    }
    if (added[at] === name) at += 1;
    all.push(name);
  }
  for (const name of added.slice(at)) all.push(name);
  return all;
}
