// Who has not answered, as the backend knows it: drawn wherever somebody waits for a registry or the engine. Nothing here
// measures time or guesses; a page says what it asks again once an account answers.

import type { Problem, Silence, Unanswered, Whom } from "../backend/backend";
import { getBackend } from "../backend/current";

class Answering {
  all = $state.raw<readonly Unanswered[]>([]);
  readonly #hearers = new Set<(account: string) => void>();
  #stale = false;
  #reading: Promise<void> | undefined;

  /** How one does not answer; null where there is nothing to say. */
  of(whom: Whom): Silence | null {
    return this.all.find((each) => isSame(each.whom, whom))?.state ?? null;
  }

  account(account: string): Silence | null {
    return this.of({ of: "account", account });
  }

  /** Reads; while it is being read, any number of further calls lead to one more reading. */
  read(): Promise<void> {
    this.#stale = true;
    this.#reading ??= this.#readAll().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      this.all = await getBackend().unanswered();
    }
  }

  /** Takes that an account answers again where something came to nothing: the backend says so, and not too often. */
  answers(account: string): void {
    for (const hear of [...this.#hearers]) hear(account);
  }

  /** Calls `ask` each time an account answers again, until the returned function is called. */
  onAnswers(account: string | null, ask: (account: string) => void): () => void {
    const hear = (which: string): void => {
      if (account === null || which === account) ask(which);
    };
    this.#hearers.add(hear);
    return () => this.#hearers.delete(hear);
  }
}

export const answering = new Answering();

/** Ends what is asked of one: the backend lets go of it. */
export function stopAsking(whom: Whom): void {
  getBackend()
    .stopAsking(whom)
    .catch(() => undefined); // what can't be stopped still shows as waiting
}

/** Tells whether a problem is of the other side as a whole: that is told once, by the line above the list. */
export function isOfTheSide(problem: Problem | null): boolean {
  return problem?.code === "noAnswer" || problem?.code === "ended";
}

/** Returns a page's own problem: null where the line above the list tells it already. */
export function ownProblem(problem: Problem | null, silence: Silence | null): Problem | null {
  if (problem?.code === "ended") return null;
  return isOfTheSide(problem) && silence !== null ? null : problem;
}

function isSame(a: Whom, b: Whom): boolean {
  return a.of === b.of && (a.of !== "account" || b.of !== "account" || a.account === b.account);
}
