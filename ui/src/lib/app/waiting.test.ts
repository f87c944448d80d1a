import { describe, expect, it, vi } from "vitest";
import { settle, started } from "../../test/start";
import { task as some } from "../../test/tasks";
import type { TaskView } from "../backend/backend";
import { problem } from "../fake/problem";
import { ended, removed } from "./waiting";

/** A deletion of three. */
const task = (changes: Partial<TaskView> = {}): TaskView =>
  some({ kind: "delete", tag: "", short: "", unit: "items", canRetry: false, total: 3, ...changes });
const outcome = { kind: "removed" as const, done: 2, failed: [], undo: "7", notes: [] };

describe("waiting for a task", () => {
  it("is told by an event, and sees it while it is under way", async () => {
    const backend = await started((made) => made.transfers.put(task()));
    const seen: number[] = [];
    const end = ended("t1", (each) => seen.push(each.done));
    await settle();
    backend.transfers.put(task({ done: 1 }));
    backend.transfers.put(task({ id: "t2", state: "done" })); // another one
    backend.transfers.put(task({ done: 3, state: "done" }));
    expect((await end).state).toBe("done");
    expect(seen).toEqual([0, 1]);
  });

  it("finds one that had ended before anybody waited", async () => {
    await started((made) => made.transfers.put(task({ state: "cancelled" })));
    expect((await ended("t1")).state).toBe("cancelled");
  });

  it("believes an end that was heard while an older list was on its way", async () => {
    const backend = await started((made) => made.transfers.put(task()));
    let answer: ((list: TaskView[]) => void) | undefined;
    backend.tasks = () => new Promise((done) => (answer = done));
    const seen = vi.fn();
    const end = ended("t1", seen);
    backend.transfers.put(task({ state: "done" }));
    answer?.([task()]);
    expect((await end).state).toBe("done");
    await settle();
    expect(seen).not.toHaveBeenCalled();
  });

  it("asks again where the list could not be read", async () => {
    vi.useFakeTimers();
    const backend = await started((made) => made.transfers.put(task({ state: "done" })));
    backend.failing = { tasks: problem("The disk is full.") };
    const end = ended("t1");
    await vi.advanceTimersByTimeAsync(10);
    backend.failing = {};
    await vi.advanceTimersByTimeAsync(1100);
    vi.useRealTimers();
    expect((await end).state).toBe("done");
  });

  it("rejects where it is listed no more", async () => {
    await started();
    await expect(ended("t1")).rejects.toMatchObject({ code: "other" });
  });
});

describe("what a deletion came to", () => {
  it("is its outcome, also of one that was stopped or failed on the way", async () => {
    const backend = await started((made) => made.transfers.put(task({ state: "cancelled", outcome })));
    expect(await removed("t1")).toMatchObject({ outcome: { done: 2, undo: "7" }, problem: null });
    backend.transfers.put(task({ state: "failed", outcome, problem: problem("The disk is full.") }));
    expect(await removed("t1")).toMatchObject({ outcome: { done: 2 }, problem: { message: "The disk is full." } });
  });

  it("is nothing where it was stopped before its turn", async () => {
    await started((made) => made.transfers.put(task({ state: "cancelled" })));
    expect((await removed("t1")).outcome).toEqual({ done: 0, failed: [], undo: null, notes: [] });
  });

  it("is the problem where nothing was done", async () => {
    const signIn = problem("Sign in.", "signIn");
    await started((made) => made.transfers.put(task({ state: "failed", problem: signIn })));
    await expect(removed("t1")).rejects.toEqual(signIn);
  });
});
