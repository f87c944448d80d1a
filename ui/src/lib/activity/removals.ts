/** What the bar and its list say of tasks that count items: deletions, prunings, undos, builds, commits. */
import type { DeleteOutcome, TaskView } from "../backend/backend";
import { words } from "../messages";
import { count } from "../messages/format";
import { readCommitTag } from "../messages/names";

const text = words.transfers;

/** Returns what was taken away or put back; null of a transfer, and of what has not got so far. */
export function removedOf(task: TaskView): DeleteOutcome | null {
  return task.outcome?.kind === "removed" ? task.outcome : null;
}

/** Tells whether a task makes an image here. */
export function isMaking({ kind }: Pick<TaskView, "kind">): boolean {
  return kind === "build" || kind === "commit";
}

/** Returns the title of its row. */
export function removalTitle({ kind, tag, image, repository }: TaskView, name: string): string {
  if (kind === "build" || kind === "commit") {
    return text[kind].of(image ?? "", repository === "" ? null : `${repository}:${tag}`);
  }
  if (kind === "prune") return text.prune.of(name);
  if (kind === "undo") return text.putBack.of(name);
  if (tag === "") return text.delete.of(name);
  return readCommitTag(tag) === null ? text.delete.tag(name, tag) : text.delete.kept(name);
}

/** Returns what goes on, with the count where it is given: "Deleting 3 of 12". */
export function removalRunning({ kind, image }: TaskView, so: string): string {
  if (kind === "build") return text.build.running(image ?? "", so);
  if (kind === "commit") return text.commit.running(image ?? "");
  if (kind === "prune") return text.prune.running(so);
  return kind === "undo" ? text.putBack.running(so) : text.delete.running(so);
}

/** Returns how many went, or are back. */
export function removalText(task: TaskView, { done, failed }: DeleteOutcome): string {
  const of = Math.max(task.total, done + failed.length);
  const said = task.kind === "prune" ? text.prune : task.kind === "undo" ? text.putBack : text.delete;
  if (done === 0) return said.none;
  if (done < of) return said.part(count(done), count(of));
  if (task.kind === "delete" && of === 1) {
    const kept = readCommitTag(task.tag);
    return kept ? text.delete.noLonger(kept.short) : text.delete.one(task.tag || task.short);
  }
  return said.all(count(done), done === 1);
}
