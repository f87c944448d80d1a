// What stands behind "New repository": its name, what it says of itself, how it keeps.

import { app, getBackend } from "../app/state.svelte";
import { focusPage } from "../shared/overlay/focus";
import { asProblem, type KeepRule, type Problem } from "../backend/backend";

export class CreateForm {
  readonly account: string;
  name = $state("");
  title = $state("");
  description = $state("");
  /** Null: not said. */
  keep = $state<KeepRule | null>(null);
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  #done: () => void;

  constructor(account: string, namespace: string | null, done: () => void) {
    this.account = account;
    this.name = namespace === null ? "" : `${namespace}/`;
    this.#done = done;
  }

  ready = $derived.by(() => !this.busy && this.name.trim() !== "" && !this.name.trim().endsWith("/"));

  /** Makes it and goes there. Whether the name can be one, the backend says in words. */
  async submit(): Promise<void> {
    if (!this.ready) return;
    this.busy = true;
    this.problem = null;
    const repository = this.name.trim();
    try {
      await getBackend().createRepository({
        account: this.account,
        repository,
        title: this.title.trim(),
        description: this.description.trim(),
        keep: this.keep,
      });
      this.#done();
      app.go({ kind: "repository", account: this.account, repository });
      // What comes next is the first image.
      app.setTab("tags");
      focusPage();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.busy = false;
    }
  }
}
