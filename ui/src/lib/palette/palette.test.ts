import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { app } from "../app/state.svelte";
import type { FoundName, Program } from "../backend/backend";
import { FakeBackend } from "../fake/fake";
import { settle } from "../../test/start";
import { entriesOf, type Known } from "./entries";

const POLLY = "registry.polly.example";

async function drawn(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await settle();
    flushSync();
  }
}
async function open(prepare: (backend: FakeBackend) => void = () => undefined): Promise<FakeBackend> {
  const backend = new FakeBackend();
  prepare(backend);
  render(App, { backend });
  await drawn();
  // The sheets are read behind the first page.
  await vi.dynamicImportSettled();
  await drawn();
  return backend;
}
const press = (key: string, held: KeyboardEventInit = {}): Promise<boolean> =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...held });
async function type(text: string): Promise<void> {
  await fireEvent.input(screen.getByTestId("palette-field"), { target: { value: text } });
  await drawn();
}
const names = (): string[] => screen.queryAllByTestId("palette-entry").map((each) => each.dataset["name"] ?? "");

// The test's browser has no modal dialogs.
beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(() => {
  cleanup();
  app.tab = "tags";
});

describe("the palette", () => {
  it("opens by its key, finds a repository as one types, and Enter goes there", async () => {
    await open();
    await press("k", { ctrlKey: true });
    await drawn();
    const field = screen.getByRole("combobox");
    expect(document.activeElement).toBe(field);
    await type("aligner");
    const first = screen.getAllByTestId("palette-entry")[0];
    expect(first?.textContent).toContain("genomics/aligner");
    expect(first?.textContent).toContain(POLLY);
    expect(first?.getAttribute("aria-selected")).toBe("true");
    expect(field.getAttribute("aria-activedescendant")).toBe(first?.id);
    await press("Enter");
    await drawn();
    expect(screen.queryByTestId("palette")).toBeNull();
    expect(app.place).toEqual({ kind: "repository", account: POLLY, repository: "genomics/aligner" });
    expect(document.activeElement?.tagName).toBe("MAIN");
  });

  it("leads to a tag, which has the cursor then", async () => {
    await open();
    await press("k", { ctrlKey: true });
    await drawn();
    await type("aligner:nightly");
    expect(names()[0]).toBe("genomics/aligner:nightly");
    await press("Enter");
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset["tag"]).toBe("nightly"));
  });

  it("does what is typed, tells its shortcut, and gives the focus back", async () => {
    await open((backend) => (backend.preferences.place = { kind: "images" }));
    const row = screen.getAllByTestId("image-row")[0] as HTMLElement;
    row.focus();
    await press("k", { ctrlKey: true });
    await drawn();
    await type("keyboard short");
    expect(screen.getAllByTestId("palette-entry")[0]?.textContent).toContain("?");
    await press("Enter");
    await drawn();
    expect(screen.getByTestId("shortcuts")).toBeTruthy();
    await press("Escape");
    await drawn();
    expect(document.activeElement).toBe(row);
  });

  it("waits with Enter for what was typed last", async () => {
    const found = (repository: string): FoundName[] => [{ account: POLLY, repository, tag: null, fit: "exact" }];
    const backend = await open();
    await press("k", { ctrlKey: true });
    await drawn();
    backend.find = () => Promise.resolve(found("genomics/peak-caller"));
    await type("p");
    let answer: (names: FoundName[]) => void = () => undefined;
    backend.find = () => new Promise((done) => (answer = done));
    await type("q");
    await press("Enter");
    await drawn();
    expect(screen.getByTestId("palette")).toBeTruthy();
    answer(found("genomics/qc-report"));
    await drawn();
    expect(app.place).toEqual({ kind: "repository", account: POLLY, repository: "genomics/qc-report" });
  });

  it("opens a typed path that nobody has listed, and says what is none", async () => {
    await open();
    await press("k", { ctrlKey: true });
    await drawn();
    await type(`${POLLY}/lab/unheard:v9`);
    expect(names()[0]).toBe(`Open ${POLLY}/lab/unheard:v9`);
    await press("Enter");
    await waitFor(() => expect(app.place).toEqual({ kind: "repository", account: POLLY, repository: "lab/unheard" }));
    await press("k", { ctrlKey: true });
    await drawn();
    await type("lab/unheard");
    expect(names().some((name) => name?.startsWith("Open "))).toBe(false);
  });

  it("says when nothing answers, is a ring, and Escape leaves", async () => {
    await open();
    const button = screen.getByTestId("search-or-jump");
    button.focus();
    await fireEvent.click(button);
    await drawn();
    await type("zzzzzz");
    expect(screen.getByTestId("palette").textContent).toContain("Nothing that is known here answers to “zzzzzz”.");
    // Docker Hub may know it: the page of public images is a press away, and asks nothing by itself.
    expect(names()).toEqual(["Search public images for “zzzzzz”…"]);
    await type("");
    const all = names().length;
    expect(all).toBeGreaterThan(5);
    await press("ArrowUp");
    await drawn();
    expect(screen.getAllByTestId("palette-entry").at(-1)?.getAttribute("aria-selected")).toBe("true");
    await press("ArrowDown");
    await drawn();
    expect(screen.getAllByTestId("palette-entry")[0]?.getAttribute("aria-selected")).toBe("true");
    await press("Escape");
    await drawn();
    expect(screen.queryByTestId("palette")).toBeNull();
    expect(document.activeElement).toBe(button);
  });

  it("is accessible, and so is the page of shortcuts", async () => {
    await open((backend) => (backend.preferences.place = { kind: "images" }));
    const faults = async (): Promise<string[]> => {
      const found = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
      return found.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" | ")}`);
    };
    await press("k", { ctrlKey: true });
    await drawn();
    await type("align");
    expect(await faults()).toEqual([]);
    await press("Escape");
    await drawn();
    await press("?", { shiftKey: true });
    await drawn();
    expect(screen.getAllByTestId("shortcut").length).toBeGreaterThan(12);
    expect(await faults()).toEqual([]);
  });

  it("tells what was open lately before anything is typed, the page on show left out", async () => {
    await open();
    for (const repository of ["genomics/aligner", "genomics/qc-report", "genomics/peak-caller"]) {
      app.go({ kind: "repository", account: POLLY, repository });
    }
    await drawn();
    await press("k", { ctrlKey: true });
    await drawn();
    expect(names().slice(0, 2)).toEqual(["genomics/qc-report", "genomics/aligner"]);
  });
});

describe("the order of what is found", () => {
  const account = (id: string, user: string | null) =>
    ({
      id,
      host: "r.example",
      readable: null,
      user,
      state: "signedIn",
      plainHttp: false,
      ways: [],
      wanted: null,
      source: null,
      programs: [] as Program[],
      limit: null,
      connection: null,
      namespace: null,
    }) as const;
  const known = (changes: Partial<Known>): Known => ({
    names: [],
    accounts: [{ ...account("1", "ana"), ways: [] }],
    images: [],
    recent: [],
    commands: [],
    here: null,
    ...changes,
  });
  const name = (repository: string, fit: FoundName["fit"], tag: string | null = null): FoundName => ({
    account: "1",
    repository,
    tag,
    fit,
  });

  it("is by how it answers, then how lately it was open, then what it is", () => {
    const found = entriesOf(
      "al",
      known({
        names: [
          name("lab/aligner", "beginning"),
          name("lab/alder", "beginning"),
          name("al", "exact"),
          name("x/y", "beginning", "alpha"),
          name("lab/seal", "inside"),
        ],
        recent: [{ account: "1", repository: "lab/aligner" }],
        commands: [
          { id: "a", label: "Alter", group: "g", run: vi.fn() },
          { id: "b", label: "Alas", group: "g", run: vi.fn(), disabled: true },
          { id: "c", label: "Also", group: "g", run: vi.fn(), quiet: true },
        ],
      }),
    );
    expect(found.map((entry) => entry.name)).toEqual([
      "al",
      "lab/aligner",
      "lab/alder",
      "x/y:alpha",
      "Alter",
      "lab/seal",
    ]);
  });

  it("leaves room for every kind, and names the user where a host has two accounts", () => {
    const many = Array.from({ length: 50 }, (_, n) => name(`lab/al${n}`, "beginning"));
    const found = entriesOf(
      "al",
      known({
        names: [...many, ...many.map((each) => ({ ...each, tag: "al" }))],
        accounts: [
          { ...account("1", "ana"), ways: [] },
          { ...account("2", "bob"), ways: [] },
        ],
        commands: [{ id: "a", label: "Alter", group: "g", run: vi.fn() }],
      }),
    );
    const kinds = (kind: string): number => found.filter((entry) => entry.kind === kind).length;
    expect([kinds("repository"), kinds("tag"), kinds("action")]).toEqual([12, 8, 1]);
    expect(found[0]?.note).toBe("r.example, ana");
  });
});
