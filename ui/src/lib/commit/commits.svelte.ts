/** The commits of the expanded tags of one repository: from the cache at once, checked with the registry behind. */
import { isOfTheSide } from "../app/answering.svelte";
import { getBackend } from "../app/state.svelte";
import { asProblem, type CommitRow } from "../backend/backend";

export class Commits {
  readonly account: string;
  readonly repository: string;

  expanded = $state.raw<ReadonlySet<string>>(new Set());
  lists = $state.raw<ReadonlyMap<string, readonly CommitRow[]>>(new Map());
  /** Why a tag's commits could not be checked. */
  troubles = $state.raw<ReadonlyMap<string, string>>(new Map());

  constructor(account: string, repository: string) {
    this.account = account;
    this.repository = repository;
  }

  /** Shows a tag's commits, and asks the registry whether they can still be pulled where it may be asked. */
  expand(tag: string, online: boolean): void {
    if (this.expanded.has(tag)) return;
    this.expanded = new Set([...this.expanded, tag]);
    void this.read(tag).then(() => (online ? this.#check(tag) : undefined));
  }

  collapse(tag: string): void {
    const rest = new Set(this.expanded);
    rest.delete(tag);
    this.expanded = rest;
  }

  /** Reads the cache again for one tag, or for all that are expanded. */
  async read(tag?: string): Promise<void> {
    const tags = tag === undefined ? [...this.expanded] : [tag];
    await Promise.all(tags.filter((each) => this.expanded.has(each)).map((each) => this.#read(each)));
  }

  find(tag: string, key: string): CommitRow | undefined {
    return this.lists.get(tag)?.find((row) => row.key === key);
  }

  async #read(tag: string): Promise<void> {
    try {
      const list = await getBackend().commits(this.account, this.repository, tag);
      this.lists = new Map([...this.lists, [tag, list.rows]]);
    } catch (caught) {
      this.#trouble(tag, asProblem(caught).message);
    }
  }

  async #check(tag: string): Promise<void> {
    try {
      await getBackend().refreshCommits(this.account, this.repository, tag);
      this.#trouble(tag, null);
      await this.read(tag);
    } catch (caught) {
      const problem = asProblem(caught);
      this.#trouble(tag, isOfTheSide(problem) ? null : problem.message);
    }
  }

  #trouble(tag: string, message: string | null): void {
    const troubles = new Map(this.troubles);
    if (message === null) troubles.delete(tag);
    else troubles.set(tag, message);
    this.troubles = troubles;
  }
}
