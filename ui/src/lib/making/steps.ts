/** The steps of a build as the sheet shows them: pure functions over what the backend told. */
import type { BuildStep, TaskView } from "../backend/backend";
import { words } from "../messages";
import { duration } from "../messages/format";

const text = words.making;

/** Puts what changed in its place; steps stand in the order of their keys. */
export function fold(steps: readonly BuildStep[], changed: readonly BuildStep[]): readonly BuildStep[] {
  if (changed.length === 0) return steps;
  const all = new Map(steps.map((step) => [step.key, step]));
  for (const step of changed) all.set(step.key, step);
  return [...all.values()].sort((a, b) => a.key - b.key);
}

/** Returns which one a step is: "3 of 7"; empty where nobody counts. */
export function stepCount({ number, of, stage }: BuildStep): string {
  if (number === null || of === null) return "";
  return stage === null ? text.stepOf(number, of) : text.stageOf(stage, number, of);
}

/** Returns how long a step took, or that it needed nothing: "41 s", "cached". */
export function stepTime(step: BuildStep, now: number): string {
  switch (step.state) {
    case "running":
      return now - step.began < 1 ? "" : elapsed(now - step.began);
    case "cached":
      return text.cached;
    case "failed":
      return text.failed;
    case "stopped":
      return text.stopped;
    case "done":
      return step.seconds === null || step.seconds < 1 ? "" : elapsed(step.seconds);
  }
}

/** Writes how long something takes, to the second for the first hour: "1 min 12 s". */
function elapsed(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1 || minutes >= 60) return duration(seconds);
  const rest = seconds % 60;
  return rest === 0 ? duration(minutes * 60) : `${duration(minutes * 60)} ${duration(rest)}`;
}

/** Tells which step is open by itself: the one that runs, else the one that failed. */
export function openByItself(steps: readonly BuildStep[]): number | null {
  const found = steps.findLast((step) => step.state === "running") ?? steps.find((step) => step.state === "failed");
  return found?.key ?? null;
}

/** Returns which steps have not begun: "4–7"; null where none is known of. */
export function restOf(steps: readonly BuildStep[], running: boolean): string | null {
  const last = steps.at(-1);
  if (!running || !last || last.number === null || last.of === null || last.number >= last.of) return null;
  return text.rest(last.number + 1, last.of);
}

/** Returns where the image of a build is pushed then: "genomics/aligner:v4"; null where it isn't. */
export function placeOf({ repository, tag }: Pick<TaskView, "repository" | "tag">): string | null {
  return repository === "" ? null : `${repository}:${tag}`;
}
