// Deletions, prunings and undos of the backend from memory. They are tasks: they count their items, end between two of
// them, and are listed with what came of them.

import type { DeleteOrder, DeleteOutcome, Problem, PruneOrder, TaskKind, TaskView } from "../backend/backend";
import type { FakeAbouts } from "./abouts";
import type { FakeActs } from "./acts";
import type { FakeHistory } from "./history";
import { problem } from "./problem";
import type { FakeTransfers } from "./transfers";

/** What holds the tasks, and what is taken away or put back. */
interface Parts {
  transfers: FakeTransfers;
  history: FakeHistory;
  abouts: FakeAbouts;
  acts: FakeActs;
}

interface Removal {
  kind: Extract<TaskKind, "delete" | "prune" | "undo">;
  account: string;
  repository: string;
  tag?: string;
  short?: string;
  total: number;
  /** Does it for the first so many items. */
  take: (items: number) => DeleteOutcome;
}

export class FakeRemovals {
  /** Set to let an item go only when `next` is called. */
  held = false;
  /** Set to make the item that is next fail, and all with it. */
  failing: Problem | null = null;
  #stopped = new Set<string>();
  #waiting: (() => void)[] = [];

  constructor(
    private readonly parts: Parts,
    /** Milliseconds an item takes. */
    private readonly pace: number,
  ) {}

  delete(order: DeleteOrder): string {
    const { account, repository, items } = order;
    const only = items.length === 1 ? items[0] : undefined;
    const tag = only?.item.kind === "tag" ? only.item.name : "";
    const short = only?.expected.slice(7, 19) ?? "";
    const take = (most: number): DeleteOutcome => {
      const some = { ...order, items: items.slice(0, most) };
      const outcome = this.parts.acts.delete(some);
      this.parts.history.removed(some, outcome);
      return outcome;
    };
    return this.#start({ kind: "delete", account, repository, tag, short, total: items.length, take });
  }

  prune(order: PruneOrder): string {
    const { account, repository, commitTags } = order;
    const take = (most: number): DeleteOutcome =>
      this.parts.abouts.prune({ ...order, commitTags: commitTags.slice(0, most) });
    return this.#start({ kind: "prune", account, repository, total: commitTags.length, take });
  }

  undo(undo: string): string {
    const { abouts, acts, history } = this.parts;
    const [pruned, deleted] = [abouts.pruned(undo), acts.taken(undo)];
    const of = pruned ?? deleted;
    if (!of) throw problem("This can’t be undone any more.");
    const { account, repository } = of;
    const take = (most: number): DeleteOutcome => {
      if (most === 0) return { done: 0, failed: [], undo, notes: [] };
      history.putBack(undo);
      return abouts.undoPrune(undo) ?? acts.undoDelete(undo);
    };
    const total = pruned?.commitTags.length ?? deleted?.done ?? 0;
    return this.#start({ kind: "undo", account, repository, total, take });
  }

  #start(removal: Removal): string {
    const { kind, account, repository, tag = "", short = "", total } = removal;
    const id = this.parts.transfers.nextId();
    const at = Math.floor(Date.now() / 1000);
    this.parts.transfers.put({
      ...{ id, kind, account, repository, tag, short, state: "running", unit: "items", untold: false, canRetry: false },
      ...{
        done: 0,
        total,
        rate: null,
        image: null,
        retrying: null,
        items: [],
        outcome: null,
        problem: null,
        startedAt: at,
        finishedAt: null,
      },
    });
    void this.#run(id, removal);
    return id;
  }

  /** Lets the item that is held go. */
  next(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Ends one between two items; false where it is not one of these. */
  stop(id: string): boolean {
    const task = this.#find(id);
    if (task?.unit !== "items") return false;
    this.#stopped.add(id);
    return true;
  }

  #find(id: string): TaskView | undefined {
    return this.parts.transfers.list().find((each) => each.id === id);
  }

  #change(id: string, changes: Partial<TaskView>): void {
    const task = this.#find(id);
    if (task) this.parts.transfers.put({ ...task, ...changes });
  }

  async #run(id: string, { total, take }: Removal): Promise<void> {
    let done = 0;
    while (done < total && !this.#stopped.has(id)) {
      await this.#item();
      if (this.failing) break;
      done += 1;
      this.#change(id, { done });
    }
    const stopped = done < total;
    const [finishedAt, problem] = [Math.floor(Date.now() / 1000), this.failing];
    if (problem && done === 0) return this.#change(id, { state: "failed", finishedAt, problem });
    const outcome = { kind: "removed" as const, ...take(done) };
    if (problem) return this.#change(id, { state: "failed", finishedAt, problem, outcome });
    if (stopped) outcome.notes.push({ text: `You stopped it: ${total - done} left alone.`, commitTag: null });
    this.#change(id, { state: stopped ? "cancelled" : "done", finishedAt, outcome });
  }

  #item(): Promise<void> {
    if (this.held) return new Promise((done) => void this.#waiting.push(done));
    if (this.pace === 0) return Promise.resolve();
    return new Promise((done) => setTimeout(done, this.pace));
  }
}
