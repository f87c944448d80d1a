/**
 * Waiting for a task: a deletion, a pruning and an undo are ordered like a transfer, and whoever ordered one wants to
 * tell what came of it.
 */
import type { DeleteOutcome, Problem, TaskView } from "../backend/backend";
import { count, words } from "../messages";
import { getBackend, onEvent } from "./state.svelte";

/** How long it takes until the list is asked again where it could not be read. */
const AGAIN = 1000;

export function isActive(task: TaskView): boolean {
  return task.state === "running" || task.state === "waiting";
}

/** Returns how many of how many are done: "3 of 12"; nothing where it is one, or not known yet. */
export function itemsOf(task: TaskView): string {
  if (task.state !== "running" || task.total < 2) return "";
  return words.shared.of(count(Math.min(task.done, task.total)), count(task.total));
}

/**
 * Resolves with a task as it ended, told by an event or by the list: it may have ended before this was called. `saw` is
 * called with the task while it is under way. Rejects where the task is not listed any more.
 */
export function ended(id: string, saw: (task: TaskView) => void = () => undefined): Promise<TaskView> {
  return new Promise((resolve, reject) => {
    let open = true;
    const close = (): void => {
      open = false;
      deaf();
    };
    const take = (task: TaskView): void => {
      if (!open) return;
      if (isActive(task)) return saw(task);
      close();
      resolve(task);
    };
    const deaf = onEvent((event) => {
      if (event.kind === "task" && event.task.id === id) take(event.task);
    });
    const look = async (): Promise<void> => {
      const listed = await getBackend().tasks();
      const task = listed.find((each) => each.id === id);
      if (task) return take(task);
      if (open) reject(unlisted());
      close();
    };
    const ask = (): void => {
      look().catch(() => setTimeout(() => open && ask(), AGAIN)); // an event may tell it before
    };
    ask();
  });
}

function unlisted(): Problem {
  return { code: "other", message: words.transfers.unlisted, hints: [], detail: null };
}

/** What a deletion, a pruning or an undo came to. */
export interface Removed {
  outcome: DeleteOutcome;
  /** Why it ended before its end, although some went. */
  problem: Problem | null;
}

/** Resolves with what a deletion, a pruning or an undo came to; rejects with the problem where nothing was done. */
export async function removed(id: string, saw?: (task: TaskView) => void): Promise<Removed> {
  const { state, outcome, problem } = await ended(id, saw);
  if (outcome?.kind === "removed") return { outcome, problem };
  if (problem !== null) throw problem;
  if (state === "failed") throw unlisted();
  return { outcome: { done: 0, failed: [], undo: null, notes: [] }, problem: null };
}
