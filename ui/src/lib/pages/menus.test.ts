// The menu of every row, as the right button and the keyboard open it.

import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { settle } from "../../test/start";
import { app } from "../app/state.svelte";
import type { RepositoryTab, Screen } from "../backend/backend";
import { FakeBackend } from "../fake/fake";

const POLLY = "registry.polly.example";
const ALIGNER: Screen = { kind: "repository", account: POLLY, repository: "genomics/aligner" };
let written: ReturnType<typeof vi.fn>;

async function drawn(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await settle();
    flushSync();
  }
}
async function open(place: Screen, tab: RepositoryTab = "tags"): Promise<FakeBackend> {
  const backend = new FakeBackend();
  Object.assign(backend.preferences, { place, tab });
  render(App, { backend });
  await drawn();
  // The sheets are read behind the first page.
  await vi.dynamicImportSettled();
  await drawn();
  return backend;
}
const row = async (testid: string): Promise<HTMLElement> => (await screen.findAllByTestId(testid))[0] as HTMLElement;
const items = (): string[] =>
  [...screen.getByTestId("context-menu").querySelectorAll("[role=menuitem]")].map(
    (item) => (item as HTMLElement).dataset["testid"] ?? "",
  );
const rightClick = async (on: Element): Promise<boolean> => {
  const unanswered = await fireEvent.contextMenu(on, { clientX: 30, clientY: 40 });
  flushSync();
  return unanswered;
};

beforeEach(() => {
  written = vi.fn(() => Promise.resolve());
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText: written } });
});
afterEach(() => {
  cleanup();
  app.tab = "tags";
});

describe("a row's menu", () => {
  it.each<[string, Screen, RepositoryTab, string[]]>([
    ["tag-row", ALIGNER, "tags", ["menu-pull", "copy-pull", "copy-digest", "menu-delete-tag"]],
    ["timeline-row", ALIGNER, "timeline", ["menu-pull", "copy-pull", "copy-digest", "menu-delete"]],
    ["image-row", { kind: "images" }, "tags", ["menu-push-to", "copy-pull", "copy-id"]],
    [
      "repository-line",
      { kind: "repositories", account: POLLY, namespace: null },
      "tags",
      ["menu-open", "copy-pull", "copy-path"],
    ],
    ["repository-row", { kind: "images" }, "tags", ["menu-open", "copy-pull", "copy-path"]],
    ["namespace-row", { kind: "images" }, "tags", ["menu-show-all", "menu-new-repository"]],
    [`account-${POLLY}`, { kind: "images" }, "tags", ["menu-sign-out", "menu-remove"]],
    ["nav-images", { kind: "images" }, "tags", ["menu-open"]],
  ])("of a %s opens by the right button, and is ours", async (testid, place, tab, wanted) => {
    await open(place, tab);
    expect(await rightClick(await row(testid))).toBe(false);
    expect(items()).toEqual(expect.arrayContaining(wanted));
    // What a web view makes of the same press is no click on the row; the next one is.
    const at = app.place;
    await fireEvent.click(await row(testid));
    await drawn();
    expect(app.place).toEqual(at);
  });

  it("waits until the button that asks for it is let go, which would close it", async () => {
    await open(ALIGNER);
    const tag = await row("tag-row");
    const held = (): Promise<boolean> => fireEvent.contextMenu(tag, { buttons: 2 });
    const letGo = async (): Promise<void> => {
      await fireEvent.mouseUp(document.body, { button: 2 });
      flushSync();
    };
    expect(await held()).toBe(false);
    flushSync();
    expect(items()).toEqual([]);
    // What has the focus loses it to the row that is pressed: the window doesn't.
    await fireEvent.blur(tag);
    await letGo();
    expect(items()).toContain("menu-pull");

    // Let go elsewhere: of that the window hears nothing, only of what comes after it.
    for (const next of [() => fireEvent.mouseDown(document.body, { button: 0 }), () => fireEvent.blur(window)]) {
      cleanup();
      await open(ALIGNER);
      await fireEvent.contextMenu(await row("tag-row"), { buttons: 2 });
      await next();
      await letGo();
      expect(items()).toEqual([]);
    }
  });

  it("of one that is chosen speaks of all that are, and of another one of that alone", async () => {
    await open({ kind: "images" });
    await waitFor(() => expect(screen.getAllByTestId("image-row")).toHaveLength(6));
    const images = (): HTMLElement[] => screen.getAllByTestId("image-row");
    for (const at of [0, 2]) await fireEvent.click(images()[at] as HTMLElement, { ctrlKey: true });
    const said = async (at: number): Promise<string> => {
      await rightClick(images()[at] as HTMLElement);
      return screen.getByTestId("context-menu").textContent;
    };
    expect(await said(2)).toMatch(/Save 2 selected….*Remove 2 selected…/);
    const other = await said(1);
    expect(other).toMatch(/Save….*Remove…/);
    expect(other).not.toContain("selected");
    // The keys are of those that are chosen.
    expect(other).not.toContain("Delete");

    cleanup();
    await open(ALIGNER);
    const tags = (): HTMLElement[] => screen.getAllByTestId("tag-row");
    await row("tag-row");
    for (const at of [0, 1]) await fireEvent.click(tags()[at] as HTMLElement, { ctrlKey: true });
    await rightClick(tags()[0] as HTMLElement);
    expect(screen.getByTestId("context-menu").textContent).toContain("Delete 2 selected");
    await rightClick(tags()[2] as HTMLElement);
    expect(items()).toContain("menu-delete-tag");
    expect(screen.getByTestId("context-menu").textContent).not.toContain("selected");
  });

  it("of a commit under its tag copies the line that pulls it", async () => {
    await open(ALIGNER);
    const tag = screen.getAllByTestId("tag-row").find((each) => each.dataset["tag"] === "v3") as HTMLElement;
    await fireEvent.click(tag);
    await waitFor(() => expect(screen.queryAllByTestId("commit-row").length).toBeGreaterThan(1));
    const older = screen.getAllByTestId("commit-row")[1] as HTMLElement;
    older.focus();
    await fireEvent.keyDown(older, { key: "F10", shiftKey: true });
    flushSync();
    const first = screen.getByTestId("context-menu").querySelector("[role=menuitem]");
    expect(document.activeElement).toBe(first);
    const copy = screen.getByTestId("context-menu").querySelector("[data-testid=copy-pull]") as HTMLElement;
    await fireEvent.click(copy);
    expect(written.mock.calls[0]?.[0]).toMatch(/^docker pull registry\.polly\.example\/genomics\/aligner[:@]/);
    expect(document.activeElement).toBe(older);
  });

  it("of a repository copies the line for its newest tag, or for none where none is known", async () => {
    const backend = await open({ kind: "images" });
    const copied = async (repository: string): Promise<string> => {
      const rows = screen.getAllByTestId("repository-row");
      await rightClick(rows.find((each) => each.dataset["repository"] === repository) as HTMLElement);
      const copy = screen.getByTestId("context-menu").querySelector("[data-testid=copy-pull]") as HTMLElement;
      await fireEvent.click(copy);
      await drawn();
      return String(written.mock.calls.at(-1)?.[0]);
    };
    const newest = backend.tagRows["genomics/aligner"]?.[0]?.name ?? "";
    expect(await copied("genomics/aligner")).toBe(`docker pull ${POLLY}/genomics/aligner:${newest}`);
    expect(await copied("genomics/variant-filter")).toBe(`docker pull ${POLLY}/genomics/variant-filter`);
  });

  it("of a transfer holds its own acts", async () => {
    const backend = await open(ALIGNER);
    await backend.startPull({
      account: POLLY,
      repository: "genomics/aligner",
      tag: "v3",
      commit: null,
      moveName: false,
    });
    await drawn();
    await fireEvent.click(await screen.findByTestId("activity-open"));
    const task = await row("task-row");
    await rightClick(task);
    expect(items()).toEqual(expect.arrayContaining(["menu-task-cancel", "menu-open", "copy-pull"]));
  });

  it("stays the web view's own where one types, and nothing's where there is no row", async () => {
    await open(ALIGNER);
    expect(await rightClick(screen.getByTestId("tags-filter"))).toBe(true);
    expect(items()).toEqual([]);
    expect(await rightClick(screen.getByRole("heading", { level: 1 }))).toBe(false);
    expect(items()).toEqual([]);
  });

  it("speaks of all that are chosen", async () => {
    await open(ALIGNER);
    const rows = screen.getAllByTestId("tag-row");
    for (const each of rows.slice(0, 2)) await fireEvent.click(each, { ctrlKey: true });
    await rightClick(rows[0] as HTMLElement);
    expect(screen.getByTestId("context-menu").textContent).toContain("Delete 2 selected tags…");
  });
});

describe("a digest", () => {
  it("is copied by a click, which opens nothing", async () => {
    await open(ALIGNER);
    const tag = await row("tag-row");
    const digest = tag.querySelector("[data-testid=digest]") as HTMLElement;
    await fireEvent.click(digest);
    await drawn();
    expect(written.mock.calls[0]?.[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(digest.textContent).toBe("Copied");
    expect(tag.getAttribute("aria-expanded")).toBe("false");
  });
});

describe("the mouse's own buttons", () => {
  it("go back and forward", async () => {
    await open({ kind: "images" });
    app.go(ALIGNER);
    await drawn();
    const button = async (of: number): Promise<void> => {
      await fireEvent.mouseDown(document.body, { button: of });
      await fireEvent.mouseUp(document.body, { button: of });
      await drawn();
    };
    await button(3);
    expect(app.place).toEqual({ kind: "images" });
    await button(4);
    expect(app.place).toEqual(ALIGNER);
    await button(0);
    expect(app.place).toEqual(ALIGNER);
  });
});

describe("the filter of the page", () => {
  it.each<[string, Screen, RepositoryTab, string]>([
    ["tags", ALIGNER, "tags", "tags-filter"],
    ["a timeline", ALIGNER, "timeline", "timeline-filter"],
    ["images", { kind: "images" }, "tags", "images-filter"],
    ["repositories", { kind: "repositories", account: POLLY, namespace: null }, "tags", "repositories-filter"],
    ["a page without one: the sidebar's", { kind: "welcome" }, "tags", "filter-repositories"],
  ])("is reached by / and Ctrl F: %s", async (_, place, tab, testid) => {
    await open(place, tab);
    for (const held of [{ key: "/" }, { key: "f", ctrlKey: true }]) {
      (document.activeElement as HTMLElement).blur();
      await fireEvent.keyDown(document.body, held);
      expect(document.activeElement).toBe(screen.getByTestId(testid));
    }
    // Where one types, the sign is a sign.
    expect(await fireEvent.keyDown(document.activeElement as Element, { key: "/" })).toBe(true);
  });
});
