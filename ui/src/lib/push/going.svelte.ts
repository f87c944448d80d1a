/**
 * Where an image goes, and what that would do: what is typed, what the plan says, what the person answered. It asks for a
 * new plan whenever repository or tag change. The sheet of a push is one; a sheet whose image is yet to be made has one.
 */
import { asProblem, type Backend, type Problem, type PushPlan, type ThenPush } from "../backend/backend";
import { KeepChoice } from "../keeping/keeping.svelte";

/** Why a sheet can't be sent. */
export type Blocked = "noRepository" | "noTag" | "planning" | "noPlan" | "sending" | "loss";

export type GoingDoor = Pick<Backend, "planPush" | "writerFor">;

/** What goes; an image that isn't made yet has no id. */
export interface Subject {
  image: string | null;
  name: string | null;
  /** The engine that has it; absent: the one that is used. */
  engine?: string;
}

export class Going {
  readonly subject: Subject;
  /** False where the place was chosen by the drop: the registry is then told, not asked. */
  readonly asksAccount: boolean;

  account = $state("");
  /** The account that was meant and may only read there: another one pushes. Null: the one that was meant does. */
  instead = $state.raw<string | null>(null);

  repository = $state("");
  tag = $state("");
  /** Of what isn’t made yet, the platform it will be for; null: the engine’s own. */
  platform = $state<string | null>(null);
  /** Of what isn’t made yet, the image whose layers it will have; null: none is known. */
  readonly base: string | null;
  plan = $state.raw<PushPlan | null>(null);
  /** What the plan on screen is about. */
  about = $state.raw<{ repository: string; tag: string }>({ repository: "", tag: "" });
  planning = $state(false);
  /** Why there is no plan, or why the last order came back. */
  problem = $state.raw<Problem | null>(null);
  /** What the engine pushes is converted to Docker’s own format, where the registry lists no other. */
  asDocker = $state(true);
  readonly keeping = new KeepChoice();

  private readonly planner: GoingDoor;
  private readonly delay: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private round = 0;
  private closed = false;
  /** What it was found out for who may push; null once a person chose by hand. */
  protected weighed: string | null = "";

  constructor(planner: GoingDoor, subject: Subject, asksAccount: boolean, delay = 250, base: string | null = null) {
    [this.planner, this.subject, this.asksAccount, this.delay] = [planner, subject, asksAccount, delay];
    this.base = base;
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
    return this.keeping.ready ? null : "loss";
  }

  /** Returns what is ordered of the push, where the plan on screen allows it. */
  ordered(name: "move" | "leave" = "leave"): ThenPush | null {
    if (this.blocked !== null || this.plan === null) return null;
    return {
      account: this.account,
      repository: this.repository.trim(),
      tag: this.tag.trim(),
      expected: this.plan.target?.digest ?? null,
      ...this.keeping.order,
      takenName: this.asksName ? name : "unasked",
      ...(this.plan.dockerAlone ? { asDocker: this.asDocker } : {}),
      secretGoesTo: this.plan.secretGoesTo ?? null, // the sheet says so above its button
    };
  }

  /**
   * Asks for a new plan after a rest: repository or tag were typed, and the plan on screen is not the one to push by.
   */
  changed(): void {
    clearTimeout(this.timer);
    this.round += 1;
    this.keeping.forget();
    this.problem = null;
    this.meantAgain();
    if (!this.complete) {
      [this.planning, this.plan] = [false, null];
      return;
    }
    this.planning = true;
    this.timer = setTimeout(() => void this.ask(), this.delay);
  }

  /** Ends what is under way; the sheet is gone. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.round += 1;
  }

  /** Asks once more for what came to nothing. */
  again(): void {
    this.problem = null;
    void this.ask();
  }

  /** Uses this account, as a person chose: no other one is looked for any more. */
  use(account: string): void {
    [this.weighed, this.instead, this.account] = [null, null, account];
    this.changed();
  }

  /** Another repository is typed: the account that was meant is meant again. */
  private meantAgain(): void {
    if (this.instead === null || this.weighed === `${this.account} ${this.repository.trim()}`) return;
    [this.account, this.instead] = [this.instead, null];
  }

  /** Finds out whether another account of the registry is to push, as the one that is meant may only read there. */
  private async weigh(): Promise<void> {
    const [account, repository] = [this.account, this.repository.trim()];
    const about = `${account} ${repository}`;
    if (this.weighed === null || this.weighed === about) return;
    this.weighed = about;
    // What can't be found out is told by the push itself.
    const writer = await this.planner.writerFor(account, repository).catch(() => null);
    if (this.closed || writer === null || this.weighed !== about || this.repository.trim() !== repository) return;
    this.weighed = `${writer} ${repository}`;
    [this.instead, this.account] = [account, writer];
    this.changed();
  }

  /** Asks for the plan of what is typed now. */
  async ask(): Promise<void> {
    if (!this.complete) return;
    void this.weigh();
    const round = (this.round += 1);
    const about = { repository: this.repository.trim(), tag: this.tag.trim() };
    this.planning = true;
    try {
      const plan = await this.planner.planPush({
        ...this.subject,
        account: this.account,
        ...about,
        ...(this.platform === null ? {} : { platform: this.platform }),
        ...(this.base === null ? {} : { base: this.base }),
      });
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

  /** Takes what an order came to. */
  came(problem: Problem): void {
    this.problem = problem;
    if (problem.code === "notKept") this.keeping.refused();
  }
}
