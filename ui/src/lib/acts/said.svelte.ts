/**
 * The quiet line at the bottom of the page: what an act came to, and the one thing that can be done about it.
 * It never takes the focus. It goes by itself after a while, never while someone is at it, and never while it tells
 * of something that failed.
 */
import { register } from "../app/actions";
import type { DeleteFailure, Problem } from "../backend/backend";

/** Long enough to be read, found and reached by keyboard. */
export const LASTS = 60_000;
/** What is only to be read, with nothing to be done about it: it stands over the page. */
export const READ = 6_000;

export interface Said {
  text: string;
  /** What the person should know besides. */
  notes?: readonly string[];
  failed?: readonly DeleteFailure[];
  problem?: Problem;
  /** Account id, where a sign-in may be the next step. */
  account?: string;
  /** The one thing that can be done about it. */
  act?: {
    label: string;
    busy: string;
    testid: string;
    shortcut?: string;
    run: () => Promise<void>;
    /** It was done elsewhere meanwhile, and is not offered any more. */
    over?: () => boolean;
  };
  /** How far it is; not read aloud as it changes. */
  count?: () => string;
  /** It tells of something under way and stays until that has ended. */
  running?: boolean;
}

export class SaidLine {
  now = $state.raw<Said | null>(null);
  busy = $state(false);
  #held = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(said: Said): void {
    [this.now, this.busy] = [said, false];
    this.#wind();
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    [this.now, this.busy, this.#held] = [null, false, false];
  }

  /** Notes that another page is shown: what was only to be read goes with the page it spoke of. */
  left(): void {
    const said = this.now;
    if (said === null || said.running || said.act || said.problem || (said.failed?.length ?? 0) > 0) return;
    this.dismiss();
  }

  /** Notes that the pointer or the focus is on the line, or has left it. */
  hold(held: boolean): void {
    this.#held = held;
    this.#wind();
  }

  /** The one thing that can be done; null where there is none, or it was done elsewhere. */
  get offer(): Said["act"] | null {
    const act = this.now?.act;
    return act === undefined || (act.over?.() && !this.busy) ? null : act;
  }

  /** Does the one thing, once; what comes of it is said by whoever does it. */
  async act(): Promise<void> {
    const said = this.now;
    const act = this.offer;
    if (!said || !act || this.busy) return;
    this.busy = true;
    clearTimeout(this.#timer);
    await act.run();
    if (this.now === said) this.dismiss();
  }

  #wind(): void {
    clearTimeout(this.#timer);
    const said = this.now;
    if (said === null || this.#held || this.busy || said.running) return;
    if (said.problem || (said.failed?.length ?? 0) > 0) return;
    this.#timer = setTimeout(() => this.dismiss(), said.act || said.notes ? LASTS : READ);
  }
}

export const said = new SaidLine();
register("say", (line) => said.say(line));
