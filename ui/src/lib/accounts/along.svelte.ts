// Docker's and Podman's own programs, signed in along with an account: what a sheet knows of them, and what it does. Nothing
// here knows how it is drawn.

import { getBackend } from "../app/state.svelte";
import { asProblem, type AccountView, type Problem, type Program } from "../backend/backend";
import { words } from "../messages";

/** Names the programs of a list as they stand in a sentence. */
export function named(programs: readonly Program[], names: Record<Program, string>): string {
  return programs.map((program) => names[program]).join(words.accounts.wayAnd);
}

export class Along {
  /** The programs that are on this computer; null until that is known. */
  here = $state.raw<Program[] | null>(null);
  /** Whether they are to be signed in. */
  wanted = $state(false);
  /** The files that would hold the secret in plain text; null until that is known. */
  plainIn = $state.raw<string[] | null>(null);
  /** The yes to that. */
  plain = $state(false);
  #asked = "";

  constructor(wanted: boolean) {
    this.wanted = wanted;
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      this.here = await getBackend().programs();
    } catch {
      this.here = [];
    }
  }

  /** Finds out where the secret of a registry would be kept: helpers are run, so only where it is wanted. */
  async look(host: string): Promise<void> {
    if (!this.wanted || host === "" || this.#asked === host) return;
    this.#asked = host;
    this.plainIn = null;
    let files: string[] = [];
    try {
      files = await getBackend().programsInPlainText(host);
    } catch {
      // What is wrong there is told when they are signed in.
    }
    if (this.#asked === host) this.plainIn = files;
  }

  /** Tells whether a yes is missing. */
  get lacksYes(): boolean {
    return this.wanted && !this.plain && (this.plainIn ?? []).length > 0;
  }

  /** Signs them in, or out where that is wanted no more. Returns what went wrong. */
  async apply(account: AccountView): Promise<Problem | null> {
    if (!this.wanted && account.programs.length === 0) return null;
    try {
      await (this.wanted
        ? getBackend().signInPrograms(account.id, this.plain)
        : getBackend().signOutPrograms(account.id));
      return null;
    } catch (thrown) {
      return asProblem(thrown);
    }
  }
}
