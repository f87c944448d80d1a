// Taking a registry away that was started on this computer: its data stays, unless the person says otherwise.

import { hosted } from "../app/hosted.svelte";
import { app, getBackend } from "../app/state.svelte";
import { asProblem, type Code, type HostedView, type Problem, type UnhostPlan } from "../backend/backend";
import { words } from "../messages";
import { whatStays } from "./facts";

export class Unhosting {
  readonly registry: HostedView;
  /** What its data takes; null until that is known. */
  plan = $state.raw<UnhostPlan | null>(null);
  /** Its data is deleted too. */
  data = $state(false);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  /** What was said yes to, although it can't be reached. */
  readonly #agreed: Code[] = [];
  readonly #done: () => void;

  constructor(registry: HostedView, done: () => void) {
    this.registry = registry;
    this.#done = done;
  }

  /** There is data that can be deleted. */
  hasData = $derived.by(() => this.plan !== null && (this.plan.bytes > 0 || this.plan.more));
  /** What stays where it is, if the registry is to go all the same. */
  stays = $derived.by(() => {
    if (this.problem === null) return null;
    return this.problem.code === "noEngine" ? words.hosting.leavesEngine : whatStays(this.problem);
  });

  /** Asks what its data takes. */
  async open(): Promise<void> {
    try {
      this.plan = await getBackend().planUnhost(this.registry.id);
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  async remove(): Promise<void> {
    if (this.busy) return;
    if (this.problem !== null && this.stays !== null) this.#agreed.push(this.problem.code);
    this.busy = true;
    const { id, host } = this.registry;
    const accounts = app.accounts.filter((account) => account.host === host);
    try {
      await getBackend().unhost({ id, data: this.data, anyway: [...this.#agreed] });
      for (const account of accounts) app.leaveAccount(account.id);
      this.#done();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.busy = false;
      await app.readAccounts();
      await hosted.read();
    }
  }
}
