import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { started } from "../../../test/start";
import { accountSheet } from "../../accounts/accounts.svelte";
import { app } from "../../app/state.svelte";
import type { TagRow } from "../../backend/backend";
import { alignerTags, digest } from "../../fake/data";
import { problem, type FakeBackend } from "../../fake/fake";
import { committing } from "../../making/commit.svelte";
import { push } from "../../push/push.svelte";
import { drag } from "../../shared/drag/drag.svelte";
import RepositoryPage from "./RepositoryPage.svelte";

const POLLY = "registry.polly.example";

async function shown(repository = "genomics/aligner", prepare?: (backend: FakeBackend) => void) {
  const backend = await started(prepare);
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  const view = render(RepositoryPage, { account, repository });
  return { backend, view };
}
const rows = (): HTMLElement[] => screen.queryAllByTestId("tag-row");
const tags = (): string[] => rows().map((row) => row.dataset["tag"] ?? "");
const row = (tag: string): HTMLElement => {
  const found = rows().find((each) => each.dataset["tag"] === tag);
  if (!found) throw new Error(`no row ${tag}`);
  return found;
};
const commits = (): HTMLElement[] => screen.queryAllByTestId("commit-row");
const called = (backend: FakeBackend, name: string): unknown[][] =>
  backend.calls.filter(([call]) => call === name).map(([, ...given]) => given);
const press = (key: string): Promise<boolean> => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const rest = (): Promise<void> => new Promise((done) => setTimeout(done, 40));

function plain(name: string, changes: Partial<TagRow> = {}): TagRow {
  const row = alignerTags(1_800_000_000)[0];
  if (!row) throw new Error("no row");
  return { ...row, name, ...changes };
}
const unknown: Partial<TagRow> = {
  digest: null,
  time: null,
  size: null,
  platforms: [],
  resolved: false,
  commits: 0,
};

afterEach(() => {
  cleanup();
  push.close();
  accountSheet.close();
  drag.mark(null);
  app.tagOrder = "newest";
});

describe("a repository's page", () => {
  it("shows its tags with their facts, and says how to pull the first", async () => {
    await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    expect(within(row("v2")).getByTestId("tag-digest").textContent).toContain("51aa0be3c96f");
    expect(within(row("v2")).getByTestId("tag-platforms").textContent).toContain("amd64 · arm64");
    expect(within(row("v2")).getByTestId("tag-local").textContent).toContain("11 days behind v2");
    expect(within(row("test-ref38")).getByTestId("tag-time").textContent).toContain("built");
    expect(screen.getByTestId("copy-pull-line").textContent).toContain("aligner:v3");
  });

  it("has no fault a checker finds, with commits and panel open", async () => {
    const { view } = await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    await fireEvent.click(row("v3"));
    await waitFor(() => expect(commits().length).toBeGreaterThan(1));
    await fireEvent.click(commits()[1] as HTMLElement);
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("orders by version and by name, and remembers it", async () => {
    await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    await fireEvent.change(screen.getByTestId("tags-order"), { target: { value: "version" } });
    expect(tags().slice(0, 3)).toEqual(["v3", "v2", "v1"]);
    await fireEvent.change(screen.getByTestId("tags-order"), { target: { value: "name" } });
    expect(tags()[0]).toBe("latest");
    expect(app.tagOrder).toBe("name");
  });

  it("answers a filter over many rows with the first of them, and with all a moment later", async () => {
    await shown("genomics/aligner", (made) => {
      made.tagRows["genomics/aligner"] = Array.from({ length: 1200 }, (_, n) => plain(`v${n}`));
    });
    const rows = (): number => Number(screen.getByTestId("tags-table").getAttribute("aria-rowcount")) - 1;
    await waitFor(() => expect(rows()).toBe(1200));
    await fireEvent.input(screen.getByTestId("tags-filter"), { target: { value: "V" } });
    expect(rows()).toBe(500);
    await waitFor(() => expect(rows()).toBe(1200));
    // What is done to all of them is done to all of them, whichever are drawn.
    await fireEvent.input(screen.getByTestId("tags-filter"), { target: { value: "v1" } });
    await fireEvent.keyDown(screen.getByTestId("tags-table"), { key: "a", ctrlKey: true });
    expect(rows()).toBe(311);
  });

  it("filters as one types, and says when nothing matches", async () => {
    await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    await fireEvent.input(screen.getByTestId("tags-filter"), { target: { value: "night" } });
    expect(tags()).toEqual(["nightly", "nightly-arm"]);
    await fireEvent.input(screen.getByTestId("tags-filter"), { target: { value: "zebra" } });
    expect(screen.getByText("No tag holds “zebra”.")).toBeTruthy();
  });

  it("asks for the facts of unknown rows, soft until they are there, by version until an order by date is offered", async () => {
    let open: (() => void) | undefined;
    const { backend } = await shown("genomics/aligner", (made) => {
      made.tagRows["genomics/aligner"] = [plain("a", unknown), plain("b", unknown)];
      const wait = new Promise<void>((done) => (open = done));
      made.resolveTag = async (_account, _repository, tag) => {
        made.calls.push(["resolveTag", tag]);
        await wait;
        return plain(tag, { time: { at: tag === "b" ? 2000 : 1000, kind: "since", source: "registry" } });
      };
    });
    await waitFor(() => expect(called(backend, "resolveTag").map(([tag]) => tag)).toEqual(["a", "b"]));
    await waitFor(() =>
      expect(screen.getByTestId("tags-fresh").textContent).toContain("By version until all dates are known: 0 of 2"),
    );
    expect(tags()).toEqual(["a", "b"]);
    expect(screen.queryByTestId("tags-offer")).toBeNull();
    expect(row("a").querySelectorAll(".soft").length).toBeGreaterThan(2);
    open?.();
    const offer = await screen.findByTestId("tags-offer");
    expect(offer.textContent).toBe("Newest first");
    expect(tags()).toEqual(["a", "b"]);
    await fireEvent.click(offer);
    expect(tags()).toEqual(["b", "a"]);
    expect(screen.queryByTestId("tags-offer")).toBeNull();
    expect(row("a").querySelectorAll(".soft")).toHaveLength(0);
    expect(screen.getByTestId("tags-table").dataset["unfinished"]).toBe("false");
  });

  it("never moves a row under the pointer: a newer order waits until it has left", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    await rest();
    const before = tags();
    const table = screen.getByTestId("tags-table");
    await fireEvent.pointerEnter(table);
    const moved = alignerTags(1_800_000_000).map((each) =>
      each.name === "v1" ? { ...each, time: { at: 1_900_000_000, kind: "since", source: "registry" } as const } : each,
    );
    backend.tagRows["genomics/aligner"] = [...moved, plain("v0", { time: null })];
    const account = app.account(POLLY)?.id ?? "";
    backend.emit({ kind: "stale", what: { of: "tags", account, repository: "genomics/aligner" } });
    await waitFor(() => expect(tags()).toEqual([...before, "v0"]));
    expect(table.dataset["unfinished"]).toBe("true");
    expect(screen.getByTestId("tags-fresh").textContent).toContain("when the pointer leaves");
    await fireEvent.pointerLeave(table);
    expect(tags()[0]).toBe("v1");
    expect(table.dataset["unfinished"]).toBe("false");
  });

  it("says why a row's facts could not be had, and goes on with the others", async () => {
    await shown("genomics/aligner", (made) => {
      made.tagRows["genomics/aligner"] = [plain("a", unknown)];
      made.failing = { resolveTag: problem("The manifest is larger than 4 MB.") };
    });
    await waitFor(() => expect(within(row("a")).getByTestId("tag-time").textContent).toContain("larger than 4 MB"));
  });

  it("keeps few rows in the document for ten thousand tags", async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => plain(`v1.${n}`));
    await shown("genomics/aligner", (made) => (made.tagRows["genomics/aligner"] = many));
    await waitFor(() => expect(rows().length).toBeGreaterThan(10));
    // The list comes in parts; the first one shows at once.
    await waitFor(() => expect(screen.getByTestId("tags-table").getAttribute("aria-rowcount")).toBe("10001"));
    expect(document.querySelectorAll("[role=row]").length).toBeLessThan(100);
  });

  it("says below the rows why the list may lack something", async () => {
    await shown(
      "genomics/aligner",
      (made) => (made.listNote = "There are more than 200000; the others are not shown."),
    );
    await waitFor(() => expect(screen.getByTestId("list-note").textContent).toContain("the others are not shown"));
    expect(tags()).toHaveLength(8);
  });

  it("keeps the cached rows when the refresh fails, and says why in place", async () => {
    const { backend } = await shown("genomics/aligner", (made) => {
      made.failing = { refreshTags: problem("The registry does not answer.") };
    });
    await waitFor(() => expect(screen.getByTestId("problem").textContent).toContain("does not answer"));
    expect(tags()).toHaveLength(8);
    backend.failing = {};
    await fireEvent.click(screen.getByText("Try again"));
    await waitFor(() => expect(screen.queryByTestId("problem")).toBeNull());
  });

  it("asks again for a row that is no longer fresh, and reads a flood of stale events once more only", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    await rest();
    const [reads, asked] = [called(backend, "tags").length, called(backend, "resolveTag").length];
    const moved = backend.tagRows["genomics/aligner"]?.[4];
    if (moved) moved.resolved = false;
    for (let n = 0; n < 20; n += 1) {
      backend.emit({ kind: "stale", what: { of: "tags", account: POLLY, repository: "genomics/aligner" } });
    }
    await waitFor(() => expect(called(backend, "resolveTag")).toHaveLength(asked + 1));
    expect(called(backend, "resolveTag").at(-1)).toEqual([POLLY, "genomics/aligner", "v2"]);
    expect(called(backend, "tags").length - reads).toBeLessThanOrEqual(2);
  });

  it("draws what an event tells of one row, and reads its open commits again", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    await fireEvent.click(row("v2"));
    await waitFor(() => expect(commits().length).toBeGreaterThan(0));
    await rest();
    const reads = called(backend, "commits").length;
    const moved = plain("v2", { digest: digest("deadbeef0001"), commits: 6 });
    backend.emit({ kind: "tagFilled", account: POLLY, repository: "genomics/aligner", row: moved });
    await waitFor(() => expect(within(row("v2")).getByTestId("tag-digest").textContent).toContain("deadbeef0001"));
    expect(called(backend, "commits").length).toBe(reads + 1);
  });

  it("stops asking and says so where the sign-in is no longer accepted", async () => {
    const many = Array.from({ length: 30 }, (_, n) => plain(`t${n}`, unknown));
    const { backend } = await shown("genomics/aligner", (made) => {
      made.tagRows["genomics/aligner"] = many;
      made.failing = { resolveTag: problem("Your sign-in is no longer accepted.", "signIn") };
    });
    await waitFor(() => expect(screen.getByTestId("problem").dataset["code"]).toBe("signIn"));
    await rest();
    expect(called(backend, "resolveTag").length).toBeLessThan(20);
    await fireEvent.click(within(screen.getByTestId("problem")).getByText("Sign in…"));
    expect(accountSheet.open.kind).toBe("form");
  });

  it("teaches the next step where it is empty", async () => {
    await shown("genomics/variant-filter");
    await waitFor(() => expect(screen.getByTestId("repository-empty").textContent).toContain("No image here yet"));
    await fireEvent.click(screen.getByTestId("choose-image"));
    expect(push.picking?.repository).toBe("genomics/variant-filter");
    push.close();
  });

  it("shows what was seen before where nobody is signed in, and asks the registry nothing", async () => {
    const { backend } = await shown("genomics/aligner", (made) => {
      made.accountRows = made.accountRows.map((each) => ({ ...each, state: "signedOut" as const }));
    });
    await waitFor(() => expect(tags()).toHaveLength(8));
    expect(screen.getByTestId("repository-signed-out").textContent).toContain("signed out");
    expect(called(backend, "refreshTags")).toEqual([]);
    expect(called(backend, "resolveTag")).toEqual([]);
  });

  it("reads again what an event names as stale, and nothing else", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    await rest(); // its own refresh is over
    const before = called(backend, "tags").length;
    backend.emit({ kind: "stale", what: { of: "tags", account: POLLY, repository: "other/one" } });
    await rest();
    expect(called(backend, "tags")).toHaveLength(before);
    backend.tagRows["genomics/aligner"]?.push(plain("v4"));
    backend.emit({ kind: "stale", what: { of: "tags", account: POLLY, repository: "genomics/aligner" } });
    await waitFor(() => expect(tags()).toContain("v4"));
  });
});

describe("commits", () => {
  async function expanded() {
    const made = await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    await fireEvent.click(row("v3"));
    await waitFor(() => expect(commits()).toHaveLength(4));
    return made;
  }

  it("show under their tag: active, kept, gone, with gaps between them", async () => {
    const { backend } = await expanded();
    expect(row("v3").getAttribute("aria-expanded")).toBe("true");
    expect(commits().map((each) => each.dataset["active"])).toEqual(["true", "false", "false", "false"]);
    expect(commits()[1]?.dataset["kept"]).toBe("true");
    expect(commits()[1]?.textContent).toContain("commit tag");
    expect(commits()[3]?.textContent).toContain("the registry no longer has it");
    expect(screen.getAllByTestId("line-gap").map((each) => each.textContent?.trim())).toContain("11 days");
    expect(called(backend, "refreshCommits")).toEqual([[POLLY, "genomics/aligner", "v3"]]);
  });

  it("are pulled with one click, the older by digest, the active by its tag; a gone one can't be", async () => {
    const { backend } = await expanded();
    await fireEvent.click(within(commits()[1] as HTMLElement).getByTestId("pull-commit"));
    await fireEvent.click(within(commits()[0] as HTMLElement).getByTestId("pull-commit"));
    await waitFor(() => expect(called(backend, "startPull")).toHaveLength(2));
    const [older, active] = called(backend, "startPull").map(([order]) => order);
    expect(older).toEqual({
      account: POLLY,
      repository: "genomics/aligner",
      tag: "v3",
      commit: digest("2e04bfa1e576"),
      moveName: false,
    });
    expect(active).toMatchObject({ tag: "v3", commit: null });
    expect(within(commits()[3] as HTMLElement).queryByTestId("pull-commit")).toBeNull();
  });

  it("say why a pull did not begin", async () => {
    const { backend } = await expanded();
    backend.failing = { startPull: problem("No container engine answers.", "noEngine") };
    await fireEvent.click(within(commits()[1] as HTMLElement).getByTestId("pull-commit"));
    await waitFor(() => expect(screen.getByTestId("pull-problem").textContent).toContain("No container engine"));
  });

  it("open a panel with whole digest and both paths; Escape closes it and gives the focus back", async () => {
    await expanded();
    await fireEvent.click(commits()[1] as HTMLElement);
    const panel = screen.getByTestId("commit-panel");
    expect(within(panel).getByTestId("panel-digest").textContent).toContain(digest("2e04bfa1e576"));
    expect(within(panel).getByTestId("panel-path-tag").title).toMatch(/genomics\/aligner:_h\.v3\./);
    expect(within(panel).getByTestId("panel-path-digest").title).toContain(`aligner@${digest("2e04bfa1e576")}`);
    await fireEvent.keyDown(panel, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("commit-panel")).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(commits()[1]));
  });

  it("say why they could not be checked", async () => {
    await shown("genomics/aligner", (made) => {
      made.failing = { refreshCommits: problem("The registry does not answer.") };
    });
    await waitFor(() => expect(tags()).toHaveLength(8));
    await fireEvent.click(row("v3"));
    await waitFor(() => expect(screen.getByTestId("line-trouble").textContent).toContain("does not answer"));
    expect(commits()).toHaveLength(4);
  });
});

describe("the keyboard's way", () => {
  it("walks over tags and commits, opens, pulls, copies", async () => {
    const written = vi.fn(() => Promise.resolve());
    Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText: written } });
    const { backend } = await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    await fireEvent.keyDown(screen.getByTestId("tags-filter"), { key: "ArrowDown" });
    await waitFor(() => expect(document.activeElement).toBe(row("v3")));
    await press("ArrowRight");
    await waitFor(() => expect(commits()).toHaveLength(4));
    await press("ArrowRight");
    await waitFor(() => expect(document.activeElement).toBe(commits()[0]));
    await press("ArrowDown");
    await waitFor(() => expect(document.activeElement).toBe(commits()[1]));
    expect(document.querySelectorAll('[role=row][tabindex="0"]')).toHaveLength(1);
    await press("c");
    expect(written).toHaveBeenCalledWith(`${POLLY}/genomics/aligner@${digest("2e04bfa1e576")}`);
    await press("p");
    await waitFor(() => expect(called(backend, "startPull")).toHaveLength(1));
    await press("Enter");
    expect(screen.getByTestId("commit-panel").dataset["short"]).toBe("2e04bfa1e576");
    await press("ArrowDown");
    await waitFor(() => expect(screen.getByTestId("commit-panel").dataset["short"]).toBe("b7d0036aa914"));
    await press("ArrowLeft");
    await waitFor(() => expect(document.activeElement).toBe(row("v3")));
    await press("ArrowLeft");
    await waitFor(() => expect(commits()).toHaveLength(0));
    await press("End");
    await waitFor(() => expect(document.activeElement).toBe(row("paper-2025")));
  });

  it("drops a marked image on the page with Ctrl V", async () => {
    await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    drag.mark({ kind: "image", id: "sha256:d41e", name: "aligner:dev" });
    await fireEvent.keyDown(row("v3"), { key: "v", ctrlKey: true });
    await waitFor(() => expect(push.draft?.repository).toBe("genomics/aligner"));
    expect(push.draft?.tag).toBe("dev");
  });

  it("drops a marked container on the page with Ctrl V", async () => {
    await shown();
    await waitFor(() => expect(tags()).toHaveLength(8));
    drag.mark({ kind: "container", id: "c0", name: "notebook", image: "lab:mine", imageId: "sha256:aa" });
    await fireEvent.keyDown(row("v3"), { key: "v", ctrlKey: true });
    await waitFor(() => expect(committing.draft?.going?.repository).toBe("genomics/aligner"));
    expect(committing.draft?.container.name).toBe("notebook");
    committing.close();
  });
});
