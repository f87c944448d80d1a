// The second sign-in that a vendor's own interface takes of an account: what is known of it, and what its sheet works on.

import { getBackend } from "../app/state.svelte";
import { asProblem, type Problem, type SecondView } from "../backend/backend";
import { words } from "../messages";

export class Second {
  readonly account: string;
  view = $state.raw<SecondView | null>(null);
  user = $state("");
  secret = $state("");
  /** What is missing: of the user, of the token. */
  missing = $state.raw<{ user: string | null; secret: string | null }>({ user: null, secret: null });
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);

  readonly #done: (() => void) | undefined;

  constructor(account: string, done?: () => void) {
    this.account = account;
    this.#done = done;
  }

  async read(): Promise<void> {
    try {
      this.view = await getBackend().secondSignIn(this.account);
      this.user = this.view?.user ?? "";
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  /** Takes what was typed, once the vendor has taken it; true: it is kept. Whoever waits for it goes on. */
  async save(): Promise<boolean> {
    const view = this.view;
    if (view === null || this.busy) return false;
    const { noToken, noUser } = words.kinds.second;
    this.missing = {
      user: view.wantsUser && this.user.trim() === "" ? noUser : null,
      secret: this.secret.trim() === "" ? noToken : null,
    };
    if (this.missing.user !== null || this.missing.secret !== null) return false;
    const order = { account: this.account, user: this.user, secret: this.secret };
    return this.#acting(() => getBackend().giveSecond(order));
  }

  remove = (): Promise<boolean> => this.#acting(() => getBackend().removeSecond(this.account));

  async #acting(act: () => Promise<SecondView | null>): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    try {
      this.view = await act();
      this.secret = "";
    } catch (thrown) {
      this.problem = asProblem(thrown);
      return false;
    } finally {
      this.busy = false;
    }
    if (this.view?.state === "given") this.#done?.();
    // What is listed may be told more of now, or less.
    void getBackend()
      .refreshRepositories(this.account)
      .catch(() => undefined); // its line says so
    return true;
  }
}

class Seconds {
  /** What the sheet works on; null while it is closed. */
  open = $state.raw<Second | null>(null);
  /** How often the sheet has changed something: whoever shows it reads it anew. */
  changes = $state(0);

  close(): void {
    this.open = null;
    this.changes += 1;
  }
}

export const seconds = new Seconds();

/** Opens the sheet of an account's second sign-in; `done` goes on with what wanted it. */
export function openSecond(account: string, done?: () => void): void {
  seconds.open = new Second(account, done);
  void seconds.open.read();
}
