/**
 * The answer about keeping in a sheet that is about to move a tag: what the plan asks or tells, what the person
 * says to it, the second yes where nothing can be kept. The push sheet and *Make active* ask it in the same words.
 */
import { settings } from "../app/settings.svelte";
import type { KeepAnswer, KeepPlan } from "../backend/backend";

/** What a keep plan is about. */
export interface KeepAbout {
  repository: string;
  tag: string;
  /** The digest the tag leaves; null where it points at nothing. */
  leaves: string | null;
}

/** The part of an order that says how to keep. */
export interface KeepOrderPart {
  keep: KeepAnswer;
  shareRule: boolean;
  /** The repository's rule that was shown and ticked, where this computer was not allowed to follow it by itself. */
  allows: string | null;
  acceptLoss: boolean;
}

/** Returns the plan's fitting answer, in the words of the order. */
export function answerOf(plan: KeepPlan): KeepAnswer {
  switch (plan.kind) {
    case "ask":
      return { overwrite: "eachOverwrite", push: "everyPush", "on-request": "justThis", off: "off" }[
        plan.preselected
      ] as KeepAnswer;
    case "rule":
      // The box of *on request* starts unticked: nothing is written that nobody asked for.
      return plan.rule === "on-request" && !plan.alreadyKept ? "notThis" : "byRule";
    case "impossible":
      return "notThis";
    case "nothing":
      return "byRule";
  }
}

/** Tells whether the rule keeps by itself, and the person may still say no for this time. */
export function keepsByItself(plan: KeepPlan | null): boolean {
  return plan?.kind === "rule" && (plan.rule === "overwrite" || plan.rule === "push") && !plan.alreadyKept;
}

/** Returns the repository's rule that is to be ticked for this time, word for word; null where none is asked about. */
export function asks(plan: KeepPlan | null): string | null {
  return plan?.kind === "rule" ? plan.asks : null;
}

/** Tells whether an answer is one of those that the plan's question allows. */
function fits(answer: KeepAnswer, plan: KeepPlan): boolean {
  if (plan.kind === "ask") return ["eachOverwrite", "everyPush", "justThis", "off"].includes(answer);
  if (keepsByItself(plan) || asks(plan) !== null) return answer === "byRule" || answer === "notThis";
  if (plan.kind === "rule" && plan.rule === "on-request" && !plan.alreadyKept) {
    return answer === "justThis" || answer === "notThis";
  }
  return false;
}

/** Returns the answer that a sheet begins with: the fitting one, unless the person has set what is proposed. */
export function proposalOf(plan: KeepPlan): KeepAnswer {
  const fitting = answerOf(plan);
  const set = settings.values.pushKeeps;
  if (plan.kind === "ask") {
    if (set === "never") return "off";
    return set === "always" && fitting === "off" ? "justThis" : fitting;
  }
  // Where a rule keeps by itself it is the repository's, or was set for it: it goes first.
  const free = plan.kind === "rule" && plan.rule === "on-request" && !plan.alreadyKept;
  return free && set === "always" ? "justThis" : fitting;
}

export class KeepChoice {
  plan = $state.raw<KeepPlan | null>(null);
  about = $state.raw<KeepAbout>({ repository: "", tag: "", leaves: null });
  answer = $state<KeepAnswer>("byRule");
  /** Store the answer in the repository, for everyone: never ticked beforehand. */
  share = $state(false);
  acceptLoss = $state(false);
  /** The last order said that the old commit could not be kept: the second yes is needed. */
  #refused = $state(false);
  #touched = false;
  /** What was chosen before the box was unticked. */
  #ticked: KeepAnswer | null = null;

  /** Tells whether a second yes is asked, since the old commit can't be kept. */
  get asksLoss(): boolean {
    return this.plan?.kind === "impossible" || this.#refused;
  }

  /** Tells whether the answer is one that can be stored for everyone. */
  get shareable(): boolean {
    return this.plan?.kind === "ask" && ["eachOverwrite", "everyPush", "off"].includes(this.answer);
  }

  /** Tells whether the version that the tag leaves is kept, by this answer or already. */
  get keeps(): boolean {
    const { plan, answer } = this;
    if (plan?.kind === "ask") return answer !== "off";
    if (plan?.kind !== "rule") return false;
    const byRule = answer === "byRule" && (plan.rule === "overwrite" || plan.rule === "push");
    return plan.alreadyKept || answer === "justThis" || byRule;
  }

  get ready(): boolean {
    return !this.asksLoss || this.acceptLoss;
  }

  get order(): KeepOrderPart {
    return {
      keep: this.answer,
      shareRule: this.shareable && this.share,
      allows: this.answer === "byRule" ? asks(this.plan) : null,
      acceptLoss: this.asksLoss && this.acceptLoss,
    };
  }

  choose(answer: KeepAnswer): void {
    this.answer = answer;
    this.#touched = true;
  }

  /** Ticks the box of the question, or unticks it: what was chosen under *Options* is there again when it is ticked. */
  tick(on: boolean): void {
    if (this.plan?.kind !== "ask" || on === this.keeps) return;
    if (!on) this.#ticked = this.answer;
    const fitting = answerOf(this.plan);
    this.choose(on ? (this.#ticked ?? (fitting === "off" ? "justThis" : fitting)) : "off");
  }

  /** Takes a new plan; an answer holds as long as the question does. */
  take(plan: KeepPlan, about: KeepAbout): void {
    const sameQuestion = this.plan === null || this.plan.kind === plan.kind;
    if (!(this.#touched && sameQuestion && fits(this.answer, plan))) {
      this.answer = proposalOf(plan);
      this.#touched = false;
    }
    [this.plan, this.about] = [plan, about];
  }

  /** Takes the answer of an earlier order, which is not asked for twice. A second yes is. */
  again(answer: KeepAnswer, share: boolean): void {
    if (answer === "byRule") return;
    [this.answer, this.share, this.#touched] = [answer, share, true];
  }

  /** Notes that the order came back since nothing could be kept. */
  refused(): void {
    this.#refused = true;
  }

  /** Forgets the second yes, as something else is asked about now. */
  forget(): void {
    [this.acceptLoss, this.#refused] = [false, false];
  }
}
