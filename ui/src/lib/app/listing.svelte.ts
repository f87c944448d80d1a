// Whose list of repositories is being fetched, and what that came to: one place for all that show one.

import { SvelteMap } from "svelte/reactivity";
import { asProblem, type Problem } from "../backend/backend";
import { getBackend } from "../backend/current";

class Listing {
  readonly #running = new SvelteMap<string, Promise<void>>();
  /** Asked for while one was under way: what that one finds may be from before a new sign-in. */
  readonly #again = new Set<string>();
  readonly #problems = new SvelteMap<string, Problem>();

  isAsking(account: string): boolean {
    return this.#running.has(account);
  }

  /** What the last refresh came to; null where it went well, or none was. */
  problem(account: string): Problem | null {
    return this.#problems.get(account) ?? null;
  }

  /** Asks the registry for its list. Never rejects: see `problem`. */
  refresh(account: string): Promise<void> {
    const running = this.#running.get(account);
    if (running !== undefined) {
      this.#again.add(account);
      return running;
    }
    const asked = this.#ask(account);
    this.#running.set(account, asked);
    return asked;
  }

  /** Begins anew: nothing is known. */
  reset(): void {
    this.#running.clear();
    this.#again.clear();
    this.#problems.clear();
  }

  forget(account: string): void {
    this.#problems.delete(account);
  }

  async #ask(account: string): Promise<void> {
    do {
      this.#again.delete(account);
      try {
        await getBackend().refreshRepositories(account);
        this.#problems.delete(account);
      } catch (thrown) {
        const problem = asProblem(thrown);
        this.#problems.set(account, problem);
        if (problem.code === "ended") break; // the person does not want to wait for it: not for the next one either
      }
    } while (this.#again.has(account));
    this.#again.delete(account);
    this.#running.delete(account);
  }
}

export const listing = new Listing();
