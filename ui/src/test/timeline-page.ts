// A repository's page, open at its timeline, and what the tests of it look at and do.

import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { acts } from "../lib/acts/acts.svelte";
import { app } from "../lib/app/state.svelte";
import type { FakeBackend } from "../lib/fake/fake";
import RepositoryPage from "../lib/pages/repository/RepositoryPage.svelte";
import { started } from "./start";

export const POLLY = "registry.polly.example";
export const ALIGNER = "genomics/aligner";

export async function shown(prepare?: (backend: FakeBackend) => void, repository = ALIGNER) {
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
export const rows = (): HTMLElement[] => screen.queryAllByTestId("timeline-row");
export const shorts = (): string[] => rows().map((row) => row.dataset["short"] ?? "");
export const row = (short: string): HTMLElement => {
  const found = rows().find((each) => each.dataset["short"] === short);
  if (!found) throw new Error(`no row ${short}`);
  return found;
};
/** Moves a hand over the rows. */
export function hover(screenX = 30): void {
  const grid = screen.getByTestId("timeline");
  for (const [type, screenY] of [
    ["pointerenter", 40],
    ["pointermove", 41],
  ] as const) {
    grid.dispatchEvent(new MouseEvent(type, { bubbles: type === "pointermove", screenX, screenY }));
  }
}
/** Puts the pointer over a row, which has its buttons then, and returns it. */
export const near = async (short: string): Promise<HTMLElement> => {
  await fireEvent.pointerEnter(row(short));
  return row(short);
};
export const called = (backend: FakeBackend, name: string): unknown[][] =>
  backend.calls.filter(([call]) => call === name).map(([, ...given]) => given);
export const press = (key: string): Promise<boolean> =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key });
export const rest = (wait = 200): Promise<void> => new Promise((done) => setTimeout(done, wait));
export const known = (): string =>
  screen
    .getByTestId("timeline-known")
    .textContent.replace(/[\u202f\u00a0]/g, " ")
    .trim();
export const type = (typed: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId("timeline-filter"), { target: { value: typed } });
export const stale = { kind: "stale", what: { of: "tags", account: POLLY, repository: ALIGNER } } as const;

/** What was written to the clipboard in this test. */
export let written: ReturnType<typeof vi.fn>;
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
