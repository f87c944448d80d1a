import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { started } from "../../test/start";
import { acts } from "../acts/acts.svelte";
import { said } from "../acts/said.svelte";
import { app } from "../app/state.svelte";
import { digest } from "../fake/data";
import { problem, type FakeBackend } from "../fake/fake";
import { manyMoves } from "../fake/history";
import RepositoryPage from "../pages/repository/RepositoryPage.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";

async function shown(prepare?: (backend: FakeBackend) => void, repository = ALIGNER) {
  const backend = await started((made) => {
    made.preferences.tab = "timeline";
    prepare?.(made);
  });
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  const view = render(RepositoryPage, { account, repository });
  await waitFor(() => expect(rows().length).toBeGreaterThan(0));
  return { backend, view };
}
const rows = (): HTMLElement[] => screen.queryAllByTestId("timeline-row");
const shorts = (): string[] => rows().map((row) => row.dataset["short"] ?? "");
const row = (short: string): HTMLElement => {
  const found = rows().find((each) => each.dataset["short"] === short);
  if (!found) throw new Error(`no row ${short}`);
  return found;
};
/** A hand comes over the rows. */
function hover(screenX = 30): void {
  const grid = screen.getByTestId("timeline");
  for (const [type, screenY] of [
    ["pointerenter", 40],
    ["pointermove", 41],
  ] as const) {
    grid.dispatchEvent(new MouseEvent(type, { bubbles: type === "pointermove", screenX, screenY }));
  }
}
/** The row with the pointer over it: it has its buttons then. */
const near = async (short: string): Promise<HTMLElement> => {
  await fireEvent.pointerEnter(row(short));
  return row(short);
};
const called = (backend: FakeBackend, name: string): unknown[][] =>
  backend.calls.filter(([call]) => call === name).map(([, ...given]) => given);
const press = (key: string): Promise<boolean> => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const rest = (wait = 60): Promise<void> => new Promise((done) => setTimeout(done, wait));
const known = (): string =>
  screen
    .getByTestId("timeline-known")
    .textContent.replace(/[\u202f\u00a0]/g, " ")
    .trim();
const type = (typed: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId("timeline-filter"), { target: { value: typed } });
const stale = { kind: "stale", what: { of: "tags", account: POLLY, repository: ALIGNER } } as const;

let written: ReturnType<typeof vi.fn>;
beforeEach(() => {
  written = vi.fn(() => Promise.resolve());
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText: written } });
});
afterEach(() => {
  cleanup();
  app.tab = "tags";
  acts.active = null;
  acts.deleting = null;
});

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
    expect(screen.getAllByTestId("timeline-lane").map((each) => each.textContent)).toEqual([
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
    expect(screen.getByTestId("tab-timeline").textContent).toContain("31");
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
    await waitFor(() => expect(screen.getByTestId("tab-timeline").textContent).toContain("31"), { timeout: 3000 });
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

describe("five thousand commits of three hundred tags", () => {
  const many = (made: FakeBackend): void => {
    made.history.moves[ALIGNER] = manyMoves(made.now, 5000, 300);
  };

  it("keep fewer than a hundred rows in the document, wherever one is", async () => {
    await shown(many);
    const scroller = screen.getByTestId("timeline").querySelector<HTMLElement>("[data-scroll]");
    if (!scroller) throw new Error("no scroller");
    const high = Number.parseInt(scroller.querySelector<HTMLElement>("[role=presentation]")?.style.height ?? "", 10);
    expect(high).toBe(5000 * 48 + 124 * 30);
    const seen = new Set<string>();
    for (const part of [0, 0.13, 0.5, 0.77, 1]) {
      scroller.scrollTop = Math.round(part * (high - 600));
      scroller.dispatchEvent(new Event("scroll"));
      await Promise.resolve();
      flushSync();
      expect(document.querySelectorAll("[role=row]").length).toBeGreaterThan(10);
      expect(document.querySelectorAll("[role=row]").length).toBeLessThanOrEqual(100);
      expect(document.querySelectorAll("svg.lanes").length).toBeLessThanOrEqual(100);
      for (const short of shorts()) seen.add(short);
    }
    expect(seen.size).toBeGreaterThan(60);
    expect(screen.getByTestId("timeline").getAttribute("aria-rowcount")).toBe("5124");
  });

  it("stand where their heights say, gaps being lower than rows", async () => {
    await shown(many);
    const scroller = screen.getByTestId("timeline").querySelector<HTMLElement>("[data-scroll]");
    if (!scroller) throw new Error("no scroller");
    const top = 120 * 48; // a gap stands after every forty rows
    scroller.scrollTop = top;
    scroller.dispatchEvent(new Event("scroll"));
    await Promise.resolve();
    flushSync();
    const places = [...scroller.querySelectorAll<HTMLElement>(".place")].map((place) => ({
      top: Number(/translateY\((\d+)px\)/.exec(place.style.transform)?.[1]),
      high: Number.parseInt(place.style.height, 10),
      gap: place.querySelector("[data-testid=timeline-gap]") !== null,
    }));
    const near = places.filter((place) => place.top > 0);
    expect(near.some((place) => place.gap)).toBe(true);
    for (const place of near) expect(place.high).toBe(place.gap ? 30 : 48);
    near.slice(1).forEach((place, n) => expect(place.top).toBe((near[n]?.top ?? 0) + (near[n]?.high ?? 0)));
    expect(near.some((place) => place.top <= top && place.top + place.high > top)).toBe(true);
    // Below the fortieth and the eightieth row: two gaps further down than rows alone would be.
    const row121 = places.find((place) => place.top === 120 * 48 + 3 * 30);
    expect(row121).toMatchObject({ high: 48, gap: false });
  });

  it("give some tags lanes of their own, and list them all in the choice, virtual too", async () => {
    await shown(many);
    expect(screen.getAllByTestId("timeline-lane")).toHaveLength(8);
    await fireEvent.click(screen.getByTestId("timeline-tags"));
    await waitFor(() => expect(screen.getAllByTestId("timeline-tag-option").length).toBeGreaterThan(5));
    expect(screen.getAllByTestId("timeline-tag-option").length).toBeLessThan(60);
    await fireEvent.input(screen.getByTestId("timeline-tags-find"), { target: { value: "t123" } });
    await fireEvent.keyDown(screen.getByTestId("timeline-tags-find"), { key: "Enter" });
    await waitFor(() =>
      expect(screen.getAllByTestId("timeline-lane").map((each) => each.textContent)).toEqual(["t123"]),
    );
    expect(rows().every((each) => each.dataset["tags"] === "t123")).toBe(true);
    expect(screen.getByTestId("timeline-tags").textContent).toContain("t123");
    await fireEvent.input(screen.getByTestId("timeline-tags-find"), { target: { value: "" } });
    await fireEvent.click(screen.getAllByTestId("timeline-tag-option")[0] as HTMLElement);
    await waitFor(() => expect(screen.getByTestId("timeline-tags").textContent).toContain("2 tags"));
    await fireEvent.click(screen.getByTestId("timeline-tags-all"));
    expect(screen.getByTestId("timeline-tags").textContent).toContain("All tags");
    expect(screen.getAllByTestId("timeline-lane")).toHaveLength(8);
  });

  it("ask only for what is in sight, together, and never twice", async () => {
    const { backend } = await shown(many);
    await waitFor(() => expect(called(backend, "askCommits").length).toBe(1));
    const [, , first] = called(backend, "askCommits")[0] as [string, string, string[]];
    expect(first.length).toBeGreaterThan(5);
    expect(first.length).toBeLessThanOrEqual(50);
    await waitFor(() => expect(known()).toMatch(/^\d+ of 5 000 can be pulled · 4 \d+ not asked$/));
    const scroller = screen.getByTestId("timeline").querySelector<HTMLElement>("[data-scroll]");
    if (!scroller) throw new Error("no scroller");
    for (const top of [48 * 300, 48 * 900, 0]) {
      scroller.scrollTop = top;
      scroller.dispatchEvent(new Event("scroll"));
      await rest(20);
    }
    await rest(250);
    const asked = called(backend, "askCommits").flatMap(([, , commits]) => commits as string[]);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBeLessThan(100);
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

  it("gets the focus by /, and leads on into the list", async () => {
    await shown();
    row("8c41f09be2d7").focus();
    await press("/");
    expect(document.activeElement).toBe(screen.getByTestId("timeline-filter"));
    await press("/");
    await press("ArrowDown");
    await waitFor(() => expect(document.activeElement).toBe(row("8c41f09be2d7")));
  });
});

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

describe("what comes while one looks", () => {
  const newest = { tags: ["v3"], start: "feedfeed0001", at: 0, by: "ben", size: 1 };

  it("waits while the pointer is over the rows, is offered, and comes when it has left", async () => {
    const { backend } = await shown();
    await rest();
    const before = shorts();
    const grid = screen.getByTestId("timeline");
    hover();
    backend.history.moves[ALIGNER]?.unshift({ ...newest, at: backend.now });
    backend.emit(stale);
    await waitFor(() => expect(screen.getByTestId("timeline-newer").textContent).toContain("1 newer"));
    expect(shorts()).toEqual(before);
    await fireEvent.pointerLeave(grid);
    await waitFor(() => expect(shorts()[0]).toBe("feedfeed0001"));
    expect(screen.queryByTestId("timeline-newer")).toBeNull();

    hover();
    backend.history.moves[ALIGNER]?.unshift({ ...newest, start: "feedfeed0002", at: backend.now + 1 });
    backend.emit(stale);
    await waitFor(() => expect(screen.getByTestId("timeline-newer")).toBeTruthy());
    await fireEvent.click(screen.getByTestId("timeline-show-newer"));
    await waitFor(() => expect(shorts()[0]).toBe("feedfeed0002"));
    // The button is gone; the keyboard goes on in the list.
    await waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("row"));
  });

  it("waits for no pointer at rest once one has done something oneself", async () => {
    const { backend } = await shown();
    await rest();
    const grid = screen.getByTestId("timeline");
    hover();
    backend.history.moves[ALIGNER]?.unshift({ ...newest, at: backend.now });
    backend.emit(stale);
    await waitFor(() => expect(screen.getByTestId("timeline-newer")).toBeTruthy());
    said.say({ text: "v3 points at feedfeed0001 now." });
    await waitFor(() => expect(shorts()[0]).toBe("feedfeed0001"));
    // A sheet that closes brings the same point over the rows again.
    for (const type of ["pointerenter", "pointermove"]) {
      grid.dispatchEvent(new MouseEvent(type, { screenX: 300, screenY: 400 }));
    }
    backend.history.moves[ALIGNER]?.unshift({ ...newest, start: "feedfeed0002", at: backend.now + 1 });
    backend.emit(stale);
    await waitFor(() => expect(shorts()[0]).toBe("feedfeed0002"));
    said.dismiss();
  });

  it("waits for no pointer that was over rows the filter took away", async () => {
    const { backend } = await shown();
    hover();
    await type("zebra");
    await waitFor(() => expect(screen.getByTestId("timeline-none")).toBeTruthy());
    await type("");
    backend.history.moves[ALIGNER]?.unshift({ ...newest, at: backend.now });
    backend.emit(stale);
    await waitFor(() => expect(shorts()[0]).toBe("feedfeed0001"));
  });

  it("draws new facts of rows that stay at once, though the pointer is over them", async () => {
    const { backend } = await shown();
    await rest();
    hover();
    const move = backend.history.moves[ALIGNER]?.find((each) => each.start === "a60c1d7be920");
    if (move) move.by = "dora";
    backend.emit(stale);
    await waitFor(() => expect(row("a60c1d7be920").textContent).toContain("dora"));
    expect(screen.queryByTestId("timeline-newer")).toBeNull();
  });

  it("is read once more only, however often it is said to be stale, and not for another repository", async () => {
    const { backend } = await shown();
    await rest();
    const before = called(backend, "timeline").length;
    backend.emit({ ...stale, what: { ...stale.what, repository: "other/one" } });
    await rest();
    expect(called(backend, "timeline")).toHaveLength(before);
    for (let n = 0; n < 20; n += 1) {
      backend.emit(stale);
      backend.emit({ kind: "stale", what: { of: "commits", account: POLLY, repository: ALIGNER, tag: "v3" } });
    }
    await rest();
    expect(called(backend, "timeline").length - before).toBeLessThanOrEqual(2);
  });

  it("is read again where a tag turns out to point at a commit it does not show, and only then", async () => {
    const { backend } = await shown();
    await rest();
    const before = called(backend, "timeline").length;
    const v3 = backend.tagRows[ALIGNER]?.[0];
    if (!v3) throw new Error("no tag");
    backend.emit({ kind: "tagFilled", account: POLLY, repository: ALIGNER, row: v3 });
    await rest(800);
    expect(called(backend, "timeline")).toHaveLength(before);
    const moved = { ...v3, digest: digest("feedfeed0001") };
    for (let n = 0; n < 5; n += 1) backend.emit({ kind: "tagFilled", account: POLLY, repository: ALIGNER, row: moved });
    await waitFor(() => expect(called(backend, "timeline")).toHaveLength(before + 1), { timeout: 3000 });
  });

  it("keeps the focus on its row, and the rows where they are on screen", async () => {
    const { backend } = await shown((made) => {
      made.history.moves[ALIGNER] = manyMoves(made.now - 50_000_000, 500, 20);
    });
    await rest();
    const scroller = screen.getByTestId("timeline").querySelector<HTMLElement>("[data-scroll]");
    if (!scroller) throw new Error("no scroller");
    scroller.scrollTop = 4810;
    scroller.dispatchEvent(new Event("scroll"));
    await rest(20);
    const focused = rows()[8] as HTMLElement;
    focused.focus();
    backend.history.moves[ALIGNER]?.unshift(
      { tags: ["t1"], start: "feedfeed0001", at: backend.now - 100 },
      { tags: ["t1"], start: "feedfeed0002", at: backend.now - 200 },
    );
    backend.emit(stale);
    // Two rows, and the gap between them and what was newest before.
    await waitFor(() => expect(scroller.scrollTop).toBe(4810 + 2 * 48 + 30));
    expect(document.activeElement).toBe(focused);
  });

  it("mends rows in place with what the registry tells: digest, reach, size", async () => {
    const { backend } = await shown();
    backend.emit({
      kind: "reached",
      account: POLLY,
      repository: ALIGNER,
      facts: [
        {
          of: digest("a60c1d7be920"),
          digest: digest("a60c1d7be920"),
          reach: { kind: "gone", since: 1 },
          mismatch: false,
          size: 1,
          platforms: [],
        },
      ],
    });
    await waitFor(() => expect(row("a60c1d7be920").dataset["reach"]).toBe("gone"));
    expect(row("a60c1d7be920").textContent).toContain("gone");
  });

  it("completes a commit known by its commit tag alone, and shows one that lies as such", async () => {
    const { backend } = await shown((made) => {
      made.history.moves[ALIGNER] = [
        { tags: ["v3"], start: "aaaaaaaaaaaa", at: made.now - 100 },
        { tags: ["v3"], start: "bbbbbbbbbbbb", at: made.now - 200, kept: true, part: true },
        { tags: ["v3"], start: "cccccccccccc", at: made.now - 300, kept: true, part: true, lie: true },
      ];
    });
    expect(row("bbbbbbbbbbbb").dataset["digest"]).toBe("");
    await waitFor(() => expect(row("bbbbbbbbbbbb").dataset["digest"]).toBe(digest("bbbbbbbbbbbb")));
    expect(row("cccccccccccc").textContent).toContain("does not match");
    expect(row("cccccccccccc").dataset["digest"]).toBe("");
    expect(within(await near("cccccccccccc")).getByTestId("timeline-menu")).toBeTruthy();
    expect(within(row("cccccccccccc")).queryByTestId("pull-commit")).toBeNull();
    expect(called(backend, "askCommits")[0]?.[2]).toEqual([
      expect.stringMatching(/^_h\.v3\./),
      expect.stringMatching(/^_h\.v3\./),
    ]);
  });

  it("asks nothing where nobody is signed in, and says why asking failed where somebody is", async () => {
    const { backend } = await shown((made) => {
      made.accountRows = made.accountRows.map((each) => ({ ...each, state: "signedOut" as const }));
    });
    await rest(250);
    expect(called(backend, "askCommits")).toEqual([]);
    cleanup();
    const second = await shown((made) => (made.failing = { askCommits: problem("The registry does not answer.") }));
    await waitFor(() => expect(screen.getByTestId("timeline-problem").textContent).toContain("does not answer"));
    second.backend.failing = {};
    const asked = called(second.backend, "askCommits").length;
    await fireEvent.click(within(screen.getByTestId("timeline-problem")).getByText("Try again"));
    await waitFor(() => expect(called(second.backend, "askCommits").length).toBeGreaterThan(asked));
    await waitFor(() => expect(screen.queryByTestId("timeline-problem")).toBeNull());
  });
});
