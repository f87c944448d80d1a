import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settle, started } from "../../test/start";
import { acts } from "../acts/acts.svelte";
import { app } from "../app/state.svelte";
import { digest } from "../fake/data";
import { problem, type FakeBackend } from "../fake/fake";
import RepositoryPage from "../pages/repository/RepositoryPage.svelte";
import { hearArrivals } from "./arrival.svelte";
import { RepositoryMoves } from "./moves.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";
const WHERE = { account: POLLY, repository: ALIGNER };

async function shown(prepare: (backend: FakeBackend) => void, repository = ALIGNER) {
  const backend = await started(prepare);
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  const view = render(RepositoryPage, { account, repository });
  await waitFor(() => expect(screen.queryAllByTestId("tag-row").length).toBeGreaterThan(0));
  return { backend, view };
}
const moved = (made: FakeBackend): void => made.abouts.move(ALIGNER, "v3", "2e04bfa1e576", "8c41f09be2d7", 270);
const several = (made: FakeBackend): void => {
  moved(made);
  made.abouts.move(ALIGNER, "v2", "aa0000000000", null, 90);
  made.abouts.move(ALIGNER, "v1", "bb0000000000", "cc0000000000", 600, {
    reach: { kind: "gone", since: made.now - 60, restorableUntil: null },
  });
  made.abouts.move(ALIGNER, "nightly", "dd0000000000", "ee0000000000", 700, { kept: true });
};
const called = (backend: FakeBackend, name: string): unknown[][] =>
  backend.calls.filter(([call]) => call === name).map(([, ...given]) => given);
const rows = (): HTMLElement[] => screen.queryAllByTestId("moved-row");
const row = (tag: string): HTMLElement => {
  const found = rows().find((each) => each.dataset["tag"] === tag);
  if (!found) throw new Error(`no row ${tag}`);
  return found;
};
const body = (): HTMLElement => document.getElementById("repository-body") as HTMLElement;
const staleMoves = (backend: FakeBackend): void => backend.emit({ kind: "stale", what: { of: "moves", ...WHERE } });

afterEach(() => {
  cleanup();
  acts.closeActive();
  app.tab = "tags";
  vi.useRealTimers();
});

describe("the line of what someone else moved", () => {
  it("tells one move in one line, with what can be done", async () => {
    await shown(moved);
    const text = row("v3").textContent.replace(/\s+/g, " ");
    expect(text).toContain("v3 was moved by someone else 4 min ago:");
    expect(text).toContain("2e04bfa1e576");
    expect(text).toContain("8c41f09be2d7");
    const names = within(row("v3"))
      .getAllByRole("button")
      .map((each) => each.textContent.trim());
    expect(names).toEqual(["Keep the old one", "Put it back", "Show", "Dismiss"]);
    expect(screen.queryByTestId("moved-open")).toBeNull();
  });

  it("says why a rule could not keep the old one, until something does", async () => {
    const trouble = "The rule could not keep it: the registry refused.";
    const { backend } = await shown((made) => {
      made.abouts.move(ALIGNER, "v3", "2e04bfa1e576", "8c41f09be2d7", 270, { trouble });
    });
    expect(within(row("v3")).getByTestId("moved-trouble").textContent).toBe(trouble);
    backend.abouts.movedRows[ALIGNER] = backend.abouts.movedRows[ALIGNER]?.map((one) => ({ ...one, kept: true })) ?? [];
    staleMoves(backend);
    await waitFor(() => expect(within(row("v3")).queryByTestId("moved-trouble")).toBeNull());
  });

  it("tells several in one line that opens to a list; what is kept or gone offers less", async () => {
    await shown(several);
    expect(screen.getByTestId("moved-open").textContent).toContain("4 tags were moved by someone else, the last 1 min");
    expect(rows()).toHaveLength(0);
    await fireEvent.click(screen.getByTestId("moved-open"));
    expect(rows().map((each) => each.dataset["tag"])).toEqual(["v2", "v3", "v1", "nightly"]);
    expect(row("v2").textContent).toContain("was deleted by someone else");
    expect(within(row("v1")).getByTestId("moved-gone")).toBeTruthy();
    expect(within(row("v1")).queryByTestId("moved-put-back")).toBeNull();
    expect(within(row("v1")).queryByTestId("moved-keep")).toBeNull();
    expect(within(row("nightly")).getByTestId("moved-kept")).toBeTruthy();
    expect(within(row("nightly")).queryByTestId("moved-keep")).toBeNull();
    const found = await axe.run(screen.getByTestId("moved"), { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("covers every part of the page", async () => {
    await shown(moved);
    for (const tab of ["timeline", "about"] as const) {
      app.setTab(tab);
      await settle();
      expect(rows()).toHaveLength(1);
    }
  });

  it("keeps the old one, says so, and goes when the pointer has left", async () => {
    const { backend } = await shown(moved);
    await fireEvent.pointerEnter(body());
    await fireEvent.click(screen.getByTestId("moved-keep"));
    await waitFor(() => expect(screen.getByTestId("moved-said").textContent).toBe("2e04bfa1e576 is kept."));
    expect(called(backend, "answerMove")).toEqual([[POLLY, ALIGNER, "move-2", "keep"]]);
    expect(rows()).toHaveLength(1);
    await fireEvent.pointerLeave(body());
    expect(rows()).toHaveLength(0);
  });

  it("says why it could not be kept, and can be asked again", async () => {
    const { backend } = await shown((made) => {
      moved(made);
      made.failing.answerMove = problem("The registry refused the commit tag.", "notKept");
    });
    await fireEvent.click(screen.getByTestId("moved-keep"));
    await waitFor(() => expect(screen.getByTestId("moved-problem").textContent).toContain("refused the commit tag"));
    backend.failing = {};
    await fireEvent.click(screen.getByTestId("moved-keep"));
    await waitFor(() => expect(rows()).toHaveLength(0));
  });

  it("never comes while the pointer is over what it would push away", async () => {
    const { backend } = await shown(() => undefined);
    await fireEvent.pointerEnter(body());
    moved(backend);
    staleMoves(backend);
    await settle();
    expect(rows()).toHaveLength(0);
    await fireEvent.pointerLeave(body());
    expect(rows()).toHaveLength(1);
    await fireEvent.pointerEnter(body());
    backend.abouts.move(ALIGNER, "v1", "bb0000000000", "cc0000000000");
    staleMoves(backend);
    await settle();
    expect(screen.queryByTestId("moved-open")).toBeNull();
    await fireEvent.pointerLeave(body());
    expect(screen.getByTestId("moved-open").textContent).toContain("2 tags");
  });

  it("gives the focus to the next one, and to the list after the last", async () => {
    await shown(several);
    await fireEvent.click(screen.getByTestId("moved-open"));
    const dismiss = async (tag: string): Promise<void> => {
      const button = within(row(tag)).getByTestId("moved-dismiss");
      button.focus();
      await fireEvent.click(button);
      await waitFor(() => expect(rows().map((each) => each.dataset["tag"])).not.toContain(tag));
    };
    await dismiss("v2");
    await waitFor(() => expect(row("v3").contains(document.activeElement)).toBe(true));
    await dismiss("v3");
    await dismiss("v1");
    await waitFor(() => expect(row("nightly").contains(document.activeElement)).toBe(true));
  });

  it("puts back through the sheet that asks", async () => {
    await shown(moved);
    await fireEvent.click(screen.getByTestId("moved-put-back"));
    expect(acts.active?.request).toEqual({ ...WHERE, tag: "v3", commit: digest("2e04bfa1e576") });
  });

  it("shows the tag in the list, opened, from any part of the page", async () => {
    await shown(moved);
    app.setTab("about");
    await settle();
    await fireEvent.click(screen.getByTestId("moved-show"));
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset["tag"]).toBe("v3"));
    expect(app.tab).toBe("tags");
    await waitFor(() => expect(screen.queryAllByTestId("commit-row")).toHaveLength(4));
  });

  it("can be dismissed but neither kept nor put back where one is signed out", async () => {
    await shown((made) => {
      moved(made);
      const polly = made.accountRows[0];
      if (polly) polly.state = "signedOut";
    });
    expect(screen.getByTestId<HTMLButtonElement>("moved-keep").disabled).toBe(true);
    expect(screen.getByTestId<HTMLButtonElement>("moved-put-back").disabled).toBe(true);
    await fireEvent.click(screen.getByTestId("moved-dismiss"));
    await waitFor(() => expect(rows()).toHaveLength(0));
  });
});

describe("having looked", () => {
  async function listening(focused: boolean) {
    const backend = await started(moved);
    vi.useFakeTimers();
    vi.spyOn(document, "hasFocus").mockImplementation(() => focused);
    const moves = new RepositoryMoves(POLLY, ALIGNER);
    const end = moves.listen();
    await vi.advanceTimersByTimeAsync(0);
    return { backend, end };
  }

  it("is told once, a second after it was drawn", async () => {
    const { backend, end } = await listening(true);
    await vi.advanceTimersByTimeAsync(900);
    expect(called(backend, "sawMoves")).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(called(backend, "sawMoves")).toEqual([[POLLY, ALIGNER]]);
    staleMoves(backend);
    await vi.advanceTimersByTimeAsync(2000);
    expect(called(backend, "sawMoves")).toHaveLength(1);
    backend.abouts.move(ALIGNER, "v1", "bb0000000000", "cc0000000000");
    staleMoves(backend);
    await vi.advanceTimersByTimeAsync(2000);
    expect(called(backend, "sawMoves")).toHaveLength(2);
    end();
  });

  it("is not told while the window is behind another, or where the page was left", async () => {
    const behind = await listening(false);
    await vi.advanceTimersByTimeAsync(5000);
    expect(called(behind.backend, "sawMoves")).toEqual([]);
    behind.end();
    vi.useRealTimers();
    const left = await listening(true);
    left.end();
    await vi.advanceTimersByTimeAsync(5000);
    expect(called(left.backend, "sawMoves")).toEqual([]);
  });
});

describe("a pressed notification", () => {
  let deaf: () => void;
  beforeEach(() => void (deaf = hearArrivals()));
  afterEach(() => deaf());

  it("goes to the repository and selects the tag", async () => {
    const backend = await started();
    backend.emit({ kind: "show", ...WHERE, tag: "v2", makeActive: null });
    expect(app.place).toEqual({ kind: "repository", ...WHERE });
    const account = app.account(POLLY);
    if (!account) throw new Error("no account");
    render(RepositoryPage, { account, repository: ALIGNER });
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset["tag"]).toBe("v2"));
    expect(acts.active).toBeNull();
    // On the page already: only the tag is selected.
    backend.emit({ kind: "show", ...WHERE, tag: "v1", makeActive: null });
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset["tag"]).toBe("v1"));
  });

  it("waits for a tag that the list does not know yet", async () => {
    const backend = await started();
    const all = backend.tagsOf(ALIGNER);
    backend.tagRows[ALIGNER] = all.filter((one) => one.name !== "v2");
    const account = app.account(POLLY);
    if (!account) throw new Error("no account");
    render(RepositoryPage, { account, repository: ALIGNER });
    await waitFor(() => expect(screen.getAllByTestId("tag-row")).toHaveLength(7));
    backend.emit({ kind: "show", ...WHERE, tag: "v2", makeActive: null });
    await settle();
    backend.tagRows[ALIGNER] = all;
    backend.emit({ kind: "stale", what: { of: "tags", ...WHERE } });
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset["tag"]).toBe("v2"));
  });

  it("opens the sheet where something is left to be asked", async () => {
    const backend = await started();
    backend.emit({ kind: "show", ...WHERE, tag: "v3", makeActive: digest("2e04bfa1e576") });
    expect(acts.active?.request).toEqual({ ...WHERE, tag: "v3", commit: digest("2e04bfa1e576") });
  });

  it("of a registry that was removed meanwhile leads nowhere", async () => {
    const backend = await started();
    backend.emit({ kind: "show", account: "gone.example", repository: "a", tag: "b", makeActive: digest("cc") });
    expect([app.place.kind, acts.active]).toEqual(["welcome", null]);
  });
});
