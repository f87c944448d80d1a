/** What the activity bar says, as words. */
import { engines } from "../app/engines.svelte";
import { isActive, itemsOf } from "../app/waiting";
import type { Loaded, TaskItem, TaskView } from "../backend/backend";
import { words } from "../messages";
import { bytes, bytesOf, count, duration, rate as rateText, shortDigest } from "../messages/format";
import { isMaking, removalRunning, removalText, removalTitle, removedOf } from "./removals";
import { leftOf, type Totals } from "./totals";

const text = words.transfers;

/** Returns the last part of a repository's path. */
function nameOf(task: TaskView): string {
  return task.repository.split("/").at(-1) ?? task.repository;
}

/** Returns where a task has its effect: "genomics/aligner:v3"; empty where that is no repository. */
export function taskPlace({ repository, tag }: TaskView): string {
  return tag === "" ? repository : `${repository}:${tag}`;
}

/** Returns the title of a task: "app:1 → genomics/aligner:v3", "genomics/aligner:v3 → this computer". */
export function taskTitle(task: TaskView): string {
  if (task.unit === "items") return removalTitle(task, nameOf(task));
  if (isArchive(task)) {
    if (task.kind === "load") return text.archive.load(task.image ?? "");
    return task.image === null ? text.archive.saveSome(task.short) : text.archive.save(task.image);
  }
  const there = `${task.repository}:${task.tag}`;
  const here = task.engine ? engines.nameOf(task.engine) : text.thisComputer;
  return task.kind === "pull" ? text.route(there, here) : text.route(task.image ?? task.short, there);
}

/** Tells whether a task moves images between the engine and a file. */
function isArchive({ kind }: TaskView): boolean {
  return kind === "save" || kind === "load";
}

/** Returns the digits that stand beside a title; nothing where the title says them. */
export function shortBeside(task: TaskView): string {
  return isArchive(task) || (task.kind === "push" && task.image === null) ? "" : task.short;
}

/** Returns that the engine tries again, in a sentence; null while all goes on. */
export function retryText({ retrying }: TaskView): string | null {
  if (retrying === null) return null;
  const { at, attempt, of } = retrying;
  return at === 0 ? text.triesFirst(attempt, of) : text.triesAgain(bytes(at), attempt, of);
}

function amounts(done: number, total: number, perSecond: number | null, left: number | null): string {
  if (total === 0 && done === 0) return text.preparing;
  return [
    // How long an archive gets nobody knows before it is there.
    total === 0 ? bytes(done) : bytesOf(done, total),
    perSecond === null || perSecond <= 0 ? null : rateText(perSecond),
    // What is left takes some seconds, or is not told.
    left === null || left < 1 ? null : text.left(duration(left)),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

/** Returns how far a task is: "189.2 of 411.9 MB · 38.4 MB/s · 6 s left", "3 of 12". */
export function taskFacts(task: TaskView): string {
  if (task.state === "waiting") return text.waitingFor;
  if (task.unit === "items") return itemsOf(task);
  const done = task.total === 0 ? task.done : Math.min(task.done, task.total);
  return amounts(done, task.total, task.rate, leftOf(task));
}

/** Returns how a task ended, in a sentence; null while it has not. */
export function taskOutcome(task: TaskView): string | null {
  const { outcome } = task;
  switch (task.state) {
    case "done": {
      if (!outcome) return text.items.done;
      if (outcome.kind === "removed") return removalText(task, outcome);
      if (outcome.kind === "made") {
        const said = task.kind === "commit" ? text.commit : text.build;
        return said.made(shortDigest(outcome.image), outcome.name, outcome.then);
      }
      if (outcome.kind === "saved") return text.archive.saved(outcome.path, bytes(outcome.bytes));
      if (outcome.kind === "loaded") return loadedText(outcome);
      const { name, digest } = outcome;
      return task.kind === "pull" ? text.pulledAs(name) : text.pushedAs(name, digest && shortDigest(digest));
    }
    case "failed":
      return task.problem?.message ?? text.failed;
    case "cancelled":
      if (task.unit === "bytes") return text.cancelled;
      if (outcome?.kind === "removed") return removalText(task, outcome);
      // An engine that has begun goes on by itself.
      return task.kind === "commit" && task.total > 0 ? text.commit.stopped : text.stopped;
    case "interrupted":
      return task.problem?.message ?? text.interrupted;
    default:
      return null;
  }
}

/** Returns what came out of an archive. */
function loadedText({ names, more }: Loaded): string {
  if (names.length === 0) return text.archive.loadedNothing;
  const all = names.join(", ");
  return more === 0 ? text.archive.loaded(all) : text.archive.loadedMore(all, count(more));
}

/** Tells whether a task did all it was asked for. */
export function wentWell(task: TaskView): boolean {
  return task.state === "done" && (removedOf(task)?.failed.length ?? 0) === 0;
}

/**
 * Returns what a person should know besides: what went although the rest failed, the commit tag that was written, and
 * the backend's own notes.
 */
export function taskNotes(task: TaskView): string[] {
  const outcome = task.outcome;
  if (!outcome || isActive(task)) return [];
  const notes = outcome.notes.map((note) => note.text);
  if (outcome.kind === "removed") {
    const partly = task.state === "failed" || task.state === "interrupted";
    return partly ? [`${removalText(task, outcome)}.`, ...notes] : notes;
  }
  if (outcome.kind !== "moved") return notes;
  const tag = outcome.commitTag;
  // The backend may say the same of the commit tag in its own words: then once is enough.
  if (tag === null || outcome.notes.some((note) => note.commitTag === tag)) return notes;
  return [task.state === "done" ? text.keptBy(tag) : text.keptLeft(tag), ...notes];
}

/** Returns the right end of a layer's line. */
export function layerText(item: TaskItem): string {
  if (item.state !== "moving" && item.state !== "done") return text.items[item.state];
  return item.total > 0 ? bytes(item.total) : text.items[item.state];
}

export interface BarText {
  kind: "moving" | "done" | "failed" | "quiet";
  title: string;
  short: string | null;
  facts: string;
  more: string;
  /** Read aloud when it changes: beginnings and ends, never the bytes. */
  said: string;
  /** The bar over all bytes is drawn beside it. */
  bar: boolean;
}

const quiet: BarText = { kind: "quiet", title: "", short: null, facts: "", more: "", said: "", bar: false };

/**
 * Returns the bar's one line: what moves, else what is taken away, else how the one ended that is still to be told;
 * nothing where there is none.
 */
export function barText(tasks: readonly TaskView[], totals: Totals, last: TaskView | undefined): BarText {
  const active = tasks.filter(isActive);
  const running = active.filter((task) => task.state === "running");
  const removals = running.filter((task) => task.unit === "items");
  const first = running.find((task) => task.unit === "bytes") ?? removals[0] ?? active[0];
  if (!first) return last ? endText(last) : quiet;
  const waiting = totals.waiting > 0 && running.length > 0 ? [text.moreWaiting(totals.waiting)] : [];
  const told = removals.map((task) => removalRunning(task, itemsOf(task)));
  if (first.unit === "items") {
    const [title = removalRunning(first, ""), ...others] = told;
    return {
      ...quiet,
      kind: "moving",
      title,
      facts: running.length === 0 ? text.waitingFor : isMaking(first) ? first.tag && taskPlace(first) : nameOf(first),
      more: [...others, ...waiting].join(" · "),
      said: `${removalRunning(first, "")}, ${nameOf(first)}`,
    };
  }
  const route = taskTitle(first);
  const verb = verbOf(first, route);
  const several = totals.running > 1;
  const again = running.map(retryText).find((told) => told !== null) ?? null;
  const moved = totals.running === 0 ? text.waitingFor : amounts(totals.done, totals.total, totals.rate, totals.left);
  const title = several ? text.several(totals.running) : verb;
  return {
    kind: "moving",
    title,
    short: several ? null : shortBeside(first) || null,
    facts: again ?? moved,
    more: [...told, ...waiting].join(" · "),
    said: [title, ...removals.map((task) => removalRunning(task, "")), ...(again === null ? [] : [again])].join(". "),
    bar: true,
  };
}

/** Returns what is being done with bytes. */
function verbOf({ kind, image, short }: TaskView, route: string): string {
  if (kind === "load") return text.archive.loading(image ?? "");
  if (kind === "save") return text.archive.saving(image ?? text.archive.images(short));
  return kind === "pull" ? text.pulling(route) : text.pushing(route);
}

/** Returns how one ended. */
function endText(last: TaskView): BarText {
  const outcome = taskOutcome(last);
  if (outcome === null) return quiet;
  if (wentWell(last)) return { ...quiet, kind: "done", title: outcome, said: outcome };
  const failures = removedOf(last)?.failed.length ?? 0;
  if (last.state === "done") {
    const facts = text.couldNot(count(failures));
    return { ...quiet, kind: "failed", title: outcome, facts, said: `${outcome}. ${facts}` };
  }
  if (last.state === "cancelled") {
    const [title, facts] =
      last.unit === "bytes"
        ? [text.cancelledSummary(taskTitle(last)), ""]
        : [text.stoppedSummary(taskTitle(last)), removedOf(last) ? outcome : ""];
    return { ...quiet, title, facts, said: `${title}. ${facts}` };
  }
  const title = text.failedSummary(taskTitle(last));
  return { ...quiet, kind: "failed", title, facts: outcome, said: `${title}. ${outcome}` };
}
