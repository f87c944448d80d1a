import { describe, expect, it } from "vitest";
import { task as some } from "../../test/tasks";
import type { TaskKind, TaskState, TaskView } from "../backend/backend";
import { closingText } from "./closing";

const task = (kind: TaskKind, state: TaskState = "running"): TaskView =>
  some({ id: kind, kind, state, unit: kind === "push" || kind === "pull" ? "bytes" : "items" });

describe("the question before the window closes", () => {
  it("speaks of transfers where only these run", () => {
    const { title, lines } = closingText(2, [task("push"), task("pull", "waiting"), task("delete", "done")]);
    expect(title).toBe("Close while images are moving?");
    expect(lines).toEqual([expect.stringMatching(/^2 transfers are under way\..*Retry/)]);
  });

  it("speaks of a deletion, and promises no Retry", () => {
    const { title, lines } = closingText(1, [task("delete")]);
    expect(title).toBe("Close during a deletion?");
    expect(lines).toEqual([expect.stringMatching(/^A deletion runs\./)]);
    expect(lines.join(" ")).not.toContain("Retry");
    expect(closingText(2, [task("delete"), task("prune", "waiting")]).lines[0]).toMatch(/^2 deletions run\./);
  });

  it("speaks of an undo", () => {
    expect(closingText(1, [task("undo")])).toEqual({
      title: "Close while something is put back?",
      lines: [expect.stringMatching(/^A deletion is being undone\./)],
    });
  });

  it("speaks of a commit, and promises Retry", () => {
    const { title, lines } = closingText(1, [task("commit")]);
    expect(title).toBe("Close while an image is made?");
    expect(lines).toEqual([expect.stringMatching(/^A container is committed\..*Retry/)]);
  });

  it("speaks of each where several kinds run", () => {
    const { title, lines } = closingText(3, [task("push"), task("prune"), task("undo")]);
    expect(title).toBe("Close while work is under way?");
    expect(lines.map((line) => line.split(".")[0])).toEqual([
      "One transfer is under way",
      "A deletion runs",
      "A deletion is being undone",
    ]);
  });

  it("invents nothing of what is not listed here", () => {
    expect(closingText(2, [])).toEqual({
      title: "Close while work is under way?",
      lines: ["2 tasks are under way. They stop."],
    });
  });
});
