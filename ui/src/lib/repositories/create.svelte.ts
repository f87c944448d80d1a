// What stands behind "New repository": its name, what it says of itself, how it keeps.

import { ownInterface, type OwnInterface } from "../app/own-interface";
import { app, getBackend } from "../app/state.svelte";
import { focusPage } from "../shared/overlay/focus";
import { asProblem, type KeepRule, type Problem } from "../backend/backend";
import { words } from "../messages";

export class CreateForm {
  readonly account: string;
  name = $state("");
  title = $state("");
  description = $state("");
  /** Null: not said. */
  keep = $state<KeepRule | null>(null);
  /** Only some may see it; asked where the registry's own interface makes it and takes that. */
  isPrivate = $state(true);
  /** Whose own interface makes it; null: a manifest is put there. */
  by = $state.raw<OwnInterface | null>(null);
  /** It is known who makes it. */
  #known = $state(false);
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  #done: () => void;

  constructor(account: string, namespace: string | null, done: () => void) {
    this.account = account;
    this.name = namespace === null ? "" : `${namespace}/`;
    this.#done = done;
    void this.#look();
  }

  ready = $derived.by(() => !this.busy && this.#known && this.name.trim() !== "" && !this.name.trim().endsWith("/"));

  /** Says what will be written, and where. */
  written = $derived.by(() => {
    const text = words.about.create;
    const ownWords = this.title.trim() === "" && this.keep === null;
    if (this.by !== null && ownWords) return text.makes(this.by.vendor);
    return this.keep === null ? text.writes : text.writesKeep;
  });

  async #look(): Promise<void> {
    const by = await ownInterface(this.account, "create");
    [this.by, this.#known] = [by, true];
  }

  /** Asks anew who makes it, as after a sign-in; what was typed stays, and nothing is made. */
  async lookAgain(): Promise<void> {
    await this.#look();
    this.problem = null;
  }

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
        ...(this.by?.takesPrivate !== true ? {} : { private: this.isPrivate }),
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
