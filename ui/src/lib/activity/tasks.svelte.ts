/** The tasks of this window: read once at the start, then kept by events; and what a person does to them. */
import { getBackend, onEvent } from "../app/state.svelte";
import { undoing } from "../app/undoing.svelte";
import { isActive } from "../app/waiting";
import {
  asProblem,
  type AppEvent,
  type Problem,
  type PullOrder,
  type PushOrder,
  type TaskView,
} from "../backend/backend";
import { wentWell } from "./facts";
import { removedOf } from "./removals";
import { isFinished, kept, totals } from "./totals";

/** How long the bar tells how a transfer ended; what failed it tells until somebody has looked. */
export const TOLD = 6_000;

/** How long a rate holds that nothing confirms. */
export const STALLED = 5_000;

/** What is remembered of a push while the window is open. */
export interface Pushed {
  order: PushOrder;
  name: string | null;
  /** Called where the push ends with a problem. */
  failed: (problem: Problem) => void;
  /** Called where it has arrived. */
  arrived?: (task: TaskView) => void;
}

class Transfers {
  /** Newest first. */
  tasks = $state.raw<readonly TaskView[]>([]);
  totals = $derived(totals(this.tasks));
  open = $state(false);
  /** Why the last press on a row had no effect. */
  problem = $state.raw<Problem | null>(null);

  /** Tasks a person has just cancelled; they end when the backend says so. */
  cancelling = $state.raw<ReadonlySet<string>>(new Set());

  // What was ordered in this run, so that a question can be asked again with the same words.
  #pushes = new Map<string, Pushed>();
  #told = new Set<string>();
  /** Tasks whose end the bar tells, in the order of their ends. */
  #telling = $state.raw<readonly string[]>([]);
  /** How the bar's one line ends while nothing moves. */
  last = $derived(this.tasks.find((task) => task.id === this.#telling.at(-1)));
  /** What is heard while the list is on its way, for each reading. */
  #reading = new Set<Map<string, TaskView>>();
  #pulls = new Map<string, PullOrder>();
  /** What is to be done once a build has its image, and its push has begun. */
  #followed = new Map<string, (task: TaskView) => void>();
  /** What takes the rate from a task that stands still. */
  #stalling = new Map<string, ReturnType<typeof setTimeout>>();

  /** Reads the tasks and listens; the returned function ends it. */
  start(): () => void {
    const deaf = onEvent((event) => this.#hear(event));
    void this.read().then(() => {
      // What was cut off by the end of the app is told at its next start, once: then its row is among the transfers.
      const cut = this.tasks.filter((task) => task.untold).map((task) => task.id);
      this.#telling = [...cut.reverse(), ...this.#telling];
    });
    return deaf;
  }

  /** Opens the panel or closes it: what the bar told of ends was seen there. */
  show(open: boolean): void {
    [this.open, this.#telling] = [open, []];
  }

  #tell(task: TaskView): void {
    this.#telling = [...this.#telling.filter((id) => id !== task.id), task.id];
    if (!wentWell(task) && task.state !== "cancelled" && !this.open) return;
    setTimeout(() => (this.#telling = this.#telling.filter((id) => id !== task.id)), TOLD);
  }

  async read(): Promise<void> {
    const heard = new Map<string, TaskView>();
    this.#reading.add(heard);
    try {
      const listed = await getBackend().tasks();
      // The list may be older than what was heard while it was on its way: what has ended does not run again.
      const ids = new Set(listed.map((each) => each.id));
      const begun = [...heard.values()].filter((each) => !ids.has(each.id)).reverse();
      this.tasks = [...begun, ...listed.map((each) => endedOf(heard.get(each.id)) ?? each)];
      for (const task of this.tasks) this.#watch(task);
    } catch (caught) {
      this.problem = asProblem(caught);
    } finally {
      this.#reading.delete(heard);
    }
  }

  /** Remembers a push that was taken; its `failed` is called once if it ends with a problem. */
  pushed(id: string, pushed: Pushed): void {
    this.#pushes.set(id, pushed);
    this.#told.delete(id);
    const task = this.tasks.find((each) => each.id === id);
    if (task) this.#answer(task); // it may have come back already
  }

  /** Remembers what is to be done once a task that a push follows has ended well; it is called once. */
  followed(id: string, take: (task: TaskView) => void): void {
    this.#followed.set(id, take);
    const task = this.tasks.find((each) => each.id === id);
    if (task) this.#answer(task); // it may have ended already
  }

  /** Returns what was ordered for a push of this run. */
  orderOf(id: string): Pushed | undefined {
    return this.#pushes.get(id);
  }

  /** Starts a pull; why it did not begin, or null. */
  async pull(order: PullOrder): Promise<Problem | null> {
    try {
      this.#pulls.set(await getBackend().startPull(order), order);
      return null;
    } catch (caught) {
      return asProblem(caught);
    }
  }

  cancel(task: TaskView): Promise<void> {
    this.cancelling = new Set([...this.cancelling, task.id]);
    return this.#do(async () => {
      try {
        await getBackend().cancelTask(task.id);
      } catch (caught) {
        this.#cancelled(task.id); // it goes on, and can be cancelled again
        throw caught;
      }
    });
  }

  #cancelled(id: string): void {
    if (this.cancelling.has(id)) this.cancelling = new Set([...this.cancelling].filter((each) => each !== id));
  }

  dismiss(task: TaskView): Promise<void> {
    return this.#do(async () => {
      await getBackend().dismissTask(task.id);
      this.tasks = this.tasks.filter((each) => each.id !== task.id);
    });
  }

  clear(): Promise<void> {
    return this.#do(async () => {
      await getBackend().clearFinished();
      this.tasks = this.tasks.filter((each) => !isFinished(each));
    });
  }

  /** Puts back what a deletion took; what comes of it is a row of its own. */
  undo(task: TaskView): Promise<void> {
    return this.#do(async () => {
      const undo = removedOf(task)?.undo ?? null;
      if (undo !== null) await undoing.begin(undo);
    });
  }

  retry(task: TaskView): Promise<void> {
    return this.#do(async () => {
      const id = await getBackend().retryTask(task.id);
      const [pushed, pulled] = [this.#pushes.get(task.id), this.#pulls.get(task.id)];
      if (pushed) this.pushed(id, pushed);
      if (pulled) this.#pulls.set(id, pulled);
      const followed = this.#followed.get(task.id);
      if (followed) this.followed(id, followed);
      await this.read();
    });
  }

  /** Pulls although the local name is taken: the name moves. */
  moveName(task: TaskView): Promise<void> {
    return this.#do(async () => {
      const known = this.#pulls.get(task.id) ?? (await getBackend().orderedPull(task.id));
      const problem = await this.pull({ ...known, moveName: true });
      if (problem) throw problem;
      await getBackend().dismissTask(task.id);
      await this.read();
    });
  }

  /** Does what a row's button asks for; why it had no effect is shown above the rows. */
  async #do(act: () => Promise<void>): Promise<void> {
    this.problem = null;
    try {
      await act();
    } catch (caught) {
      this.problem = asProblem(caught);
    }
  }

  #hear(event: AppEvent): void {
    if (event.kind !== "task") return;
    const { task } = event;
    for (const heard of this.#reading) heard.set(task.id, task);
    if (!isActive(task)) this.#cancelled(task.id);
    const before = this.tasks.find((each) => each.id === task.id);
    const tasks = before ? this.tasks.map((each) => (each.id === task.id ? task : each)) : [task, ...this.tasks];
    this.tasks = kept(tasks);
    this.#watch(task);
    if (!isActive(task) && (!before || isActive(before))) this.#tell(task);
    this.#answer(task);
  }

  /** Lets go of a rate where nothing more is heard of it: how fast it went is no longer how fast it goes. */
  #watch(task: TaskView): void {
    clearTimeout(this.#stalling.get(task.id));
    this.#stalling.delete(task.id);
    if (!isActive(task) || task.rate === null) return;
    const stalled = (): void => {
      this.#stalling.delete(task.id);
      this.tasks = this.tasks.map((each) => (each === task ? { ...each, rate: null } : each));
    };
    this.#stalling.set(task.id, setTimeout(stalled, STALLED));
  }

  #answer(task: TaskView): void {
    const followed = task.state === "done" ? this.#followed.get(task.id) : undefined;
    if (followed) {
      this.#followed.delete(task.id);
      followed(task);
    }
    const known = this.#pushes.get(task.id);
    if (!known || this.#told.has(task.id)) return;
    const came = task.state === "done";
    if (!came && (!task.problem || task.state !== "failed")) return;
    this.#told.add(task.id);
    if (came) known.arrived?.(task);
    else if (task.problem) known.failed(task.problem);
  }
}

function endedOf(task: TaskView | undefined): TaskView | undefined {
  return task && !isActive(task) ? task : undefined;
}

export const transfers = new Transfers();
