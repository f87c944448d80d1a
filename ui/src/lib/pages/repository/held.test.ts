// What the engine holds, in a page that is open while the engine goes and comes back.

import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../../test/start";
import { app } from "../../app/state.svelte";
import type { EngineView, RepositoryTab } from "../../backend/backend";
import { docker, noEngine } from "../../fake/data";
import { words } from "../../messages";
import RepositoryPage from "./RepositoryPage.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";
const HERE = words.repository.here.same;

async function shown(tab: RepositoryTab) {
  const backend = await started((made) => {
    made.preferences.place = { kind: "repository", account: POLLY, repository: ALIGNER };
    made.preferences.tab = tab;
  });
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  render(RepositoryPage, { account, repository: ALIGNER });
  const row = tab === "tags" ? "tag-row" : "timeline-row";
  await waitFor(() => expect(screen.getAllByTestId(row).some((each) => each.textContent?.includes(HERE))).toBe(true));
  const marked = (): boolean => screen.getAllByTestId(row).some((each) => each.textContent?.includes(HERE));
  const [rows, timeline, commits] = [backend.tagRows[ALIGNER] ?? [], backend.timeline, backend.commits];
  /** The engine is so, and whoever reads finds what is known of it: nothing, where none answers. */
  const engineIs = (engine: EngineView): void => {
    const there = engine.kind === "ready";
    backend.engineView = engine;
    backend.tagRows[ALIGNER] = there ? rows : rows.map((each) => ({ ...each, local: { kind: "unknown" } }));
    backend.timeline = async (...asked) => {
      const read = await timeline(...asked);
      const unknown = read.rows.map((each) => ({ ...each, commit: { ...each.commit, onThisComputer: null } }));
      return there ? read : { ...read, rows: unknown };
    };
    backend.commits = async (...asked) => {
      const read = await commits(...asked);
      return there ? read : { ...read, rows: read.rows.map((each) => ({ ...each, onThisComputer: null })) };
    };
    for (const of of ["engine", "images", "held"] as const) backend.emit({ kind: "stale", what: { of } });
  };
  return { marked, engineIs, row };
}

afterEach(() => {
  cleanup();
  app.tab = "tags";
});

describe("what the engine holds, while it goes and comes back", () => {
  it.each(["tags", "timeline"] as const)("is marked in the open %s only while an engine says so", async (tab) => {
    const { marked, engineIs } = await shown(tab);
    engineIs(noEngine);
    await waitFor(() => expect(marked()).toBe(false));
    engineIs(docker);
    await waitFor(() => expect(marked()).toBe(true));
  });

  it("is said to be unknown beside the commit that is open", async () => {
    const { engineIs, row } = await shown("timeline");
    const here = screen.getAllByTestId(row).find((each) => each.textContent?.includes(HERE));
    if (!here) throw new Error("no commit is here");
    await fireEvent.click(here);
    await waitFor(() => expect(screen.getByTestId("commit-panel").textContent).toContain(HERE));
    engineIs(noEngine);
    expect((await screen.findByTestId("panel-here-unknown")).textContent).toBe(words.repository.here.unknown);
    expect(screen.getByTestId("commit-panel").textContent).not.toContain(HERE);
    engineIs(docker);
    await waitFor(() => expect(screen.getByTestId("commit-panel").textContent).toContain(HERE));
    expect(screen.queryByTestId("panel-here-unknown")).toBeNull();
  });
});
