// The lists of the backend from memory, in parts: repositories, tags, and the commits of a tag.

import type { CommitList, OpenedPath, RepositoryList, TagList, TagRow, TagTop } from "../backend/backend";
import type { FakeAbouts } from "./abouts";
import type { FakeActs } from "./acts";
import { problem } from "./problem";
import type { World } from "./world";

export class FakeLists {
  #world: World;
  #abouts: FakeAbouts;
  #acts: FakeActs;
  #tops = new Map<string, TagTop>();

  constructor(world: World, abouts: FakeAbouts, acts: FakeActs) {
    [this.#world, this.#abouts, this.#acts] = [world, abouts, acts];
  }

  repositories(account: string, after: string | null): RepositoryList {
    const names = [...(this.#world.repositoryNames[account] ?? [])].sort();
    const from = after === null ? 0 : names.indexOf(after) + 1;
    const part = names.slice(from, from + this.#world.partSize);
    return {
      names: part,
      marks: after === null ? this.#abouts.marks(account) : [],
      known: after === null ? (this.#world.knownRows[account] ?? []) : [],
      refused: this.#world.refusing.includes(account),
      refreshedAt: this.#world.refusing.includes(account) ? null : this.#world.now - 12,
      note: this.#world.listNote,
      next: from + part.length < names.length ? (part.at(-1) ?? null) : null,
    };
  }

  openPath(account: string | null, text: string): OpenedPath {
    const [, host = "", rest = ""] = /^(?:([^/]*[.:][^/]*)\/)?(.*)$/.exec(text) ?? [];
    const repository = rest.replace(/[:@].*$/, "");
    if (!/^[a-z0-9][a-z0-9/._-]*$/.test(repository)) throw problem("This is no path of a repository.");
    const of = this.#world.accountRows.find((row) => (host === "" ? row.id === account : row.host === host));
    return {
      account: of?.id ?? null,
      host: of?.host ?? host,
      repository,
      tag: /^[^@:]*:([^@]+)/.exec(rest)?.[1] ?? null,
      digest: /@(.+)$/.exec(rest)?.[1] ?? null,
    };
  }

  forgetPath(account: string, repository: string): void {
    const world = this.#world;
    world.repositoryNames[account] = (world.repositoryNames[account] ?? []).filter((name) => name !== repository);
    world.knownRows[account] = (world.knownRows[account] ?? []).filter(({ name }) => name !== repository);
    world.emit({ kind: "stale", what: { of: "repositories", account } });
  }

  tags(account: string, repository: string, after: string | null): TagList {
    const rows = this.#world.tagsOf(repository);
    const top = after === null ? this.#tops.get(`${account}/${repository}`) : undefined;
    if (top !== undefined && rows.length > top.tags.length) {
      const kept = top.tags.flatMap((name) => rows.find((row) => row.name === name) ?? []);
      return { ...this.tags(account, repository, ""), rows: kept, next: "", top: top.rows };
    }
    const from = !after ? 0 : rows.findIndex((row) => row.name === after) + 1;
    const part = rows.slice(from, from + this.#world.partSize);
    return {
      rows: part,
      refreshedAt: this.#world.now - 12,
      path: `${account}/${repository}`,
      keep: this.#world.keep[repository] ?? null,
      note: this.#world.listNote,
      next: from + part.length < rows.length ? (part.at(-1)?.name ?? null) : null,
      top: null,
    };
  }

  keepTop(account: string, repository: string, top: TagTop): void {
    this.#tops.set(`${account}/${repository}`, top);
  }

  resolveTag(account: string, repository: string, tag: string): TagRow {
    const row = this.#world.tagsOf(repository).find((one) => one.name === tag);
    if (!row) throw problem(`The tag ${tag} is no longer in the registry.`);
    row.resolved = true;
    this.#world.emit({ kind: "tagFilled", account, repository, row });
    return row;
  }

  commits(account: string, repository: string, tag: string): CommitList {
    const row = this.#world.tagsOf(repository).find((one) => one.name === tag);
    return { tag, rows: row ? this.#acts.commits(account, repository, row) : [] };
  }
}
