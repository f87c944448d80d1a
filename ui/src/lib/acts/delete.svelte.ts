/** One sheet that asks before something is deleted: what else goes, what stays, and the order that follows a yes. */
import {
  asProblem,
  type Backend,
  type DeleteNow,
  type DeleteOutcome,
  type DeletePlan,
  type PlannedDelete,
  type Problem,
} from "../backend/backend";
import type { DeleteRequest } from "./requests";

export type DeleteDoor = Pick<Backend, "planDelete" | "delete" | "stopDeleting">;

/** One that is there, and that may go. */
export type Doable = PlannedDelete & { digest: string };

export class DeleteDraft {
  readonly request: DeleteRequest;

  plan = $state.raw<DeletePlan | null>(null);
  planning = $state(false);
  deleting = $state(false);
  stopping = $state(false);
  /** Why there is no plan, or why the order came back. */
  problem = $state.raw<Problem | null>(null);
  /** Something moved while the sheet was open, and the plan on screen is a new one. */
  readAgain = $state(false);

  readonly #door: DeleteDoor;

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

  /** Deletes what the sheet shows; the outcome, else null with the reason in `problem`. */
  async go(): Promise<DeleteOutcome | null> {
    if (!this.ready) return null;
    const { account, repository } = this.request;
    const items = this.doable.map(({ item, digest }): DeleteNow => ({ item, expected: digest }));
    [this.deleting, this.problem, this.readAgain] = [true, null, false];
    try {
      return await this.#door.delete({ account, repository, items });
    } catch (caught) {
      this.problem = asProblem(caught);
      if (this.problem.code === "tagMoved") {
        await this.ask();
        this.readAgain = this.plan !== null;
      }
      return null;
    } finally {
      [this.deleting, this.stopping] = [false, false];
    }
  }

  /** Ends it after the item that is under way; what went is gone, and told. */
  async stop(): Promise<void> {
    if (!this.deleting) return;
    this.stopping = true;
    await this.#door.stopDeleting().catch(() => undefined); // it goes on, and its end is told all the same
  }
}
