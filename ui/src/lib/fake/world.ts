// What the parts of the backend from memory share: which registries, repositories and tags there are, and who hears of
// changes. It answers no call of the window; `fake.ts` and the files of one subject each do, on top of it.

import type { AccountView, AppEvent, TagList, TagRow } from "../backend/backend";
import * as data from "./data";

export class World {
  now = Math.floor(Date.now() / 1000);
  accountRows: AccountView[] = structuredClone(data.accounts);
  repositoryNames: Record<string, string[]> = structuredClone(data.repositories);
  tagRows: Record<string, TagRow[]> = { "genomics/aligner": data.alignerTags(this.now), "genomics/variant-filter": [] };
  /** The keep rule of each repository that was asked once. */
  keep: Record<string, TagList["keep"]> = {};
  #hearers = new Set<(event: AppEvent) => void>();

  /** Returns the tags of a repository, made up where nobody has asked for them before. */
  tagsOf(repository: string): TagRow[] {
    return (this.tagRows[repository] ??= data.plainTags(repository, this.now));
  }

  emit(event: AppEvent): void {
    for (const hear of [...this.#hearers]) hear(structuredClone(event));
  }

  listen = (hear: (event: AppEvent) => void): Promise<() => void> => {
    this.#hearers.add(hear);
    return Promise.resolve(() => void this.#hearers.delete(hear));
  };
}
