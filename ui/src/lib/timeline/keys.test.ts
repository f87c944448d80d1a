import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { ALIGNER, called, near, POLLY, press, rest, row, shown, written } from "../../test/timeline-page";
import { acts } from "../acts/acts.svelte";
import { digest } from "../fake/data";

describe("the keyboard's way over the timeline", () => {
  it("walks, opens the panel and takes it along, and closes it with Escape", async () => {
    await shown();
    row("8c41f09be2d7").focus();
    await press("ArrowDown");
    await waitFor(() => expect(document.activeElement).toBe(row("ee10b2947d35")));
    expect(document.querySelectorAll('[role=row][tabindex="0"]')).toHaveLength(1);
    await press("ArrowDown");
    await press("ArrowDown"); // over the gap
    await waitFor(() => expect(document.activeElement).toBe(row("2e04bfa1e576")));
    await press("Enter");
    expect(screen.getByTestId("commit-panel").dataset["short"]).toBe("2e04bfa1e576");
    expect(row("2e04bfa1e576").getAttribute("aria-selected")).toBe("true");
    await press("ArrowDown");
    await waitFor(() => expect(screen.getByTestId("commit-panel").dataset["short"]).toBe("b7d0036aa914"));
    await press("Escape");
    await waitFor(() => expect(screen.queryByTestId("commit-panel")).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(row("b7d0036aa914")));
    await press("End");
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset["short"]).toBe("3b2c3d4e5f62"));
    await press("PageUp");
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset["short"]).not.toBe("3b2c3d4e5f62"));
    await press("Home");
    await waitFor(() => expect(document.activeElement).toBe(row("8c41f09be2d7")));
  });

  it("pulls, makes active, keeps, copies, deletes", async () => {
    const { backend } = await shown();
    row("a60c1d7be920").focus();
    await press("c");
    expect(written).toHaveBeenCalledWith(`${POLLY}/${ALIGNER}@${digest("a60c1d7be920")}`);
    await press("p");
    await waitFor(() => expect(called(backend, "startPull")).toHaveLength(1));
    expect(called(backend, "startPull")[0]?.[0]).toMatchObject({ tag: "nightly", commit: digest("a60c1d7be920") });
    await press("A");
    expect(acts.active?.request).toEqual({
      account: POLLY,
      repository: ALIGNER,
      tag: "nightly",
      commit: digest("a60c1d7be920"),
    });
    await press("k");
    await waitFor(() => expect(row("a60c1d7be920").dataset["kept"]).toBe("true"));
    expect(called(backend, "keepCommit")[0]?.[0]).toMatchObject({ tag: "nightly", digest: digest("a60c1d7be920") });
    await press("k");
    expect(acts.deleting?.request.items[0]).toMatchObject({ kind: "tag" });
    await press("Delete");
    expect(acts.deleting?.request).toEqual({
      account: POLLY,
      repository: ALIGNER,
      items: [{ kind: "commit", digest: digest("a60c1d7be920") }],
    });
  });

  it("does nothing to what is gone, or active already", async () => {
    const { backend } = await shown();
    row("51e9c7d2f083").focus();
    for (const key of ["p", "a", "k", "Delete"]) await press(key);
    row("8c41f09be2d7").focus();
    await press("a");
    await rest();
    expect(acts.active).toBeNull();
    expect(acts.deleting).toBeNull();
    expect(called(backend, "startPull")).toEqual([]);
    expect(within(await near("51e9c7d2f083")).queryByTestId("pull-commit")).toBeNull();
    expect(within(row("51e9c7d2f083")).getByTestId("timeline-menu")).toBeTruthy();
    expect(within(await near("8c41f09be2d7")).queryByTestId("make-active")).toBeNull();
    expect(within(row("8c41f09be2d7")).getByTestId("pull-commit")).toBeTruthy();
  });

  it("leaves its letters to whoever holds Ctrl, and to the row's own buttons", async () => {
    const { backend } = await shown();
    row("a60c1d7be920").focus();
    await fireEvent.keyDown(row("a60c1d7be920"), { key: "p", ctrlKey: true });
    await fireEvent.keyDown(within(row("a60c1d7be920")).getByTestId("make-active"), { key: "Enter" });
    await rest();
    expect(called(backend, "startPull")).toEqual([]);
    expect(screen.queryByTestId("commit-panel")).toBeNull();
  });
});

describe("a row's buttons and menu", () => {
  it("pull the active by its tag, an older one by digest, and make an older one active", async () => {
    const { backend } = await shown();
    await fireEvent.click(within(await near("8c41f09be2d7")).getByTestId("pull-commit"));
    await fireEvent.click(within(await near("2e04bfa1e576")).getByTestId("pull-commit"));
    await waitFor(() => expect(called(backend, "startPull")).toHaveLength(2));
    expect(called(backend, "startPull").map(([order]) => (order as { commit: string | null }).commit)).toEqual([
      null,
      digest("2e04bfa1e576"),
    ]);
    await fireEvent.click(within(row("2e04bfa1e576")).getByTestId("make-active"));
    expect(acts.active?.request).toMatchObject({ tag: "v3", commit: digest("2e04bfa1e576") });
    expect(screen.queryByTestId("commit-panel")).toBeNull();
  });

  it("offer each tag that several share, keeping only where it is not kept", async () => {
    await shown();
    const items = async (short: string): Promise<string[]> => {
      await fireEvent.click(within(await near(short)).getByTestId("timeline-menu"));
      return [...row(short).querySelectorAll("[role=menuitem] span")].map((item) => item.textContent);
    };
    expect(await items("b7d0036aa914")).toContain("Make active as v3…");
    expect(await items("b7d0036aa914")).toContain("Make active as latest…");
    expect(await items("b7d0036aa914")).not.toContain("Keep");
    expect(await items("a60c1d7be920")).toContain("Make active…");
    expect(await items("a60c1d7be920")).toContain("Keep");
    expect(await items("b7d0036aa914")).toContain("Stop keeping…");
    expect(await items("51e9c7d2f083")).not.toContain("Delete…");
  });
});
