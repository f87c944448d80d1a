// The question whether this computer may follow a repository's rule by itself, as the page of the repository draws it.
//
// It comes and goes above the rows, so only while the pointer is not over what it would push away.

import { getBackend } from "../app/state.svelte";
import { asProblem, type Problem, type RuleAnswer, type RuleConsent } from "../backend/backend";
import { words } from "../messages";
import { PointerRegion } from "../shared/pointer";

const text = words.about.rule;

export class RuleQuestion {
  readonly account: string;
  readonly repository: string;
  /** What is drawn; null where nothing is to be asked. */
  shown = $state.raw<RuleConsent | null>(null);
  /** What it writes is told too. */
  open = $state(false);
  answering = $state<RuleAnswer | null>(null);
  /** What came of the answer, for as long as the line is drawn. */
  said = $state<string | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** The line and all it could push away. */
  readonly pointer = new PointerRegion(() => this.#draw());

  #now: RuleConsent | null = null;
  #read = false;

  constructor(account: string, repository: string) {
    this.account = account;
    this.repository = repository;
  }

  /** Takes what is known of the rule by now; undefined where nothing was read yet. */
  take(consent: RuleConsent | null | undefined): void {
    if (consent === undefined) return;
    const asked = consent?.answer === null ? consent : null;
    if (asked !== null && asked.rule !== this.shown?.rule) [this.said, this.problem] = [null, null];
    this.#now = asked;
    this.#draw();
  }

  // The first answer is drawn with the page itself, wherever the pointer is; a line that is drawn shows the rule there is.
  #draw(): void {
    if (this.pointer.over && this.#read && (this.#now === null || this.shown === null)) return;
    this.#read = true;
    this.shown = this.#now;
    if (this.shown === null) [this.open, this.said] = [false, null];
  }

  /** Answers the rule that is drawn, or another one that is known. */
  async answer(answer: RuleAnswer, asked: RuleConsent | null = this.shown): Promise<void> {
    if (asked === null || this.answering !== null) return;
    const { account, repository } = this;
    [this.answering, this.problem] = [answer, null];
    try {
      const { consent } = await getBackend().answerRule({ account, repository, rule: asked.rule, answer });
      this.said = { allow: text.saidAllow, notHere: text.saidNotHere, later: text.saidLater }[answer];
      this.take(consent);
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.answering = null;
    }
  }
}
