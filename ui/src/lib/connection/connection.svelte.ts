// The door of the connection check, and what its sheet works on: other rooms open it from here, the window shows it.

import { answering } from "../app/answering.svelte";
import { register } from "../app/actions";
import { app, getBackend, onEvent } from "../app/state.svelte";
import {
  asProblem,
  type AccountView,
  type CheckLine,
  type CheckView,
  type Probe,
  type Problem,
} from "../backend/backend";

/** What stands always, in this order; all else folds away where nothing is to be said of it. */
const FIRST: readonly Probe[] = ["reached", "certificate", "clock", "signedIn", "catalog"];
/** What only an upload tells. */
const BY_UPLOAD: readonly Probe[] = ["mount", "chunks"];

export class Check {
  readonly account: string;
  readonly repository: string | null;
  view = $state.raw<CheckView | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** All lines are shown. */
  open = $state(false);
  /** The report was copied. */
  copied = $state(false);

  constructor(account: string, repository: string | null) {
    [this.account, this.repository] = [account, repository];
  }

  running = $derived.by(() => this.problem === null && (this.view === null || this.view.running));
  first = $derived.by(() => this.#lines((line) => FIRST.includes(line.probe)));
  /** Of the rest, what a person should see at once. */
  told = $derived.by(() => this.#rest.filter((line) => this.open || isTold(line)));
  /** Of the rest, what folds away. */
  folded = $derived.by(() => (this.running ? [] : this.#rest.filter((line) => !isTold(line))));
  #rest = $derived.by(() => this.#lines((line) => !FIRST.includes(line.probe)));
  /** An upload would tell more. */
  canUpload = $derived.by(() => {
    const read = this.view?.lines.find(({ probe }) => probe === "read")?.mark;
    const asked = this.#rest.some(({ probe, mark }) => BY_UPLOAD.includes(probe) && mark !== "unknown");
    return !this.running && read === "good" && !asked;
  });

  #lines(wanted: (line: CheckLine) => boolean): CheckLine[] {
    return (this.view?.lines ?? []).filter(wanted);
  }

  /** Asks, and takes the lines as they come until the returned function is called. */
  begin(): () => void {
    const deaf = onEvent((event) => {
      if (event.kind === "checked" && event.check.account === this.account) this.view = event.check;
    });
    void this.ask();
    return deaf;
  }

  async ask(): Promise<void> {
    [this.problem, this.copied] = [null, false];
    if (this.view !== null) this.view = { ...this.view, running: true };
    await this.#take(getBackend().checkConnection(this.account, this.repository, true));
  }

  /** Begins an upload and gives it up: what only that tells. */
  async tryUpload(): Promise<void> {
    this.open = true;
    await this.#take(getBackend().tryUpload(this.account));
  }

  async #take(asked: Promise<CheckView | null>): Promise<void> {
    try {
      this.view = await asked;
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  report = (): Promise<string> => getBackend().checkReport(this.account);
}

/** Tells whether a line is shown at once: it doesn't do what one might count on. */
function isTold({ mark }: CheckLine): boolean {
  return mark === "warn" || mark === "bad" || mark === "no";
}

class Connections {
  /** What the sheet works on; null while it is closed. */
  check = $state.raw<Check | null>(null);

  close(): void {
    this.check = null;
  }
}

export const connections = new Connections();

/** Opens the connection check of an account; in the repository on show, where it is of that account. */
export function openCheck(account: string): void {
  const at = app.place;
  const here = at.kind === "repository" && at.account === account ? at.repository : null;
  connections.check = new Check(account, here);
}

/** How the accounts stood when they were last seen. */
const states = new Map<string, AccountView["state"]>();

/** Looks lightly at accounts that have come, or signed in, since they were last seen; not at those that are there already. */
export function followAccounts(accounts: readonly AccountView[], isFirst: boolean): void {
  for (const { id, state } of accounts) {
    const before = states.get(id);
    states.set(id, state);
    if (!isFirst && before !== state && (state === "signedIn" || state === "anonymous")) lookLightly(id);
  }
}

/** Has accounts looked at lightly, at most now and then, when one signs in or answers again after it didn't. */
export function watchConnections(): () => void {
  register("checkConnection", ({ account }) => openCheck(account));
  return answering.onAnswers(null, lookLightly);
}

/** Looks at one account lightly; whether it is time to, the backend knows. */
export function lookLightly(account: string): void {
  void getBackend()
    .checkConnection(account, null, false)
    .catch(() => undefined); // nobody asked for it
}
