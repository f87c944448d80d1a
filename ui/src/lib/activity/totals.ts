/** One bar over all bytes, as pure functions over the tasks. What counts items (a deletion) has no part in it. */
import { isActive } from "../app/waiting";
import type { Code, TaskView } from "../backend/backend";

export interface Totals {
  /** Transfers that move bytes now. */
  running: number;
  /** Tasks that wait for their turn, whatever they count. */
  waiting: number;
  done: number;
  /** 0 while nothing is known. */
  total: number;
  /** Bytes a second over all; null while unknown. */
  rate: number | null;
  /** Seconds left; null where it can't be told honestly. */
  left: number | null;
}

/** Tells whether a task failed or was cut off, and can be repeated as it was ordered. */
export function canRetry(task: TaskView): boolean {
  return task.canRetry && ["failed", "interrupted", "cancelled"].includes(task.state);
}

/** Tells whether a task is over and went wrong in nothing: it was done, or ended by the person or with the app. */
export function isFinished(task: TaskView): boolean {
  return task.state === "done" || task.state === "cancelled" || task.state === "interrupted";
}

/** So many ended tasks are listed, the newest; the backend keeps no more. */
const MOST_ENDED = 100;

/** Returns the tasks without the oldest of those that have ended, where there are more than are kept. */
export function kept(tasks: readonly TaskView[]): readonly TaskView[] {
  let ended = 0;
  return tasks.filter((task) => isActive(task) || ++ended <= MOST_ENDED);
}

/** Tells whether a problem of a transfer is a question, which can be asked again. */
export function asksAgain(code: Code): boolean {
  return code === "notKept" || code === "tagMoved" || code === "notAsked" || code === "nameTaken";
}

/**
 * Returns the transfers that share the bar: all that move or wait, and those that ended well since the first of
 * them began. Without these the bar would run backwards whenever one of several transfers ends.
 */
export function batch(tasks: readonly TaskView[]): TaskView[] {
  const transfers = tasks.filter((task) => task.unit === "bytes");
  const active = transfers.filter(isActive);
  if (active.length === 0) return [];
  const began = Math.min(...active.map((task) => task.startedAt));
  return transfers.filter(
    (task) => isActive(task) || (task.state === "done" && task.finishedAt !== null && task.finishedAt > began),
  );
}

export function totals(tasks: readonly TaskView[]): Totals {
  const counted = batch(tasks);
  const running = counted.filter((task) => task.state === "running");
  const waiting = tasks.filter((task) => task.state === "waiting");
  const done = counted.reduce((sum, task) => sum + Math.min(task.done, task.total), 0);
  const total = counted.reduce((sum, task) => sum + task.total, 0);
  const rates = running.flatMap((task) => (task.rate === null ? [] : [task.rate]));
  const rate = rates.length === 0 ? null : rates.reduce((sum, each) => sum + each, 0);
  // Where the size of one transfer is not known yet, any time left would be a guess.
  const unknown = counted.some((task) => isActive(task) && task.total === 0);
  const left = unknown || rate === null || rate <= 0 ? null : Math.max(0, total - done) / rate;
  return { running: running.length, waiting: waiting.length, done, total, rate, left };
}

/** Seconds left of one transfer; null where it can't be told. */
export function leftOf(task: TaskView): number | null {
  if (task.state !== "running" || task.total === 0 || task.rate === null || task.rate <= 0) return null;
  return Math.max(0, task.total - task.done) / task.rate;
}

/** Returns the part moved, 0 to 1. */
export function part(done: number, total: number): number {
  return total <= 0 ? 0 : Math.min(1, Math.max(0, done / total));
}
