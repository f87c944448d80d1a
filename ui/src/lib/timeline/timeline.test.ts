import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { flushSync } from "svelte";
import { describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { ALIGNER, called, known, near, POLLY, press, row, rows, shorts, shown, type } from "../../test/timeline-page";
import { app } from "../app/state.svelte";
import { problem } from "../fake/fake";
import RepositoryPage from "../pages/repository/RepositoryPage.svelte";

describe("a repository's timeline", () => {
  it("shows the commits of all tags, newest first, with what is known of each", async () => {
    await shown();
    expect(shorts().slice(0, 4)).toEqual(["8c41f09be2d7", "ee10b2947d35", "a60c1d7be920", "2e04bfa1e576"]);
    const first = row("8c41f09be2d7");
    expect(first.dataset).toMatchObject({ tags: "v3 latest", active: "true", kept: "false" });
    expect(first.textContent).toContain("on this computer");
    expect(first.textContent).toContain("ana");
    expect(row("a60c1d7be920").textContent).toContain("seen here, not kept");
    expect(row("2e04bfa1e576").textContent).toContain("was active for 12 days");
    expect(row("51e9c7d2f083").textContent).toContain("the registry no longer has it");
    expect(screen.getAllByTestId("timeline-gap")[0]?.textContent).toContain("11 days");
  });

  it("draws each row's own piece of the lanes: joined, ringed, hollow, dashed", async () => {
    await shown();
    const dots = (short: string): string[][] =>
      [...row(short).querySelectorAll(".dot")].map((dot) =>
        ["active", "gone", "lie"].filter((look) => dot.classList.contains(look)),
      );
    expect(dots("8c41f09be2d7")).toEqual([["active"], ["active"]]);
    expect(row("8c41f09be2d7").querySelectorAll(".join.active")).toHaveLength(1);
    expect(dots("2e04bfa1e576")).toEqual([[]]);
    expect(row("2e04bfa1e576").querySelectorAll(".ring")).toHaveLength(1);
    expect(dots("51e9c7d2f083")).toEqual([["gone"]]);
    expect(row("d15ea5e0f00d").textContent).toContain("does not match");
    expect(screen.getAllByTestId("timeline-lane").map((each) => each.textContent?.trim())).toEqual([
      "v3",
      "latest",
      "nightly",
      "v2",
      "rc",
      "test-ref38",
      "nightly-arm",
      "others",
    ]);
  });

  it("lights the lanes of the row under the pointer, and of the one with the focus", async () => {
    await shown();
    const grid = screen.getByTestId("timeline");
    await fireEvent.pointerEnter(row("ee10b2947d35"));
    expect(grid.classList.contains("lit-2")).toBe(true);
    expect(screen.getAllByTestId("timeline-lane")[2]?.classList.contains("lit")).toBe(true);
    await fireEvent.pointerLeave(row("ee10b2947d35"));
    expect(grid.className).not.toContain("lit-");
    row("8c41f09be2d7").focus();
    flushSync();
    expect(grid.classList.contains("lit-0") && grid.classList.contains("lit-1")).toBe(true);
  });

  it("has no fault a checker finds, with the panel open, and with nothing found", async () => {
    const { view } = await shown();
    await fireEvent.click(row("2e04bfa1e576"));
    const check = async (): Promise<string[]> => {
      const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
      return found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`);
    };
    expect(await check()).toEqual([]);
    await type("zebra");
    expect(await check()).toEqual([]);
    await type("");
    await fireEvent.click(within(await near("b7d0036aa914")).getByTestId("timeline-menu"));
    await fireEvent.click(screen.getByTestId("timeline-tags"));
    await waitFor(() => expect(screen.getAllByTestId("timeline-tag-option").length).toBeGreaterThan(3));
    expect(await check()).toEqual([]);
  }, 30_000);

  it("shows the oldest first when asked to, with the same gaps", async () => {
    await shown();
    await fireEvent.change(screen.getByTestId("timeline-order"), { target: { value: "oldest" } });
    await waitFor(() => expect(shorts()[0]).toBe("3b2c3d4e5f62"));
    expect(screen.getByTestId("timeline").dataset["order"]).toBe("oldest");
  });

  it("counts the tabs' contents, and is reached by the tabs' keys", async () => {
    await shown();
    expect(screen.getByTestId("tab-timeline").textContent).toContain("32");
    await waitFor(() => expect(screen.getByTestId("tab-tags").textContent).toContain("8"));
    screen.getByTestId("tab-timeline").focus();
    await press("ArrowLeft");
    expect(app.tab).toBe("tags");
    expect(document.activeElement).toBe(screen.getByTestId("tab-tags"));
    await press("ArrowLeft");
    expect(app.tab).toBe("about");
    await press("Home");
    await press("ArrowRight");
    expect(app.tab).toBe("timeline");
    const stops = ["tags", "timeline", "about"].map((tab) => screen.getByTestId(`tab-${tab}`).tabIndex);
    expect(stops).toEqual([-1, 0, -1]);
    expect(screen.getByRole("tabpanel").getAttribute("aria-labelledby")).toBe("tab-timeline");
  });

  it("is counted while another tab is open, once what is open is there", async () => {
    const backend = await started();
    const account = app.account(POLLY);
    if (!account) throw new Error("no account");
    render(RepositoryPage, { account, repository: ALIGNER });
    expect(called(backend, "timeline")).toEqual([]);
    await waitFor(() => expect(screen.getByTestId("tab-timeline").textContent).toContain("32"), { timeout: 3000 });
    expect(called(backend, "askCommits")).toEqual([]);
  });

  it("says that nothing is known yet", async () => {
    await started((made) => {
      made.preferences.tab = "timeline";
      made.history.moves[ALIGNER] = [];
    });
    const account = app.account(POLLY);
    if (!account) throw new Error("no account");
    render(RepositoryPage, { account, repository: ALIGNER });
    await waitFor(() => expect(screen.getByTestId("timeline-empty")).toBeTruthy());
  });

  it("says why it could not be read", async () => {
    await started((made) => {
      made.preferences.tab = "timeline";
      made.failing = { timeline: problem("The cache can’t be read.") };
    });
    const account = app.account(POLLY);
    if (!account) throw new Error("no account");
    render(RepositoryPage, { account, repository: ALIGNER });
    await waitFor(() => expect(screen.getByTestId("timeline-problem").textContent).toContain("can’t be read"));
  });
});

describe("the filter", () => {
  it("finds by tag, digest and date as one types, and counts what it found", async () => {
    await shown();
    await type("nightly-arm");
    await waitFor(() => expect(rows().every((each) => each.dataset["tags"] === "nightly-arm")).toBe(true));
    expect(known()).toMatch(/^\d+ of 12 can be pulled/);
    await type("2e04");
    await waitFor(() => expect(shorts()).toEqual(["2e04bfa1e576"]));
    await type(">2026-99");
    await waitFor(() => expect(rows()).toHaveLength(0));
    await type("v3 2e");
    await waitFor(() => expect(shorts()).toEqual(["2e04bfa1e576"]));
  });

  it("says how to clear it where nothing is left, and clears tags chosen with it", async () => {
    await shown();
    await type("zebra");
    await waitFor(() => expect(screen.getByTestId("timeline-none").textContent).toContain("“zebra”"));
    await fireEvent.click(screen.getByTestId("timeline-clear"));
    await waitFor(() => expect(rows().length).toBeGreaterThan(5));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("timeline-filter")));
    await type("zebra");
    await fireEvent.keyDown(screen.getByTestId("timeline-filter"), { key: "Escape" });
    await waitFor(() => expect(rows().length).toBeGreaterThan(5));
  });

  it("leads from its field on into the list", async () => {
    await shown();
    screen.getByTestId("timeline-filter").focus(); // how one gets there: pages/menus.test.ts
    await press("ArrowDown");
    await waitFor(() => expect(document.activeElement).toBe(row("8c41f09be2d7")));
  });
});
