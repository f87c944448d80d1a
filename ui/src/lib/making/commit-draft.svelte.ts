/**
 * One commit sheet from opening to the order: what changed in the container, the answers, and where its image goes, where
 * it goes anywhere.
 */
import { asProblem, type Backend, type CommitOrder, type CommitPlan, type Problem } from "../backend/backend";
import { Going, type Blocked as GoingBlocked } from "../push/going.svelte";
import { nameFrom } from "./draft.svelte";

export type CommitDoor = Pick<Backend, "planCommit" | "startCommit" | "planPush" | "writerFor">;

/** A container, as its row has it. */
export interface Container {
  id: string;
  name: string;
  /** Its image, as its row calls it. */
  image: string;
  imageId: string;
}

/** What opens the sheet. */
export interface CommitRequest {
  container: Container;
  /** Where the image goes then; absent: it stays here. */
  to?: { account: string; repository: string; tag: string; asksAccount?: boolean };
}

/** Why nothing can be committed. */
export type Blocked = GoingBlocked | "looking" | "line";

export class CommitDraft {
  readonly container: Container;
  author = $state("");
  message = $state("");
  pause = $state(true);
  /** Lines of a Dockerfile, as they are typed. */
  lines = $state("");
  /** Its name on this computer, with a tag; empty: none. */
  name = $state("");
  /** Whether *Options* is open, and whether what changed is listed. */
  more = $state(false);
  lists = $state(false);
  plan = $state.raw<CommitPlan | null>(null);
  looking = $state(false);
  sending = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** Where the image goes; null: it stays on this computer. */
  readonly going: Going | null;

  private readonly door: CommitDoor;
  private closed = false;

  constructor(door: CommitDoor, { container, to }: CommitRequest, delay = 250) {
    [this.door, this.container] = [door, container];
    const subject = { image: null, name: null };
    this.going = to === undefined ? null : new Going(door, subject, to.asksAccount === true, delay, container.imageId);
    if (this.going !== null && to !== undefined) {
      [this.going.account, this.going.repository, this.going.tag] = [to.account, to.repository, to.tag];
      void this.going.ask();
    } else this.name = nameFrom(container.name);
    void this.look();
  }

  /** The first line that can't be said of a container, and its first word; null where all can. */
  get badLine(): { line: string; word: string } | null {
    for (const line of linesOf(this.lines)) {
      const [word = "", ...rest] = line.split(/\s+/);
      const known = this.plan?.lines.includes(word.toUpperCase()) ?? true;
      if (!known || rest.join("") === "" || line.endsWith("\\")) return { line, word };
    }
    return null;
  }

  /** Tells whether another image bears the name, as the last order came back with. */
  get asksName(): boolean {
    return this.problem?.code === "nameTaken";
  }

  get blocked(): Blocked | null {
    if (this.looking) return "looking";
    if (this.plan === null) return "noPlan";
    if (this.sending) return "sending";
    if (this.badLine !== null) return "line";
    return this.going?.blocked ?? null;
  }

  get ready(): boolean {
    return this.blocked === null;
  }

  /** Another name is typed: the question about the one before is over. */
  renamed(): void {
    if (this.asksName) this.problem = null;
  }

  close(): void {
    this.closed = true;
    this.going?.close();
  }

  /** Looks at the container. */
  async look(): Promise<void> {
    [this.looking, this.problem] = [true, null];
    try {
      const plan = await this.door.planCommit(this.container.id);
      if (!this.closed) this.plan = plan;
    } catch (caught) {
      this.problem = asProblem(caught);
    } finally {
      this.looking = false;
    }
  }

  /** Orders the commit; the task's id where the order was taken, else null with the reason in `problem`. */
  async commit(): Promise<{ id: string; order: CommitOrder } | null> {
    const { plan, going } = this;
    if (!this.ready || plan === null) return null;
    const order: CommitOrder = {
      container: plan.container,
      called: plan.name,
      name: going !== null || this.name.trim() === "" ? null : this.name.trim(),
      moveName: this.asksName,
      author: this.author.trim(),
      message: this.message.trim(),
      pause: this.pause,
      lines: linesOf(this.lines),
      then: going?.ordered() ?? null,
    };
    this.sending = true;
    try {
      const id = await this.door.startCommit(order);
      return { id, order };
    } catch (caught) {
      this.problem = asProblem(caught);
      return null;
    } finally {
      this.sending = false;
    }
  }
}

/** Returns the lines in which something stands. */
function linesOf(typed: string): string[] {
  return typed
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
