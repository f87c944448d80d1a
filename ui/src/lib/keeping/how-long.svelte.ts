// How long commits are kept, as it is typed; and what that would remove, asked for after a pause.

import { getBackend } from "../app/state.svelte";
import { asProblem, type Problem, type Prune, type PrunePlan } from "../backend/backend";

const PAUSE = 300;
const MOST = 9999;

/** Holds how long commits are kept: three choices, two of them with a number. */
export class HowLong {
  kind = $state<Prune["kind"]>("all");
  commits = $state("20");
  days = $state("90");

  constructor(prune: Prune) {
    this.kind = prune.kind;
    if (prune.kind === "last") this.commits = String(prune.commits);
    if (prune.kind === "days") this.days = String(prune.days);
  }

  /** Null where the number is none. */
  value = $derived.by((): Prune | null => {
    if (this.kind === "all") return { kind: "all" };
    const typed = (this.kind === "last" ? this.commits : this.days).trim();
    const number = /^\d{1,4}$/.test(typed) ? Number(typed) : 0;
    if (number < 1 || number > MOST) return null;
    return this.kind === "last" ? { kind: "last", commits: number } : { kind: "days", days: number };
  });
}

/** Asks what a rule would remove. */
export class PrunePreview {
  readonly account: string;
  readonly repository: string;
  plan = $state.raw<PrunePlan | null>(null);
  problem = $state.raw<Problem | null>(null);
  planning = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  constructor(where: { account: string; repository: string }) {
    this.account = where.account;
    this.repository = where.repository;
  }

  /** Asks for a rule; null where there is nothing to ask. Whatever was asked before is forgotten. */
  ask(prune: Prune | null, { now = false } = {}): void {
    clearTimeout(this.#timer);
    this.#round += 1;
    this.plan = null;
    this.problem = null;
    this.planning = prune !== null;
    if (prune === null) return;
    if (now) void this.#read(prune, this.#round);
    else this.#timer = setTimeout(() => void this.#read(prune, this.#round), PAUSE);
  }

  async #read(prune: Prune, round: number): Promise<void> {
    try {
      const plan = await getBackend().planPrune(this.account, this.repository, prune);
      if (round === this.#round) this.plan = plan;
    } catch (thrown) {
      if (round === this.#round) this.problem = asProblem(thrown);
    } finally {
      if (round === this.#round) this.planning = false;
    }
  }

  /** Ends it as the sheet is closed: an answer that comes late changes nothing. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#round += 1;
    this.planning = false;
  }
}
