// What stands behind the sheet of a registry that wants the sign-in another way: what it was, what it wants, the answer.

import { app, getBackend } from "../app/state.svelte";
import { asProblem, type AccountView, type Problem, type WayView } from "../backend/backend";

export class ChangedSignIn {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  #account: AccountView;
  #done: () => void;
  #shown: WayView | null;

  constructor(account: AccountView, done: () => void) {
    this.#account = account;
    this.#done = done;
    this.#shown = account.wanted;
  }

  get account(): AccountView {
    return app.account(this.#account.id) ?? this.#account;
  }

  /** What was shown is what is agreed to: a way that came since is looked at in a sheet of its own. */
  get wanted(): WayView | null {
    return this.account.wanted?.way === this.#shown?.way ? this.#shown : null;
  }

  /** Agrees to the way that is shown, or, with null, goes on only as before. */
  async answer(way: string | null): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await getBackend().approveSignIn(this.#account.id, way);
      await app.readAccounts();
      this.#done();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.busy = false;
    }
  }
}
