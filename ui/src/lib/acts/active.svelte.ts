/** One sheet *Make active*: what the tag points at, what it will point at, how the commit it leaves is kept. */
import { asProblem, type ActivePlan, type Backend, type Outcome, type Problem } from "../backend/backend";
import { KeepChoice } from "../keeping/keeping.svelte";
import { shortOf } from "../messages/names";
import type { ActiveRequest } from "./requests";

export type ActiveDoor = Pick<Backend, "planActive" | "makeActive">;

export class ActiveDraft {
  readonly request: ActiveRequest;
  readonly keeping = new KeepChoice();

  plan = $state.raw<ActivePlan | null>(null);
  planning = $state(false);
  sending = $state(false);
  /** Why there is no plan, or why the order came back. */
  problem = $state.raw<Problem | null>(null);
  /** The tag moved while the sheet was open, and the plan on screen is a new one. */
  readAgain = $state(false);

  readonly #door: ActiveDoor;

  constructor(door: ActiveDoor, request: ActiveRequest) {
    this.#door = door;
    this.request = request;
    void this.ask();
  }

  /** Returns the first 12 digits of the commit. */
  get short(): string {
    return shortOf(this.plan?.to.digest ?? this.request.commit);
  }

  /** Tells whether the tag is deleted and would be there again. */
  get back(): boolean {
    return this.plan !== null && this.plan.from === null;
  }

  /** Tells whether nothing would change. */
  get already(): boolean {
    return this.plan?.from?.digest !== undefined && this.plan.from.digest === this.plan.to.digest;
  }

  get ready(): boolean {
    return this.plan !== null && !this.planning && !this.sending && !this.already && this.keeping.ready;
  }

  /** Asks for the plan; what the last order came back with stays to be read. */
  async ask(): Promise<void> {
    this.planning = true;
    const { account, repository, tag, commit } = this.request;
    try {
      const plan = await this.#door.planActive({ account, repository, tag, commit });
      if (this.plan === null) this.problem = null;
      this.plan = plan;
      this.keeping.take(plan.keep, { repository, tag, leaves: plan.from?.digest ?? null });
    } catch (caught) {
      [this.plan, this.problem, this.readAgain] = [null, asProblem(caught), false];
    } finally {
      this.planning = false;
    }
  }

  /** Does what the sheet shows; the outcome, else null with the reason in `problem`. */
  async go(): Promise<Outcome | null> {
    if (!this.ready || this.plan === null) return null;
    const { account, repository, tag } = this.request;
    const { from, to } = this.plan;
    const expected = from?.digest ?? null;
    [this.sending, this.problem, this.readAgain] = [true, null, false];
    try {
      const order = { account, repository, tag, digest: to.digest, expected, ...this.keeping.order };
      return await this.#door.makeActive(order);
    } catch (caught) {
      this.problem = asProblem(caught);
      if (this.problem.code === "notKept") this.keeping.refused();
      const moved = this.problem.code === "tagMoved";
      if (moved || this.problem.code === "notAsked") {
        this.keeping.forget(); // no yes outlives what it was said to
        await this.ask();
        this.readAgain = moved && this.plan !== null;
      }
      return null;
    } finally {
      this.sending = false;
    }
  }
}
