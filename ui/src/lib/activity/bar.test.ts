import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { started } from "../../test/start";
import { task as some } from "../../test/tasks";
import type { TaskView } from "../backend/backend";
import { problem, type FakeBackend } from "../fake/fake";
import { bytes } from "../messages/format";
import { push } from "../push/push.svelte";
import { taskNotes } from "./facts";
import ActivityBar from "./ActivityBar.svelte";
import { STALLED, TOLD, transfers } from "./tasks.svelte";

/** A pull that is half way. */
const task = (changes: Partial<TaskView> = {}): TaskView =>
  some({
    ...{ done: 189_200_000, total: 411_900_000, rate: 38_400_000 },
    items: [
      { id: "e9f15b1c2a7d", done: 71_400_000, total: 71_400_000, state: "done" },
      { id: "c77d0e5a6b21", done: 100_000_000, total: 204_800_000, state: "moving" },
      { id: "9d20a7f6e814", done: 0, total: 0, state: "waiting" },
    ],
    ...changes,
  });
const outcome = {
  kind: "moved" as const,
  name: "127.0.0.1:5000/genomics/aligner:v1-2e04bfa1e576",
  digest: null,
  commitTag: null,
  previous: null,
};

async function shown(...tasks: TaskView[]): Promise<FakeBackend> {
  const backend = await started((made) => {
    for (const each of tasks) made.transfers.put(each);
  });
  render(ActivityBar);
  await waitFor(() => expect(transfers.tasks).toHaveLength(tasks.length));
  return backend;
}
const openPanel = (): Promise<boolean> => fireEvent.click(screen.getByTestId("activity-open"));

afterEach(() => {
  cleanup();
  push.close();
  transfers.show(false);
  [transfers.tasks, transfers.problem] = [[], null];
});

describe("the activity bar", () => {
  it("tells no rate and no time left of a transfer that stands still", async () => {
    vi.useFakeTimers();
    try {
      const backend = await shown(task());
      backend.transfers.put(task({ done: 190_000_000 }));
      backend.emit({ kind: "task", task: task({ done: 190_000_000 }) });
      expect(transfers.totals.rate).toBe(38_400_000);
      await vi.advanceTimersByTimeAsync(STALLED - 1);
      expect(transfers.totals.left).not.toBeNull();
      await vi.advanceTimersByTimeAsync(1);
      expect([transfers.totals.rate, transfers.totals.left, transfers.totals.done]).toEqual([null, null, 190_000_000]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps the focus when the pressed button goes", async () => {
    const backend = await shown(task(), task({ id: "t2", state: "done", outcome: { ...outcome, notes: [] } }));
    await openPanel();
    const cancel = screen.getByTestId("task-cancel");
    cancel.focus();
    await fireEvent.click(cancel);
    await waitFor(() => expect(screen.queryByTestId("task-cancel")).toBeNull());
    expect(document.activeElement).toBe(screen.getByTestId("activity-panel"));
    for (const id of ["t1", "t2"]) await backend.dismissTask(id);
    await transfers.read();
    await waitFor(() => expect(transfers.open).toBe(false)); // the next transfer does not open it by itself
  });

  it("is empty while nothing moves, and leads to what has ended", async () => {
    await shown();
    expect(screen.getByTestId("activity").textContent?.trim()).toBe("");
    expect(screen.queryByTestId("activity-open")).toBeNull();
    cleanup();
    await shown(task({ state: "done", finishedAt: 200, outcome: { ...outcome, notes: [] } }));
    expect(screen.getByTestId("activity").textContent?.trim()).toBe("Activity");
    expect(screen.getByTestId("activity-open").getAttribute("aria-label")).toBe("Show activity");
    await openPanel();
    expect(screen.getByTestId("task-outcome").textContent).toContain("Pulled as");
  });

  it("tells an end for six seconds, and a failure until somebody looks", async () => {
    const backend = await shown(task());
    vi.useFakeTimers();
    try {
      const text = (): string => screen.getByTestId("activity").textContent?.trim() ?? "";
      const emit = async (changes: Partial<TaskView>): Promise<void> => {
        backend.emit({ kind: "task", task: task(changes) });
        await vi.advanceTimersByTimeAsync(TOLD - 1);
      };
      await emit({ state: "done", finishedAt: 200, outcome: { ...outcome, notes: [] } });
      expect(text()).toContain("Pulled as");
      await vi.advanceTimersByTimeAsync(1);
      expect(text()).toBe("Activity");
      await emit({ id: "t2", state: "cancelled", finishedAt: 201 });
      expect(text()).toContain("cancelled");
      await vi.advanceTimersByTimeAsync(1);
      expect(text()).toBe("Activity");
      await emit({ id: "t3", state: "failed", finishedAt: 202, problem: problem("No.", "other") });
      await vi.advanceTimersByTimeAsync(TOLD);
      expect(text()).toContain("failed");
      await openPanel();
      await openPanel();
      expect(text()).toBe("Activity");
    } finally {
      vi.useRealTimers();
    }
  });

  it("tells at a start what was cut off and was told by no start before; the others stand among the transfers", async () => {
    const cut = (id: string, untold: boolean): TaskView =>
      task({ id, state: "interrupted", repository: `genomics/${id}`, finishedAt: 100, untold });
    const text = (): string => screen.getByTestId("activity").textContent?.trim() ?? "";
    await shown(cut("old", false), cut("older", false));
    expect(text()).toBe("Activity");
    await openPanel();
    expect(screen.getAllByTestId("task-row").map((row) => row.dataset["id"])).toEqual(
      expect.arrayContaining(["old", "older"]),
    );
    cleanup();
    transfers.show(false);
    transfers.tasks = [];
    await shown(cut("old", false), cut("lately", true));
    await waitFor(() => expect(text()).toContain("genomics/lately"));
  });

  it("says that the engine tries again, and keeps the count", async () => {
    const retrying = { at: 57_000_000, attempt: 2, of: 5 };
    const backend = await shown(task({ kind: "push", image: "local/aligner:1", retrying, rate: null }));
    const said = `Connection lost at ${bytes(57_000_000)}; the engine tries again, 2 of 5`;
    expect(screen.getByTestId("activity").textContent).toContain(said);
    expect(screen.getByTestId("activity-said").textContent).toContain(said);
    await openPanel();
    expect(screen.getByTestId("task-again-soon").textContent).toBe(said);
    expect(screen.getByTestId("task-facts").textContent?.replace(/\s+/g, " ")).toContain("189.2 of 411.9 MB");
    const next = { at: 0, attempt: 3, of: null };
    backend.emit({ kind: "task", task: task({ kind: "push", retrying: next }) });
    await waitFor(() =>
      expect(screen.getByTestId("task-again-soon").textContent).toBe(
        "Nothing got through yet; the engine tries again, try 3",
      ),
    );
    backend.emit({ kind: "task", task: task({ kind: "push" }) });
    await waitFor(() => expect(screen.queryByTestId("task-again-soon")).toBeNull());
  });

  it("names a transfer by where it comes from and where it goes", async () => {
    await shown(
      task({ id: "t1", state: "waiting" }),
      task({ id: "t2", state: "waiting", kind: "push", image: "local/aligner:1" }),
      task({ id: "t3", state: "waiting", kind: "push" }),
    );
    await openPanel();
    const titles = screen.getAllByTestId("task-row").map((row) => row.querySelector(".line")?.textContent?.trim());
    expect(titles.map((title) => title?.replace(/\s+/g, " ")).sort()).toEqual([
      "2e04bfa1e576 → genomics/aligner:v3 waits for its turn",
      "genomics/aligner:v3 → this computer 2e04bfa1e576 waits for its turn",
      "local/aligner:1 → genomics/aligner:v3 2e04bfa1e576 waits for its turn",
    ]);
  });

  it("clears what has finished or was cut off; what failed stays", async () => {
    const failed = task({ id: "t2", state: "failed", finishedAt: 3, problem: problem("No.", "other") });
    const backend = await shown(
      task({ id: "t1", state: "done", finishedAt: 2, outcome: { ...outcome, notes: [] } }),
      failed,
      task({ id: "t3", state: "cancelled", finishedAt: 4 }),
      task({ id: "t5", state: "interrupted", finishedAt: 5 }),
      task({ id: "t4" }),
    );
    await openPanel();
    const button = screen.getByTestId("clear-finished");
    expect(button.textContent?.trim()).toBe("Clear finished");
    button.focus();
    await fireEvent.click(button);
    const left = (): (string | undefined)[] => screen.getAllByTestId("task-row").map((row) => row.dataset["id"]);
    await waitFor(() => expect(left().sort()).toEqual(["t2", "t4"]));
    expect(backend.transfers.list()).toHaveLength(2);
    expect(screen.queryByTestId("clear-finished")).toBeNull();
    expect(document.activeElement).toBe(screen.getByTestId("activity-panel"));
  });

  it("finds the transfers of before again, with one bar over all bytes", async () => {
    await shown(task());
    const text = screen.getByTestId("activity").textContent?.replace(/\s+/g, " ");
    expect(text).toContain("Pulling genomics/aligner:v3 → this computer");
    expect(text).toContain("189.2 of 411.9 MB · 38.4 MB/s · 6 s left");
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("46");
  });

  it("opens to a row a transfer and a bar a layer, without a fault a checker finds", async () => {
    await shown(task(), task({ id: "t2", state: "waiting", items: [], total: 0, done: 0 }));
    await openPanel();
    expect(
      screen
        .getAllByTestId("task-row")
        .map((row) => row.dataset["state"])
        .sort(),
    ).toEqual(["running", "waiting"]);
    expect(screen.getAllByTestId("layer-bar")).toHaveLength(3);
    const found = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("follows the events", async () => {
    const backend = await shown(task());
    backend.emit({ kind: "task", task: task({ done: 300_000_000 }) });
    await waitFor(() => expect(screen.getByTestId("activity").textContent).toContain("300.0"));
    backend.emit({ kind: "task", task: task({ id: "t9", kind: "push", startedAt: 120 }) });
    await waitFor(() => expect(screen.getByTestId("activity").textContent).toContain("Moving 2 images"));
  });

  it("says what a pull led to, with its notes, aloud too", async () => {
    const done = task({
      state: "done",
      finishedAt: 200,
      outcome: { ...outcome, notes: [{ text: "The engine holds it twice.", commitTag: null }] },
    });
    const backend = await shown(task());
    backend.emit({ kind: "task", task: done });
    await waitFor(() => expect(screen.getByTestId("activity").dataset["state"]).toBe("done"));
    const said = "Pulled as 127.0.0.1:5000/genomics/aligner:v1-2e04bfa1e576";
    expect(screen.getByTestId("activity-said").textContent).toBe(said);
    await openPanel();
    expect(screen.getByTestId("task-outcome").textContent).toContain(said);
    expect(screen.getByTestId("task-note").textContent).toContain("twice");
  });

  it("says that a commit tag which was written already stays after a cancel", async () => {
    const tag = "_h.v3.20261121t071204z-8c41f09be2d70123456789abcdef0123456789abcdef0123456789abcdef0123";
    await shown(
      task({ kind: "push", state: "cancelled", finishedAt: 2, outcome: { ...outcome, commitTag: tag, notes: [] } }),
    );
    await openPanel();
    expect(screen.getByTestId("task-note").textContent).toContain(`${tag} was written already`);
  });

  it("says once that a commit tag keeps the commit before: it compares names, never sentences", async () => {
    const tag = "_h.v3.20261121t071204z-8c41f09be2d70123456789abcdef0123456789abcdef0123456789abcdef0123";
    const pushed = (commitTag: string | null): TaskView =>
      task({
        kind: "push",
        state: "done",
        finishedAt: 2,
        outcome: { ...outcome, commitTag: tag, notes: [{ text: `It is kept; see ${tag}.`, commitTag }] },
      });
    expect(taskNotes(pushed(tag))).toEqual([`It is kept; see ${tag}.`]);
    expect(taskNotes(pushed(null))).toEqual([`The commit before is kept by ${tag}.`, `It is kept; see ${tag}.`]);
    expect(taskNotes(pushed("_h.other"))).toHaveLength(2);
  });

  it("cancels, retries and dismisses", async () => {
    const backend = await shown(task());
    await openPanel();
    await fireEvent.click(screen.getByTestId("task-cancel"));
    await waitFor(() => expect(screen.getByTestId("task-row").dataset["state"]).toBe("cancelled"));
    await fireEvent.click(screen.getByTestId("task-retry"));
    await waitFor(() => expect(screen.getByTestId("task-row").dataset["state"]).toBe("running"));
    const [running] = backend.transfers.list();
    backend.transfers.end(running?.id ?? "", "cancelled");
    await waitFor(() => expect(screen.getByTestId("task-row").dataset["state"]).toBe("cancelled"));
    await fireEvent.click(screen.getByTestId("task-dismiss"));
    await waitFor(() => expect(screen.queryByTestId("task-row")).toBeNull());
    expect(backend.transfers.list()).toEqual([]);
  });

  it("keeps a failed transfer with its sentence, and the other side's words under details", async () => {
    const failed = problem("The registry closed the connection.", "other", {
      hints: ["Try again later."],
      detail: "EOF",
    });
    const backend = await shown(task());
    backend.emit({ kind: "task", task: task({ state: "failed", finishedAt: 3, problem: failed }) });
    await waitFor(() =>
      expect(screen.getByTestId("activity").textContent).toContain("genomics/aligner:v3 → this computer failed"),
    );
    await openPanel();
    const row = within(screen.getByTestId("task-row"));
    expect(row.getByTestId("task-outcome").textContent).toContain("closed the connection");
    expect(row.getByText("Try again later.")).toBeTruthy();
    expect(row.getByText("EOF")).toBeTruthy();
    expect(row.getByTestId("task-retry")).toBeTruthy();
  });

  it("pulls again with the name moved where a local name is taken", async () => {
    const taken = problem("Another image bears this name.", "nameTaken");
    const backend = await shown(task({ state: "failed", finishedAt: 3, problem: taken }));
    await openPanel();
    await fireEvent.click(screen.getByTestId("task-move-name"));
    await waitFor(() => expect(backend.calls.some(([name]) => name === "startPull")).toBe(true));
    const order = backend.calls.find(([name]) => name === "startPull")?.[1];
    expect(order).toMatchObject({ tag: "v3", moveName: true, commit: expect.stringContaining("2e04bfa1e576") });
  });

  it("opens the sheet again where a push of an earlier run came back with a question", async () => {
    const moved = problem("The tag moved.", "tagMoved");
    await shown(task({ kind: "push", short: "d41e07c9a2b3", state: "failed", finishedAt: 3, problem: moved }));
    await openPanel();
    await fireEvent.click(screen.getByTestId("task-again"));
    await waitFor(() => expect(push.draft?.repository).toBe("genomics/aligner"));
    expect(push.draft?.tag).toBe("v3");
  });

  it("opens the sheet again where nobody had said how the repository keeps", async () => {
    const notAsked = problem("How this repository keeps was never said.", "notAsked");
    await shown(task({ kind: "push", short: "d41e07c9a2b3", state: "failed", finishedAt: 3, problem: notAsked }));
    await openPanel();
    expect(screen.queryByTestId("task-retry")).toBeNull();
    await fireEvent.click(screen.getByTestId("task-again"));
    await waitFor(() => expect(push.draft?.repository).toBe("genomics/aligner"));
  });

  it("offers no Retry where the sheet must be opened again", async () => {
    await shown(task({ state: "interrupted", canRetry: false, finishedAt: 3 }));
    await openPanel();
    expect(screen.queryByTestId("task-retry")).toBeNull();
    expect(screen.getByTestId("task-dismiss")).toBeTruthy();
  });

  it("closes with Escape and gives the focus back", async () => {
    await shown(task());
    await openPanel();
    await fireEvent.keyDown(screen.getByTestId("activity-panel"), { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("activity-panel")).toBeNull());
    expect(document.activeElement).toBe(screen.getByTestId("activity-open"));
  });
});
