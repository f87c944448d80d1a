/** What is asked before the window closes while tasks run: it speaks of what runs. */
import { isActive } from "../app/waiting";
import type { TaskView } from "../backend/backend";
import { words } from "../messages";

const text = words.transfers.closing;

export interface ClosingText {
  title: string;
  /** What becomes of each kind of task, a sentence or two. */
  lines: string[];
}

/** Returns the question: `running` tasks run, as the backend counts them, and those of them that are listed. */
export function closingText(running: number, tasks: readonly TaskView[]): ClosingText {
  const active = tasks.filter(isActive);
  const transfers = active.filter((task) => task.unit === "bytes").length;
  const undos = active.filter((task) => task.kind === "undo").length;
  const builds = active.filter((task) => task.kind === "build").length;
  const commits = active.filter((task) => task.kind === "commit").length;
  const deletions = active.length - transfers - undos - builds - commits;
  const others = Math.max(0, running - active.length);
  const parts: [count: number, title: string, line: (running: number) => string][] = [
    [transfers, text.titleTransfers, text.transfers],
    [deletions, text.titleDeletions, text.deletions],
    [undos, text.titleUndos, text.undos],
    [builds, text.titleBuilds, text.builds],
    [commits, text.titleCommits, text.commits],
    [others, text.titleMixed, text.others],
  ];
  const there = parts.filter(([count]) => count > 0);
  const [only] = there;
  return {
    title: there.length === 1 && only ? only[1] : text.titleMixed,
    lines: there.map(([count, , line]) => line(count)),
  };
}
