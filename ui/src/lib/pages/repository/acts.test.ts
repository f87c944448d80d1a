import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../../test/start";
import { acts } from "../../acts/acts.svelte";
import { said } from "../../acts/said.svelte";
import { app } from "../../app/state.svelte";
import { digest } from "../../fake/data";
import type { FakeBackend } from "../../fake/fake";
import RepositoryPage from "./RepositoryPage.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";

async function shown(prepare?: (backend: FakeBackend) => void) {
  const backend = await started(prepare);
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  const view = render(RepositoryPage, { account, repository: ALIGNER });
  await waitFor(() => expect(rows()).toHaveLength(8));
  return { backend, view };
}
const rows = (): HTMLElement[] => screen.queryAllByTestId("tag-row");
const row = (tag: string): HTMLElement => {
  const found = rows().find((each) => each.dataset["tag"] === tag);
  if (!found) throw new Error(`no row ${tag}`);
  return found;
};
const chosen = (): string[] =>
  rows().flatMap((each) => (each.getAttribute("aria-selected") === "true" ? [each.dataset["tag"] ?? ""] : []));
const commits = (): HTMLElement[] => screen.queryAllByTestId("commit-row");
const called = (backend: FakeBackend, name: string): unknown[][] =>
  backend.calls.filter(([call]) => call === name).map(([, ...given]) => given);
const press = (key: string, more: KeyboardEventInit = {}): Promise<boolean> =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
async function expanded() {
  const made = await shown();
  await fireEvent.click(row("v3"));
  await waitFor(() => expect(commits()).toHaveLength(4));
  return made;
}
/** Opens the menu of a row, and finds one of its items. */
async function item(of: HTMLElement | undefined, id: string): Promise<HTMLButtonElement> {
  await fireEvent.pointerEnter(of as HTMLElement);
  await fireEvent.click(within(of as HTMLElement).getByTestId("copy-menu"));
  return within(of as HTMLElement).getByTestId<HTMLButtonElement>(id);
}
const asked = (): unknown => acts.deleting?.request.items;

afterEach(() => {
  acts.closeActive();
  acts.closeDelete();
  said.dismiss();
  cleanup();
});

describe("what can be done with a commit", () => {
  it("keeps its open menu when the pointer goes to it, past other rows", async () => {
    await shown();
    const opened = row("v2");
    await item(opened, "menu-delete-tag");
    within(opened).getByTestId("menu-delete-tag").focus();
    await fireEvent.pointerLeave(opened);
    await fireEvent.pointerEnter(row("v3"));
    await fireEvent.pointerLeave(row("v3"));
    expect(within(opened).queryByTestId("menu-delete-tag")).not.toBeNull();
  });

  it("stands on its row: pull, make active, and the rest in a menu", async () => {
    await expanded();
    const older = within(commits()[1] as HTMLElement);
    await fireEvent.click(older.getByTestId("make-active"));
    expect(acts.active?.request).toEqual({
      account: POLLY,
      repository: ALIGNER,
      tag: "v3",
      commit: digest("2e04bfa1e576"),
    });
    await fireEvent.click(await item(commits()[1], "menu-delete"));
    expect(asked()).toEqual([{ kind: "commit", digest: digest("2e04bfa1e576") }]);
    await fireEvent.click(await item(commits()[1], "menu-stop-keeping"));
    expect(asked()).toEqual([{ kind: "tag", name: expect.stringMatching(/^_h\.v3\./) as string }]);
  });

  it("is not offered where it makes no sense", async () => {
    await expanded();
    const [active, , , gone] = commits().map((each) => within(each));
    expect(active?.queryByTestId("make-active")).toBeNull();
    expect((await item(commits()[0], "menu-make-active")).disabled).toBe(true);
    expect(gone?.queryByTestId("make-active")).toBeNull();
    expect((await item(commits()[3], "menu-keep")).disabled).toBe(true);
    expect((await item(commits()[3], "menu-delete")).disabled).toBe(true);
  });

  it("is done by keyboard: A, K, Delete", async () => {
    const { backend } = await expanded();
    commits()[1]?.focus();
    await press("a");
    expect(acts.active?.request.commit).toBe(digest("2e04bfa1e576"));
    await press("k");
    expect(asked()).toEqual([{ kind: "tag", name: expect.stringMatching(/^_h\.v3\./) as string }]);
    await press("Delete");
    expect(asked()).toEqual([{ kind: "commit", digest: digest("2e04bfa1e576") }]);
    commits()[0]?.focus();
    await press("k");
    await waitFor(() => expect(called(backend, "keepCommit")).toHaveLength(1));
    await waitFor(() => expect(commits()[0]?.dataset["kept"]).toBe("true"));
  });

  it("stands in its panel, with who pushed it and who says so", async () => {
    await shown((made) => {
      const real = made.acts.commits.bind(made.acts);
      made.acts.commits = (...given) =>
        real(...given).map((each) => ({
          ...each,
          by: { name: "ana", you: true, source: "imported" as const },
          time: each.time && { ...each.time, source: "imported" as const },
          mismatch: each.commitTag !== null,
        }));
    });
    await fireEvent.click(row("v3"));
    await waitFor(() => expect(commits()).toHaveLength(4));
    await fireEvent.click(commits()[1] as HTMLElement);
    const panel = within(screen.getByTestId("commit-panel"));
    expect(panel.getByTestId("panel-by").textContent?.replace(/\s+/g, " ").trim()).toBe("ana, you · imported");
    expect(panel.getByTestId("panel-kept").textContent).toContain("its commit tag points at something else now");
    expect(panel.getByTestId("panel-reach").textContent).toMatch(/yes, asked .* · registry/);
    await fireEvent.click(panel.getByTestId("panel-make-active"));
    expect(acts.active?.request.commit).toBe(digest("2e04bfa1e576"));
    expect(panel.getByTestId("panel-keep").textContent).toContain("Stop keeping…");
    await fireEvent.click(panel.getByTestId("panel-delete"));
    expect(asked()).toEqual([{ kind: "commit", digest: digest("2e04bfa1e576") }]);
  });
});

describe("what can be done with a tag", () => {
  it("is watched and no longer watched from its menu", async () => {
    const { backend } = await shown((made) => {
      const watched = made.tagsOf(ALIGNER)[2];
      if (watched) Object.assign(watched, { watched: true, movedAt: made.now - 240 });
    });
    expect(within(row("nightly")).getByTestId("tag-watched")).toBeTruthy();
    expect(within(row("nightly")).getByTestId("tag-moved").textContent).toMatch(/^moved \d min ago$/);
    await fireEvent.click(await item(row("nightly"), "menu-stop-watching"));
    await fireEvent.click(await item(row("v3"), "menu-watch"));
    await waitFor(() =>
      expect(called(backend, "watch")).toEqual([
        [{ account: POLLY, repository: ALIGNER, tag: "nightly", on: false }],
        [{ account: POLLY, repository: ALIGNER, tag: "v3", on: true }],
      ]),
    );
  });

  it("tells no longer of a move once it was set anew", async () => {
    await shown((made) => {
      const [moved, answered] = made.tagsOf(ALIGNER);
      const time = (at: number) => ({ kind: "since" as const, at, source: "seenHere" as const });
      if (moved) Object.assign(moved, { movedAt: made.now - 240, time: time(made.now - 250) });
      if (answered) Object.assign(answered, { movedAt: made.now - 240, time: time(made.now - 60) });
    });
    expect(screen.getAllByTestId("tag-moved")).toHaveLength(1);
  });

  it("is deleted from its menu or with Delete, after a sheet", async () => {
    await shown();
    await fireEvent.click(await item(row("nightly"), "menu-delete-tag"));
    expect(asked()).toEqual([{ kind: "tag", name: "nightly" }]);
    row("v2").focus();
    await press("Delete");
    expect(asked()).toEqual([{ kind: "tag", name: "v2" }]);
  });

  it("is put back where it was deleted: by its link, and with A", async () => {
    await shown((made) => {
      const gone = made.tagsOf(ALIGNER)[2];
      if (gone) gone.deleted = true;
    });
    await fireEvent.click(within(row("nightly")).getByTestId("put-back"));
    expect(acts.active?.request).toMatchObject({ tag: "nightly", commit: digest("ee10b2947d35") });
    acts.closeActive();
    row("nightly").focus();
    await press("Delete");
    expect(acts.deleting).toBeNull();
    await press("a");
    expect(acts.active?.request.tag).toBe("nightly");
  });
});

describe("many tags at once", () => {
  it("are chosen with Space, Shift and arrows, and a press with Ctrl; told, deleted, let go", async () => {
    await shown();
    row("latest").focus();
    await press(" ");
    expect(chosen()).toEqual(["latest"]);
    await press("ArrowDown", { shiftKey: true });
    await waitFor(() => expect(document.activeElement).toBe(row("nightly")));
    await press("ArrowDown", { shiftKey: true });
    expect(chosen()).toEqual(["latest", "nightly", "nightly-arm"]);
    await fireEvent.click(row("v1"), { ctrlKey: true });
    expect(chosen()).toEqual(["latest", "nightly", "nightly-arm", "v1"]);
    expect(screen.getByTestId("tags-selected").textContent).toBe("4 selected");
    row("v1").focus();
    await press("Delete");
    expect(asked()).toEqual(["latest", "nightly", "nightly-arm", "v1"].map((name) => ({ kind: "tag", name })));
    await press("Escape");
    expect(chosen()).toEqual([]);
    expect(screen.queryByTestId("tags-selected")).toBeNull();
  });

  it("are chosen as a range with Shift, deleted from the tools, and let go there", async () => {
    await shown();
    row("v3").focus();
    await fireEvent.click(row("nightly"), { shiftKey: true });
    expect(chosen()).toEqual(["v3", "latest", "nightly"]);
    expect(row("nightly").getAttribute("aria-expanded")).toBe("false");
    await fireEvent.click(screen.getByTestId("delete-selected"));
    expect(asked()).toHaveLength(3);
    acts.closeDelete();
    await fireEvent.click(screen.getByTestId("clear-selection"));
    expect(chosen()).toEqual([]);
    await waitFor(() => expect(document.activeElement).toBe(row("nightly")));
  });

  it("never hold what the filter hides or what is deleted", async () => {
    const { backend } = await shown();
    for (const tag of ["latest", "nightly"]) await fireEvent.click(row(tag), { ctrlKey: true });
    await fireEvent.input(screen.getByTestId("tags-filter"), { target: { value: "night" } });
    expect(screen.getByTestId("tags-selected").textContent).toBe("1 selected");
    const gone = backend.tagsOf(ALIGNER)[2];
    if (gone) gone.deleted = true;
    backend.emit({ kind: "stale", what: { of: "tags", account: POLLY, repository: ALIGNER } });
    await waitFor(() => expect(screen.queryByTestId("tags-selected")).toBeNull());
  });

  it("have no fault a checker finds", async () => {
    const { view } = await expanded();
    await fireEvent.click(row("latest"), { ctrlKey: true });
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });
});
