// Docker's and Podman's own programs, signed in along with an account: what a sheet knows of them, and what it does. Nothing
// here knows how it is drawn.

import { getBackend } from "../app/state.svelte";
import { asProblem, type AccountView, type Problem, type Program, type ProgramsKeep } from "../backend/backend";
import { words } from "../messages";

const NOTHING: ProgramsKeep = { plainIn: [], users: [] };

/** Names the programs of a list as they stand in a sentence. */
export function named(programs: readonly Program[], names: Record<Program, string>): string {
  return programs.map((program) => names[program]).join(words.accounts.wayAnd);
}

export class Along {
  /** The programs that are on this computer; null until that is known. */
  here = $state.raw<Program[] | null>(null);
  /** Whether they are to be signed in. */
  wanted = $state(false);
  /** Where they would keep it; null until that is known. */
  keep = $state.raw<ProgramsKeep | null>(null);
  /** The yes to plain text. */
  plain = $state(false);
  /** Whether they were signed in when the sheet opened: only then is a missing tick a wish. */
  readonly #began: boolean;
  #asked = $state("");

  constructor(wanted: boolean) {
    [this.#began, this.wanted] = [wanted, wanted];
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
    this.keep = null;
    let keep = NOTHING;
    try {
      keep = await getBackend().programsKeep(host);
    } catch {
      // What is wrong there is told when they are signed in.
    }
    if (this.#asked === host) this.keep = keep;
  }

  /** Tells whether a yes is missing, or isn't known yet to be needed. */
  get lacksYes(): boolean {
    if (!this.wanted || this.#asked === "") return false;
    return this.keep === null || (!this.plain && this.keep.plainIn.length > 0);
  }

  /** Signs them in, or out where that is wanted no more. Returns what went wrong. */
  async apply(account: AccountView): Promise<Problem | null> {
    const leaves = this.#began && account.programs.length > 0;
    if (!this.wanted && !leaves) return null;
    try {
      await (this.wanted
        ? getBackend().signInPrograms(account.id, this.plain)
        : getBackend().signOutPrograms(account.id, false));
      return null;
    } catch (thrown) {
      return asProblem(thrown);
    }
  }
}
