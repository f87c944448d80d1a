// The registries that were started on this computer, as the backend knows them: whoever shows an account of one reads here
// whether it runs. Nothing here knows how that is drawn.

import { asProblem, type AccountView, type HostedView, type Problem, type Stale } from "../backend/backend";
import { getBackend } from "../backend/current";

/** What may have come with one that began to run or ended: asked about again where there are any. */
const TELLS: readonly Stale["of"][] = ["containers", "engine", "answering", "accounts"];

class Hosted {
  all = $state.raw<readonly HostedView[]>([]);
  /** Those that are being started or stopped, by their ids. */
  busy = $state.raw<ReadonlySet<string>>(new Set());
  /** What starting or stopping one came to, where it failed, by its id. */
  problems = $state.raw<Readonly<Record<string, Problem>>>({});
  #stale = false;
  #reading: Promise<void> | undefined;

  /** The registry that an account is at; null where it wasn't started here. */
  of(account: Pick<AccountView, "host"> | undefined): HostedView | null {
    return this.all.find((each) => each.host === account?.host) ?? null;
  }

  /** The same, where it doesn't run. */
  stopped(account: Pick<AccountView, "host"> | undefined): HostedView | null {
    const found = this.of(account);
    return found?.state === "stopped" ? found : null;
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
      this.all = await getBackend().hosted();
    }
  }

  /** Takes that something is stale. */
  hear(what: Stale): void {
    const asks = what.of === "hosted" || (this.all.length > 0 && TELLS.includes(what.of));
    if (asks) void this.read().catch(() => undefined); // the next event reads again
  }

  /** Starts one that is stopped; true once it answers. */
  start(id: string): Promise<boolean> {
    return this.#act(id, () => getBackend().startHosted(id));
  }

  stop(id: string): Promise<boolean> {
    return this.#act(id, () => getBackend().stopHosted(id));
  }

  async #act(id: string, act: () => Promise<void>): Promise<boolean> {
    if (this.busy.has(id)) return false;
    this.busy = new Set([...this.busy, id]);
    this.problems = without(this.problems, id);
    let done = true;
    try {
      await act();
    } catch (thrown) {
      this.problems = { ...this.problems, [id]: asProblem(thrown) };
      done = false;
    }
    await this.read().catch(() => undefined);
    this.busy = new Set([...this.busy].filter((each) => each !== id));
    return done;
  }

  /** Begins anew, with another backend. */
  reset(): void {
    [this.all, this.busy, this.problems] = [[], new Set(), {}];
  }
}

function without(problems: Readonly<Record<string, Problem>>, id: string): Readonly<Record<string, Problem>> {
  return Object.fromEntries(Object.entries(problems).filter(([each]) => each !== id));
}

export const hosted = new Hosted();
