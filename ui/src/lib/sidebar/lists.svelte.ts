// The repositories of every account: from the cache at once, refreshed behind, each account for itself.

import { SvelteMap } from "svelte/reactivity";
import { readRepositories, withNames } from "../app/repository-list";
import { answering, isOfTheSide } from "../app/answering.svelte";
import { listing } from "../app/listing.svelte";
import { app, onEvent } from "../app/state.svelte";
import { asProblem, type AccountView } from "../backend/backend";
import type { Known } from "./rows";

const NOTHING: Known = { names: [], loading: true, problem: null, refreshedAt: null };

/** Tells whether an account is asked: one that is known to have no sign-in at hand says so in its row already. */
function isAsked({ state }: AccountView): boolean {
  return state !== "signedOut" && state !== "fileClosed";
}

export class Lists {
  #known = new SvelteMap<string, Known>();
  /** The state each account had when it was last read: a change (signed in again) reads it anew. */
  #states = new Map<string, AccountView["state"]>();

  known = (account: string): Known | undefined => {
    const known = this.#known.get(account);
    if (known === undefined) return undefined;
    const silence = answering.account(account);
    const problem = listing.problem(account);
    return {
      ...known,
      loading: known.loading || listing.isAsking(account),
      silence,
      problem: known.problem ?? (isOfTheSide(problem) && silence !== null ? null : problem),
    };
  };

  /** Follows the accounts as they come, go and change. Call from an effect. */
  follow(accounts: readonly AccountView[]): void {
    const here = new Set(accounts.map((account) => account.id));
    for (const id of [...this.#states.keys()]) {
      if (here.has(id)) continue;
      this.#states.delete(id);
      this.#known.delete(id);
      listing.forget(id);
    }
    for (const account of accounts) {
      if (this.#states.get(account.id) === account.state) continue;
      this.#states.set(account.id, account.state);
      void this.#open(account);
    }
  }

  /** Reads the cache again wherever the backend says so; the returned function ends it. */
  listen(): () => void {
    const deaf = onEvent((event) => {
      if (event.kind === "stale" && event.what.of === "repositories") void this.#read(event.what.account);
      else if (event.kind === "repositoriesListed") this.#add(event.account, event.names);
    });
    const quiet = answering.onAnswers(null, (account) => {
      if (this.#states.has(account)) void this.refresh(account);
    });
    return () => {
      deaf();
      quiet();
    };
  }

  async #open(account: AccountView): Promise<void> {
    listing.forget(account.id);
    this.#put(account.id, { ...(this.#known.get(account.id) ?? NOTHING), problem: null });
    await this.#read(account.id);
    if (isAsked(account)) await this.refresh(account.id);
    else this.#put(account.id, { loading: false });
  }

  /** Takes a part of the list that a refresh brought. */
  #add(account: string, more: readonly string[]): void {
    this.#put(account, { names: withNames(this.#known.get(account)?.names ?? [], more) });
  }

  async #read(account: string): Promise<void> {
    try {
      const { names, marks, refreshedAt, refused } = await readRepositories(account);
      const known = new Map(marks.map((mark) => [mark.name, mark]));
      this.#put(account, { names, refreshedAt, refused, marks: known, problem: null });
    } catch (thrown) {
      this.#put(account, { problem: asProblem(thrown), loading: false });
    }
  }

  /** Asks the registry again; what is shown stays until the answer is there. */
  async refresh(account: string): Promise<void> {
    await listing.refresh(account);
    await this.#read(account);
    this.#put(account, { loading: false });
  }

  refreshAll(): void {
    for (const account of app.accounts) if (isAsked(account)) void this.refresh(account.id);
  }

  #put(account: string, changes: Partial<Known>): void {
    if (!this.#states.has(account)) return; // it was removed meanwhile
    this.#known.set(account, { ...(this.#known.get(account) ?? NOTHING), ...changes });
  }
}
