// What stands behind the fields of "Edit the description". Where someone else changed it meanwhile, what it says now is
// read again and shown, and what was typed stays.

import { ownInterface, type OwnInterface } from "../app/own-interface";
import { getBackend } from "../app/state.svelte";
import { asProblem, type AboutView, type AboutWords, type Problem } from "../backend/backend";
import { words } from "../messages";

export class DescribeForm {
  readonly account: string;
  readonly repository: string;
  /** Nothing was said before. */
  readonly fresh: boolean;
  title = $state("");
  description = $state("");
  /** Whose own interface keeps the description; null: a manifest does. */
  by = $state.raw<OwnInterface | null>(null);
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** What someone else wrote meanwhile. */
  theirs = $state.raw<AboutWords | null>(null);

  #expected: string | null;
  #shown: string;
  #done: () => void;

  constructor(where: { account: string; repository: string }, view: AboutView, done: () => void) {
    this.account = where.account;
    this.repository = where.repository;
    this.fresh = view.digest === null;
    this.title = view.words.title ?? "";
    this.description = view.words.description ?? "";
    this.#expected = view.digest;
    this.#shown = this.description;
    this.#done = done;
    void this.#look();
  }

  async #look(): Promise<void> {
    this.by = await ownInterface(this.account, "describe");
  }

  /** Asks anew who keeps it, as after a sign-in; what was typed stays, and nothing is written. */
  async lookAgain(): Promise<void> {
    await this.#look();
    this.problem = null;
  }

  /** Says where it will be written. */
  written = $derived.by(() => {
    const isAll = this.#expected === null && this.title.trim() === "";
    return this.by !== null && isAll ? words.about.describe.kept(this.by.vendor) : words.about.describe.writes;
  });

  /** Puts what someone else wrote into the fields. */
  take(): void {
    this.title = this.theirs?.title ?? "";
    this.description = this.theirs?.description ?? "";
    this.theirs = null;
    this.problem = null;
  }

  async submit(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    const { account, repository } = this;
    try {
      await getBackend().describeRepository({
        account,
        repository,
        title: this.title.trim(),
        description: this.description.trim(),
        expected: this.#expected,
        shown: this.#shown,
      });
      this.#done();
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.code === "changed") await this.#readAgain();
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  async #readAgain(): Promise<void> {
    try {
      await getBackend().refreshAbout(this.account, this.repository);
      const view = await getBackend().about(this.account, this.repository);
      this.#expected = view.digest;
      this.#shown = view.words.description ?? "";
      this.theirs = view.words;
    } catch {
      // the problem that led here is told already; the next press asks again
    }
  }
}
