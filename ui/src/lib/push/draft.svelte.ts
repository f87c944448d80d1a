/**
 * One push sheet from opening to the order: what was dropped where, what is typed, what the plan says, what
 * the person answered. It asks for a new plan whenever repository or tag change, and gives no order for a
 * plan that is not the one on screen.
 */
import { asksAgain } from "../activity/totals";
import { asProblem, type Backend, type Problem, type PushOrder, type PushPlan } from "../backend/backend";
import { KeepChoice } from "../keeping/keeping.svelte";
import { proposeTag } from "./names";

/** What opens the sheet. */
export interface PushRequest {
  /** `sha256:…` */
  imageId: string;
  /** The row's name, where it has one. */
  name: string | null;
  /** Account id. */
  account: string;
  /** The repository dropped on; null where it was dropped on an account or a namespace. */
  repository: string | null;
  namespace: string | null;
  /** The tag to start with; absent: the one that is proposed. */
  tag?: string;
  /** The registry is asked as well: nobody chose one. */
  asksAccount?: boolean;
}

/** A push that came back with a question: the sheet opens again with what was ordered. */
export interface PushAgain {
  order: PushOrder;
  name: string | null;
  problem: Problem;
}

/** Why a push sheet can't be sent. */
export type Blocked = "noRepository" | "noTag" | "planning" | "noPlan" | "sending" | "loss";

export type PushDoor = Pick<Backend, "planPush" | "startPush">;

export class PushDraft {
  readonly image: string;
  readonly name: string | null;
  /** False where the place was chosen by the drop: the registry is then told, not asked. */
  readonly asksAccount: boolean;

  account = $state("");

  repository = $state("");
  tag = $state("");
  plan = $state.raw<PushPlan | null>(null);
  /** What the plan on screen is about. */
  about = $state.raw<{ repository: string; tag: string }>({ repository: "", tag: "" });
  planning = $state(false);
  sending = $state(false);
  /** Why there is no plan, or why the last push came back. */
  problem = $state.raw<Problem | null>(null);
  readonly keeping = new KeepChoice();

  private readonly door: PushDoor;
  private readonly delay: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private round = 0;

  constructor(door: PushDoor, opened: PushRequest | PushAgain, delay = 250) {
    this.door = door;
    this.delay = delay;
    this.name = opened.name;
    this.asksAccount = !("order" in opened) && opened.asksAccount === true;
    if ("order" in opened) {
      const { order, problem } = opened;
      [this.image, this.account] = [order.image, order.account];
      [this.repository, this.tag] = [order.repository, order.tag];
      this.keeping.again(order.keep, order.shareRule);
      this.came(problem);
    } else {
      [this.image, this.account] = [opened.imageId, opened.account];
      this.repository = opened.repository ?? "";
      this.tag = opened.tag ?? proposeTag(opened.name, null, []);
    }
    void this.ask();
  }

  /** Tells whether repository and tag are both there, and so worth asking for a plan. */
  get complete(): boolean {
    return this.tag.trim() !== "" && this.repository.trim() !== "" && !this.repository.trim().endsWith("/");
  }

  /** Tells whether the name that the image is pushed from is one that somebody gave to another image. */
  get asksName(): boolean {
    return (this.plan?.nameTaken ?? null) !== null;
  }

  /** Returns why the sheet can't be sent: said beside the button. Null where it can. */
  get blocked(): Blocked | null {
    if (!this.complete)
      return this.repository.trim() === "" || this.repository.trim().endsWith("/") ? "noRepository" : "noTag";
    if (this.planning) return "planning";
    if (this.plan === null) return "noPlan";
    if (this.sending) return "sending";
    return this.keeping.ready ? null : "loss";
  }

  get ready(): boolean {
    return this.blocked === null;
  }

  /**
   * Asks for a new plan after a rest: repository or tag were typed, and the plan on screen is not the one to push by.
   */
  changed(): void {
    clearTimeout(this.timer);
    this.round += 1;
    this.keeping.forget();
    this.problem = null;
    if (!this.complete) {
      [this.planning, this.plan] = [false, null];
      return;
    }
    this.planning = true;
    this.timer = setTimeout(() => void this.ask(), this.delay);
  }

  /** Ends what is under way; the sheet is gone. */
  close(): void {
    clearTimeout(this.timer);
    this.round += 1;
  }

  /** Asks once more for what came to nothing. */
  again(): void {
    this.problem = null;
    void this.ask();
  }

  /** Asks for the plan of what is typed now. */
  async ask(): Promise<void> {
    if (!this.complete) return;
    const round = (this.round += 1);
    const about = { repository: this.repository.trim(), tag: this.tag.trim() };
    this.planning = true;
    try {
      const plan = await this.door.planPush({ image: this.image, name: this.name, account: this.account, ...about });
      if (round !== this.round) return;
      this.about = about;
      this.plan = plan;
      this.keeping.take(plan.keep, { ...about, leaves: plan.target?.digest ?? null });
    } catch (caught) {
      if (round !== this.round) return;
      [this.plan, this.problem] = [null, asProblem(caught)];
    } finally {
      if (round === this.round) this.planning = false;
    }
  }

  /**
   * Orders the push; the order where it was taken, else null with the reason in `problem`. A local name that somebody gave
   * to another image stays there unless the person said that it moves.
   */
  async push(name: "move" | "leave" = "leave"): Promise<{ id: string; order: PushOrder } | null> {
    if (!this.ready || !this.plan) return null;
    const order: PushOrder = {
      image: this.image,
      name: this.name,
      account: this.account,
      repository: this.repository.trim(),
      tag: this.tag.trim(),
      expected: this.plan.target?.digest ?? null,
      ...this.keeping.order,
      takenName: this.asksName ? name : "unasked",
    };
    const { secretGoesTo } = this.plan;
    if (secretGoesTo) order.secretGoesTo = secretGoesTo; // the sheet says so above its button
    this.sending = true;
    try {
      return { id: await this.door.startPush(order), order };
    } catch (caught) {
      const problem = asProblem(caught);
      this.came(problem);
      if (asksAgain(problem.code)) void this.ask();
      return null;
    } finally {
      this.sending = false;
    }
  }

  private came(problem: Problem): void {
    this.problem = problem;
    if (problem.code === "notKept") this.keeping.refused();
  }
}
