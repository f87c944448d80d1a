import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { task as some } from "../../test/tasks";
import type { DeleteOrder, DeleteOutcome, TaskView } from "../backend/backend";
import { problem, type FakeBackend } from "../fake/fake";
import ActivityBar from "./ActivityBar.svelte";
import { taskNotes, taskOutcome, taskTitle } from "./facts";
import { transfers } from "./tasks.svelte";

const WHERE = { account: "registry.polly.example", repository: "genomics/aligner" };

/** A deletion of which 3 of 12 are done. */
const task = (changes: Partial<TaskView> = {}): TaskView =>
  some({
    id: "d1",
    kind: "delete",
    tag: "",
    short: "",
    unit: "items",
    canRetry: false,
    done: 3,
    total: 12,
    ...changes,
  });
const removed = (changes: Partial<DeleteOutcome> = {}): { kind: "removed" } & DeleteOutcome => ({
  ...{ kind: "removed", done: 12, failed: [], undo: null, notes: [] },
  ...changes,
});
const pull = (changes: Partial<TaskView> = {}): TaskView =>
  task({ id: "t1", kind: "pull", unit: "bytes", tag: "v3", done: 189_200_000, total: 411_900_000, ...changes });

async function shown(...tasks: TaskView[]): Promise<FakeBackend> {
  const backend = await started((made) => {
    for (const each of tasks) made.transfers.put(each);
  });
  render(ActivityBar);
  await waitFor(() => expect(transfers.tasks).toHaveLength(tasks.length));
  return backend;
}
const openPanel = (): Promise<boolean> => fireEvent.click(screen.getByTestId("activity-open"));
const bar = (): string => screen.getByTestId("activity-open").textContent?.replace(/\s+/g, " ").trim() ?? "";
const order = (backend: FakeBackend, ...names: string[]): DeleteOrder => ({
  ...WHERE,
  items: names.map((name) => {
    const row = backend.tagsOf(WHERE.repository).find((each) => each.name === name);
    return { item: { kind: "tag", name }, expected: row?.digest ?? "", names: [] };
  }),
});
/** Gives the window up as a reload does, and shows it anew on the same backend. */
async function reload(): Promise<void> {
  cleanup();
  transfers.show(false);
  transfers.tasks = [];
  render(ActivityBar);
  await waitFor(() => expect(transfers.tasks.length).toBeGreaterThan(0));
}

afterEach(() => {
  cleanup();
  transfers.show(false);
  [transfers.tasks, transfers.problem] = [[], null];
});

describe("a deletion in the activity bar", () => {
  it("counts its items, with no bar over bytes", async () => {
    await shown(task());
    expect(bar()).toBe("Deleting 3 of 12 aligner");
    expect(screen.queryByRole("progressbar")).toBeNull();
    expect(screen.getByTestId("activity-said").textContent).toBe("Deleting, aligner"); // never the count
    expect(screen.getByTestId("activity").dataset["state"]).toBe("moving");
  });

  it("stands beside the bytes of a transfer, and adds nothing to them", async () => {
    await shown(pull({ rate: 38_400_000 }), task(), task({ id: "d2", kind: "prune", state: "waiting" }));
    expect(bar()).toContain("Pulling genomics/aligner:v3 → this computer");
    expect(bar()).toContain("189.2 of 411.9 MB · 38.4 MB/s · 6 s left");
    expect(bar()).toContain("Deleting 3 of 12 · 1 more waiting");
    expect(screen.getAllByRole("progressbar")).toHaveLength(1);
  });

  it("has a row that counts and stops that one alone, without a fault a checker finds", async () => {
    const backend = await shown(task(), task({ id: "d2", kind: "prune", done: 1, total: 4 }));
    await openPanel();
    const [row, other] = screen.getAllByTestId("task-row").sort((a) => (a.dataset["id"] === "d1" ? -1 : 1));
    if (!row || !other) throw new Error("no rows");
    expect(within(row).getByTestId("task-facts").textContent).toBe("3 of 12");
    expect(within(row).getByRole("progressbar").getAttribute("aria-label")).toBe("Items done");
    expect(within(other).getByText("Prune aligner")).toBeTruthy();
    expect(within(row).getByTestId("task-cancel").textContent).toBe("Stop");
    const found = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
    await fireEvent.click(within(row).getByTestId("task-cancel"));
    await waitFor(() => expect(backend.calls).toContainEqual(["cancelTask", "d1"]));
    expect(backend.calls.filter(([name]) => name === "cancelTask")).toHaveLength(1);
  });

  it("follows one from its first item to its end", async () => {
    const backend = await shown();
    backend.removals.held = true;
    await backend.delete(order(backend, "nightly", "v1"));
    await waitFor(() => expect(bar()).toContain("Deleting 0 of 2"));
    backend.removals.next();
    await waitFor(() => expect(bar()).toContain("Deleting 1 of 2"));
    backend.removals.next();
    await waitFor(() => expect(bar()).toContain("Deleted 2"));
    expect(screen.getByTestId("activity").dataset["state"]).toBe("done");
  });
});

describe("a window that was reloaded during a deletion", () => {
  it("finds it, and what it came to, with its Undo", async () => {
    const backend = await shown();
    backend.removals.held = true;
    await backend.delete(order(backend, "nightly", "v1"));
    await reload();
    expect(bar()).toContain("Deleting 0 of 2");
    backend.removals.held = false;
    backend.removals.next();
    await waitFor(() => expect(bar()).toContain("Deleted 2"));
    await reload();
    await openPanel();
    expect(screen.getByTestId("task-outcome").textContent).toContain("Deleted 2");
    await fireEvent.click(screen.getByTestId("task-undo"));
    await waitFor(() => expect(screen.getAllByTestId("task-row")).toHaveLength(2));
    await waitFor(() => expect(bar()).toContain("2 are back"));
    expect(screen.queryByTestId("task-undo")).toBeNull(); // it was put back, once
    expect(backend.tagsOf(WHERE.repository).some((row) => row.deleted)).toBe(false);
    expect(document.activeElement).not.toBe(document.body);
  });

  it("does not show it running for ever where it ended while the list was on its way", async () => {
    const backend = await started((made) => made.transfers.put(task()));
    let answer: ((list: TaskView[]) => void) | undefined;
    backend.tasks = () => new Promise((done) => (answer = done));
    render(ActivityBar);
    await settle();
    backend.transfers.put(task({ state: "done", finishedAt: 200, outcome: removed() }));
    answer?.([task()]);
    await waitFor(() => expect(bar()).toContain("Deleted 12"));
  });
});

describe("the row of what was deleted", () => {
  it("says how many went, what failed, and what one should know", async () => {
    const failed = [
      { name: "v2", problem: problem("It points elsewhere now.", "tagMoved", { hints: ["Look again."] }) },
    ];
    const notes = [{ text: "v9 was gone already.", commitTag: null }];
    const backend = await shown(task());
    const outcome = removed({ done: 11, failed, undo: "x1", notes });
    backend.emit({ kind: "task", task: task({ state: "done", finishedAt: 200, outcome }) });
    await waitFor(() => expect(bar()).toContain("Deleted 11 of 12"));
    expect(bar()).toContain("1 could not be done");
    expect(screen.getByTestId("activity").dataset["state"]).toBe("failed");
    await openPanel();
    expect(screen.getByTestId("task-failed").textContent).toContain("v2: It points elsewhere now. Look again.");
    expect(screen.getByTestId("task-note").textContent).toBe("v9 was gone already.");
    expect(screen.getByTestId("task-undo")).toBeTruthy();
    expect(screen.queryByTestId("task-retry")).toBeNull();
  });

  it("offers neither Retry nor a transfer’s question, whatever it failed with", async () => {
    const moved = problem("The tag moved.", "tagMoved");
    await shown(task({ state: "failed", finishedAt: 200, problem: moved }));
    await openPanel();
    for (const id of ["task-retry", "task-again", "task-move-name", "task-undo"]) {
      expect(screen.queryByTestId(id)).toBeNull();
    }
    expect(screen.getByTestId("task-dismiss")).toBeTruthy();
  });

  it("offers Undo again, and says why, where it could not be put back", async () => {
    const backend = await shown(task({ state: "done", finishedAt: 200, outcome: removed({ undo: "no-such" }) }));
    await openPanel();
    await fireEvent.click(screen.getByTestId("task-undo"));
    await waitFor(() => expect(screen.getByTestId("problem").textContent).toContain("can’t be undone"));
    await waitFor(() => expect(screen.getByTestId("task-undo")).toBeTruthy());
    expect(backend.calls).toContainEqual(["undoDelete", "no-such"]);
  });
});

describe("the words for what was taken away", () => {
  const kept = "_h.v3.20261121t071204z-8c41f09be2d70123456789abcdef0123456789abcdef0123456789abcdef0123";
  it.each([
    [task({ tag: "nightly", total: 1 }), removed({ done: 1 }), "Delete aligner:nightly", "Deleted nightly"],
    [task({ tag: kept, total: 1 }), removed({ done: 1 }), "Stop keeping in aligner", "8c41f09be2d7 is no longer kept"],
    [task({ short: "8c41f09be2d7", total: 1 }), removed({ done: 1 }), "Delete in aligner", "Deleted 8c41f09be2d7"],
    [task(), removed(), "Delete in aligner", "Deleted 12"],
    [task(), removed({ done: 0 }), "Delete in aligner", "Nothing was deleted"],
    [task({ kind: "prune" }), removed({ done: 11 }), "Prune aligner", "Removed 11 of 12 commit tags"],
    [task({ kind: "prune", total: 1 }), removed({ done: 1 }), "Prune aligner", "Removed 1 commit tag"],
    [task({ kind: "undo" }), removed({ done: 11 }), "Put back in aligner", "Put back 11 of 12"],
    [task({ kind: "undo", total: 1 }), removed({ done: 1 }), "Put back in aligner", "It is back"],
  ])("%#", (view, outcome, title, text) => {
    const ended = { ...view, state: "done", outcome } as const;
    expect([taskTitle(ended), taskOutcome(ended)]).toEqual([title, text]);
  });

  it("tell of one that was stopped, or cut off, what went until then", () => {
    const outcome = removed({ done: 3, notes: [{ text: "You stopped it: 9 were left alone.", commitTag: null }] });
    expect(taskOutcome(task({ state: "cancelled", outcome }))).toBe("Deleted 3 of 12");
    expect(taskOutcome(task({ state: "cancelled" }))).toBe("Stopped");
    expect(taskNotes(task({ state: "interrupted", outcome }))).toEqual([
      "Deleted 3 of 12.",
      "You stopped it: 9 were left alone.",
    ]);
  });
});
