// What stands behind "Prune now": what would go, the removal while it runs, and what came of it.

import { getBackend } from "../app/state.svelte";
import { undoing } from "../app/undoing.svelte";
import { itemsOf, removed, type Removed } from "../app/waiting";
import { asProblem, type DeleteOutcome, type Problem, type Prune, type TaskView } from "../backend/backend";
import { HowLong, PrunePreview } from "./how-long.svelte";

export class PruneDraft {
  readonly account: string;
  readonly repository: string;
  readonly howLong: HowLong;
  readonly preview: PrunePreview;
  state = $state<"asking" | "running" | "stopping" | "undoing" | "done" | "undone">("asking");
  outcome = $state.raw<DeleteOutcome | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** The removal while it is under way. */
  task = $state.raw<TaskView | null>(null);
  #id: string | null = null;

  constructor(where: { account: string; repository: string }, prune: Prune) {
    this.account = where.account;
    this.repository = where.repository;
    this.howLong = new HowLong(prune);
    this.preview = new PrunePreview(where);
    this.preview.ask(prune, { now: true });
  }

  plan = $derived.by(() => this.preview.plan);
  working = $derived(this.state === "running" || this.state === "stopping" || this.state === "undoing");
  /** How far it is: "3 of 12"; nothing where that is not known, or is plain. */
  count = $derived(this.task === null ? "" : itemsOf(this.task));
  /** What *Undo* is asked for with; null where there is nothing to undo, or it was undone elsewhere. */
  undoable = $derived.by(() => {
    const undo = this.outcome?.undo ?? null;
    return this.state !== "done" || undo === null || undoing.taken.has(undo) ? null : undo;
  });
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
    await this.#work("running", "done", async () => {
      this.#id = await getBackend().prune({ account, repository, commitTags });
      if (this.state === "stopping") void this.#cancel(); // it was asked for before there was a task
      return removed(this.#id, (task) => (this.task = task));
    });
  }

  async undo(): Promise<void> {
    const undo = this.undoable;
    if (undo !== null) await this.#work("undoing", "undone", () => undoing.run(undo));
  }

  async #work(now: "running" | "undoing", then: "done" | "undone", act: () => Promise<Removed>): Promise<void> {
    const before = this.state;
    this.state = now;
    this.problem = null;
    try {
      const came = await act();
      [this.outcome, this.problem] = [came.outcome, came.problem];
      this.state = then;
    } catch (thrown) {
      this.problem = asProblem(thrown);
      this.state = before;
      if (before === "asking") this.preview.ask(this.howLong.value, { now: true });
    } finally {
      [this.task, this.#id] = [null, null];
    }
  }

  /** Ends it after the tag at hand; what went until then is told as the outcome. */
  async stop(): Promise<void> {
    if (this.state !== "running") return;
    this.state = "stopping";
    await this.#cancel();
  }

  async #cancel(): Promise<void> {
    if (this.#id === null) return;
    try {
      await getBackend().cancelTask(this.#id);
    } catch {
      if (this.state === "stopping") this.state = "running"; // it goes on, and can be stopped again
    }
  }
}
