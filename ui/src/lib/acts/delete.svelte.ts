/** One sheet that asks before something is deleted: what else goes, what stays, and the task that follows a yes. */
import { itemsOf, removed, type Removed } from "../app/waiting";
import {
  asProblem,
  type Backend,
  type DeleteNow,
  type DeletePlan,
  type PlannedDelete,
  type Problem,
  type TaskView,
} from "../backend/backend";
import { readCommitTag } from "../messages/names";
import type { DeleteRequest } from "./requests";

export type DeleteDoor = Pick<Backend, "planDelete" | "delete" | "cancelTask" | "keepCommit">;

/** A tag and the commit that would lose its last name with it. */
export interface Keepable {
  tag: string;
  digest: string;
}

/** One that is there, and that may go. */
export type Doable = PlannedDelete & { digest: string };

export class DeleteDraft {
  readonly request: DeleteRequest;

  plan = $state.raw<DeletePlan | null>(null);
  planning = $state(false);
  deleting = $state(false);
  stopping = $state(false);
  /** The deletion while it is under way. */
  task = $state.raw<TaskView | null>(null);
  /** Why there is no plan, or why the order came back. */
  problem = $state.raw<Problem | null>(null);
  /** Keep what would lose its last name before its tags go. */
  keep = $state(false);
  /** Something moved while the sheet was open, and the plan on screen is a new one. */
  readAgain = $state(false);

  readonly #door: DeleteDoor;
  #id: string | null = null;
  /** Ends with the deletion. */
  #end: Promise<unknown> = Promise.resolve();

  constructor(door: DeleteDoor, request: DeleteRequest) {
    this.#door = door;
    this.request = request;
    void this.ask();
  }

  /** What would go. */
  doable = $derived.by((): Doable[] => {
    const plan = this.plan;
    if (plan === null || plan.impossible !== null) return [];
    return plan.items.filter((each): each is Doable => each.digest !== null && each.refused === null);
  });
  /** What is left alone, and why. */
  refused = $derived((this.plan?.items ?? []).filter((each) => each.refused !== null || each.digest === null));

  /** The tags whose commits would lose their last name, one a commit: those can be kept first. */
  keepable = $derived.by((): Keepable[] => {
    const going = new Set((this.plan?.goes ?? []).filter((each) => each.kind === "commit").map((each) => each.digest));
    const found: Keepable[] = [];
    for (const { item, digest } of this.doable) {
      if (item.kind !== "tag" || readCommitTag(item.name) !== null || !going.delete(digest)) continue;
      found.push({ tag: item.name, digest });
    }
    return found;
  });

  /** How far it is: "3 of 12"; nothing where that is not known, or is plain. */
  count = $derived(this.task === null ? "" : itemsOf(this.task));

  get ready(): boolean {
    return this.doable.length > 0 && !this.planning && !this.deleting;
  }

  async ask(): Promise<void> {
    this.planning = true;
    try {
      const plan = await this.#door.planDelete(this.request);
      if (this.plan === null) this.problem = null;
      this.plan = plan;
    } catch (caught) {
      [this.plan, this.problem, this.readAgain] = [null, asProblem(caught), false];
    } finally {
      this.planning = false;
    }
  }

  /** Deletes what the sheet shows; what came of it, else null with the reason in `problem`. */
  go(): Promise<Removed | null> {
    if (!this.ready) return Promise.resolve(null);
    const end = this.#go();
    this.#end = end;
    return end;
  }

  async #go(): Promise<Removed | null> {
    const { account, repository } = this.request;
    const items = this.doable.map(({ item, digest, names }): DeleteNow => ({ item, expected: digest, names }));
    [this.deleting, this.problem, this.readAgain] = [true, null, false];
    try {
      await this.#keepFirst();
      this.#id = await this.#door.delete({ account, repository, items });
      if (this.stopping) void this.#cancel(); // it was asked for before there was a task
      return await removed(this.#id, (task) => (this.task = task));
    } catch (caught) {
      this.problem = asProblem(caught);
      if (this.problem.code === "tagMoved") {
        await this.ask();
        this.readAgain = this.plan !== null;
      }
      return null;
    } finally {
      [this.deleting, this.stopping] = [false, false];
      [this.task, this.#id] = [null, null];
    }
  }

  /** Keeps what was asked to be kept; where one can't be, nothing is deleted. */
  async #keepFirst(): Promise<void> {
    if (!this.keep) return;
    const { account, repository } = this.request;
    for (const { tag, digest } of this.keepable) await this.#door.keepCommit({ account, repository, tag, digest });
  }

  /** Ends it after the item that is under way; what went is gone, and told. Resolves when it has ended. */
  async stop(): Promise<void> {
    if (!this.deleting) return;
    this.stopping = true;
    await this.#cancel();
    await this.#end;
  }

  async #cancel(): Promise<void> {
    if (this.#id === null) return;
    await this.#door.cancelTask(this.#id).catch(() => (this.stopping = false)); // it goes on, and can be stopped again
  }
}
