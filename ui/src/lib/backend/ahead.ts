// Asks for what the window shows first while its code is still being read: how it was left, the accounts, and the lists of
// the place that is on show. Each answer is handed to whoever asks for it first, and once. Not a cache: an event
// means that something has changed, and what was asked before it is let go of. It may grow by what the first frame needs.

import type { AppEvent, Backend, RepositoryList, TagList } from "./backend";

/** Returns the backend with its first answers on their way. */
export function askAhead(backend: Backend): Backend {
  let hear: ((event: AppEvent) => void) | null = null;
  const asked = new Map<string, Promise<unknown>>();
  const ask = <T>(key: string, answer: Promise<T>): Promise<T> => {
    asked.set(key, answer);
    answer.catch(() => undefined); // why it could not be read is told to who asks
    return answer;
  };
  const take = <T>(key: string, anew: () => Promise<T>): Promise<T> => {
    const answer = asked.get(key) as Promise<T> | undefined;
    asked.delete(key);
    return answer ?? anew();
  };

  const listening = backend.listen((event) => {
    asked.clear();
    hear?.(event);
  });
  const started = Promise.all([ask("start", backend.start()), ask("accounts", backend.accounts()), listening]);
  const ahead = started.then(([{ preferences }, accounts]) => {
    for (const { id } of accounts) ask<RepositoryList>(repositoriesOf(id), backend.repositories(id, null));
    const { place, tab } = preferences;
    if (place.kind !== "repository" || tab !== "tags") return;
    if (!accounts.some(({ id }) => id === place.account)) return;
    ask<TagList>(tagsOf(place.account, place.repository), backend.tags(place.account, place.repository, null));
  });
  ahead.catch(() => undefined); // the window says why it can't begin

  return {
    ...backend,
    start: () => take("start", () => backend.start()),
    accounts: () => take("accounts", () => backend.accounts()),
    repositories: (account, after) =>
      after === null
        ? take(repositoriesOf(account), () => backend.repositories(account, after))
        : backend.repositories(account, after),
    tags: (account, repository, after) =>
      after === null
        ? take(tagsOf(account, repository), () => backend.tags(account, repository, after))
        : backend.tags(account, repository, after),
    listen: (heard) => {
      hear = heard;
      return listening;
    },
  };
}

function repositoriesOf(account: string): string {
  return `repositories ${account}`;
}

function tagsOf(account: string, repository: string): string {
  return `tags ${account} ${repository}`;
}
