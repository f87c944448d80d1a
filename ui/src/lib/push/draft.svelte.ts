/**
 * One push sheet from opening to the order: what was dropped where, and where it goes. It gives no order for a plan that
 * is not the one on screen.
 */
import { asksAgain } from "../activity/totals";
import { asProblem, type Backend, type Problem, type PushOrder } from "../backend/backend";
import { Going, type Blocked } from "./going.svelte";
import { proposeTag } from "./names";

export type { Blocked };

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
  /** Its question; null where it has none. */
  problem: Problem | null;
}

export type PushDoor = Pick<Backend, "planPush" | "startPush" | "writerFor">;

export class PushDraft extends Going {
  readonly image: string;
  readonly name: string | null;

  sending = $state(false);

  private readonly door: PushDoor;

  constructor(door: PushDoor, opened: PushRequest | PushAgain, delay = 250) {
    const image = "order" in opened ? opened.order.image : opened.imageId;
    // Where it came back, it goes from the engine that has it, as before.
    const engine = "order" in opened ? opened.order.engine : undefined;
    const subject = { image, name: opened.name, ...(engine ? { engine } : {}) };
    super(door, subject, !("order" in opened) && opened.asksAccount === true, delay);
    [this.door, this.image, this.name] = [door, image, opened.name];
    if ("order" in opened) {
      const { order, problem } = opened;
      // It was ordered with this account.
      this.weighed = null;
      [this.account, this.repository, this.tag] = [order.account, order.repository, order.tag];
      this.asDocker = order.asDocker ?? true;
      this.keeping.again(order.keep, order.shareRule);
      if (problem !== null) this.came(problem);
    } else {
      this.account = opened.account;
      this.repository = opened.repository ?? "";
      this.tag = opened.tag ?? proposeTag(opened.name, null, []);
    }
    void this.ask();
  }

  override get blocked(): Blocked | null {
    const why = super.blocked;
    return this.sending && (why === null || why === "loss") ? "sending" : why;
  }

  get ready(): boolean {
    return this.blocked === null;
  }

  /**
   * Orders the push; the order where it was taken, else null with the reason in `problem`. A local name that somebody gave
   * to another image stays there unless the person said that it moves.
   */
  async push(name: "move" | "leave" = "leave"): Promise<{ id: string; order: PushOrder } | null> {
    const going = this.ordered(name);
    if (going === null) return null;
    const { secretGoesTo, ...rest } = going;
    const order: PushOrder = { image: this.image, name: this.name, ...rest };
    if (secretGoesTo !== null) order.secretGoesTo = secretGoesTo;
    if (this.subject.engine !== undefined) order.engine = this.subject.engine;
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
}
