import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { started } from "../../../test/start";
import { app } from "../../app/state.svelte";
import type { FakeBackend } from "../../fake/fake";
import { widths } from "../../shared/list/widths.svelte";
import RepositoryPage from "./RepositoryPage.svelte";

const POLLY = "registry.polly.example";

async function shown(prepare?: (backend: FakeBackend) => void) {
  const backend = await started(prepare);
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  const view = render(RepositoryPage, { account, repository: "genomics/aligner" });
  await waitFor(() => expect(rows()).toHaveLength(8));
  return { backend, view };
}
const rows = (): HTMLElement[] => screen.queryAllByTestId("tag-row");
const tags = (): string[] => rows().map((row) => row.dataset["tag"] ?? "");
const row = (tag: string): HTMLElement => rows().find((each) => each.dataset["tag"] === tag) as HTMLElement;
const said = (element: HTMLElement): string =>
  (element.getAttribute("aria-label") ?? "").replace(/\u00a0|\u202f/g, " ");

/** Makes the page as wide as a narrow window leaves it, until the test ends. */
function narrow(width: number): void {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(width);
}

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  app.tagOrder = "newest";
  widths.restore([]);
});

describe("the table of tags", () => {
  it("is ordered by its heads, both ways, and the choice above it follows", async () => {
    const { backend } = await shown();
    const choice = (): string => (screen.getByTestId("tags-order") as HTMLSelectElement).value;
    const sort = (id: string): string | null => screen.getByTestId(`column-${id}`).getAttribute("aria-sort");
    expect([sort("pushed"), sort("tag"), sort("size")]).toEqual(["descending", "none", "none"]);
    await fireEvent.click(screen.getByTestId("column-size"));
    expect(tags()[0]).toBe("test-ref38");
    expect([sort("size"), choice()]).toEqual(["descending", "largest"]);
    await fireEvent.click(screen.getByTestId("column-size"));
    expect(tags()[0]).toBe("paper-2025");
    expect([sort("size"), choice()]).toEqual(["ascending", "smallest"]);
    await fireEvent.click(screen.getByTestId("column-pushed"));
    expect(tags()[0]).toBe("v3");
    await fireEvent.click(screen.getByTestId("column-tag"));
    expect([tags()[0], sort("tag"), sort("pushed")]).toEqual(["latest", "ascending", "none"]);
    await waitFor(() => expect(backend.preferences.tagOrder).toBe("name"));
  });

  it("has rows with spoken names", async () => {
    await shown();
    expect(said(row("v3"))).toMatch(/^v3, pushed \d hours? ago, 412\.6 MB, amd64, arm64, on this computer$/);
    expect(said(row("v2"))).toMatch(/^v2, pushed .+, 398\.1 MB, amd64, arm64, 11 days behind v2$/);
    expect(said(row("test-ref38"))).toMatch(/^test-ref38, built .+, 1 102\.4 MB, amd64$/);
    await fireEvent.click(row("v3"));
    await waitFor(() => expect(screen.getAllByTestId("commit-row")).toHaveLength(4));
    const commits = screen.getAllByTestId("commit-row").map(said);
    expect(commits[0]).toMatch(/^8c41f09be2d7, active, on this computer, \d hours? ago/);
    expect(commits[1]).toMatch(/^2e04bfa1e576, kept, /);
    expect(commits[3]).toContain("the registry no longer has it");
  });

  it("shows in a second line what a narrow window hides, in rows of one height", async () => {
    narrow(520);
    const { view } = await shown();
    const table = screen.getByTestId("tags-table");
    expect(table.dataset["below"]).toBe("size platforms here");
    expect(table.style.getPropertyValue("--tall")).toBe("50px");
    const second = (tag: string): string[] =>
      [...row(tag).querySelectorAll<HTMLElement>(".second > *")].map((each) => each.textContent?.trim() ?? "");
    expect(second("v3").map((each) => each.replace(/\u00a0/g, " "))).toEqual([
      "on this computer",
      "412.6 MB",
      "amd64 · arm64",
    ]);
    expect(second("nightly-arm")).toHaveLength(2);
    expect(within(row("v2")).getAllByTestId("tag-size")).toHaveLength(1);
    const heights = [...table.querySelectorAll<HTMLElement>(".place")].map((each) => each.style.height);
    expect(new Set(heights)).toEqual(new Set(["50px"]));
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("remembers a column that was drawn wider, and opens with it", async () => {
    const { backend } = await shown((made) => {
      made.preferences.columns = [{ table: "tags", column: "commit", width: 160 }];
    });
    const template = (): string => screen.getByTestId("tags-table").style.getPropertyValue("--columns");
    expect(template()).toContain(" 160px ");
    await fireEvent.keyDown(screen.getByTestId("column-commit"), { key: "ArrowRight", shiftKey: true });
    expect(template()).toContain(" 176px ");
    await waitFor(() => expect(backend.preferences.columns).toEqual([{ table: "tags", column: "commit", width: 176 }]));
  });

  it("cuts a long name in its middle, and has it whole on hover and aloud", async () => {
    const long = "release-candidate-of-the-summer-campaign-2026-arm64";
    await shown((made) => {
      const first = made.tagRows["genomics/aligner"]?.[0];
      if (first) first.name = long;
    });
    const parts = [...row(long).querySelectorAll(".part")].map((each) => each.textContent);
    expect(parts).toEqual([long.slice(0, -9), "026-arm64"]);
    expect(row(long).querySelector<HTMLElement>(".name")?.title).toBe(long);
    expect(said(row(long))).toContain(long);
  });
});
