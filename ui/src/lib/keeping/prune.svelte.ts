// What stands behind "Prune now": what would go, the removal while it runs, and what came of it.

import { getBackend } from "../app/state.svelte";
import { asProblem, type DeleteOutcome, type Problem, type Prune } from "../backend/backend";
import { HowLong, PrunePreview } from "./how-long.svelte";

export class PruneDraft {
  readonly account: string;
  readonly repository: string;
  readonly howLong: HowLong;
  readonly preview: PrunePreview;
  state = $state<"asking" | "running" | "stopping" | "undoing" | "done" | "undone">("asking");
  outcome = $state.raw<DeleteOutcome | null>(null);
  problem = $state.raw<Problem | null>(null);

  constructor(where: { account: string; repository: string }, prune: Prune) {
    this.account = where.account;
    this.repository = where.repository;
    this.howLong = new HowLong(prune);
    this.preview = new PrunePreview(where);
    this.preview.ask(prune, { now: true });
  }

  plan = $derived.by(() => this.preview.plan);
  working = $derived(this.state === "running" || this.state === "stopping" || this.state === "undoing");
  ready = $derived(
    this.state === "asking" && this.plan !== null && this.plan.impossible === null && this.plan.goes.length > 0,
  );

  /** Asks anew, as the time was changed. */
  ask(): void {
    this.problem = null;
    this.preview.ask(this.howLong.value);
  }

  /** Removes what is shown, and nothing else. */
  async go(): Promise<void> {
    if (!this.ready || this.plan === null) return;
    const { account, repository } = this;
    const commitTags = this.plan.goes.map((row) => row.commitTag);
    await this.#work("running", "done", () => getBackend().prune({ account, repository, commitTags }));
  }

  async undo(): Promise<void> {
    const undo = this.outcome?.undo ?? null;
    if (undo === null || this.state !== "done") return;
    await this.#work("undoing", "undone", () => getBackend().undoDelete(undo));
  }

  async #work(now: "running" | "undoing", then: "done" | "undone", act: () => Promise<DeleteOutcome>): Promise<void> {
    const before = this.state;
    this.state = now;
    this.problem = null;
    try {
      this.outcome = await act();
      this.state = then;
    } catch (thrown) {
      this.problem = asProblem(thrown);
      this.state = before;
      if (before === "asking") this.preview.ask(this.howLong.value, { now: true });
    }
  }

  /** Ends it after the tag at hand; what went until then is told as the outcome. */
  async stop(): Promise<void> {
    if (this.state !== "running") return;
    this.state = "stopping";
    await getBackend()
      .stopDeleting()
      .catch(() => undefined); // it ends by itself, and its outcome is told
  }
}
