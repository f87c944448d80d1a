// What the parts of the backend from memory share: which registries, repositories and tags there are, and who hears of
// changes. It answers no call of the window; `fake.ts` and the files of one subject each do, on top of it.

import type {
  AccountView,
  AppEvent,
  FoundRegistry,
  RepositoryList,
  Silence,
  TagList,
  TagRow,
  Unanswered,
  Whom,
} from "../backend/backend";
import * as data from "./data";

export class World {
  now = Math.floor(Date.now() / 1000);
  accountRows: AccountView[] = structuredClone(data.accounts);
  foundRows: FoundRegistry[] = structuredClone(data.found);
  repositoryNames: Record<string, string[]> = structuredClone(data.repositories);
  tagRows: Record<string, TagRow[]> = { "genomics/aligner": data.alignerTags(this.now), "genomics/variant-filter": [] };
  /** The keep rule of each repository that was asked once. */
  keep: Record<string, TagList["keep"]> = {};
  /** What is to be known of every list. */
  listNote: string | null = null;
  /** What registries did not list, by account. */
  knownRows: Record<string, RepositoryList["known"]> = {};
  /** The accounts whose registry lists nothing. */
  refusing: string[] = [];
  /** How many rows a part of a list has. */
  partSize = 2000;
  /** Who does not answer; set by `silent`. */
  unansweredRows: Unanswered[] = [];
  #hearers = new Set<(event: AppEvent) => void>();

  /** Returns the tags of a repository, made up where nobody has asked for them before. */
  tagsOf(repository: string): TagRow[] {
    return (this.tagRows[repository] ??= data.plainTags(repository, this.now));
  }

  /** Says that one does not answer, or, with null, that it does again. */
  silent(whom: Whom, state: Silence | null): void {
    const same = JSON.stringify(whom);
    const others = this.unansweredRows.filter((row) => JSON.stringify(row.whom) !== same);
    const before = this.unansweredRows.find((row) => !others.includes(row))?.state.kind ?? "waiting";
    this.unansweredRows = state === null ? others : [...others, { whom, state }];
    this.emit({ kind: "stale", what: { of: "answering" } });
    const isBack = state === null && before !== "waiting";
    if (isBack && whom.of === "account") this.emit({ kind: "stale", what: { of: "answers", account: whom.account } });
  }

  emit(event: AppEvent): void {
    for (const hear of [...this.#hearers]) hear(structuredClone(event));
  }

  listen = (hear: (event: AppEvent) => void): Promise<() => void> => {
    this.#hearers.add(hear);
    return Promise.resolve(() => void this.#hearers.delete(hear));
  };
}
