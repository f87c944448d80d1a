import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { digest } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { problem } from "../fake/problem";
import RemoveSheet from "./RemoveSheet.svelte";
import { removing } from "./removing.svelte";

async function shown(backend: FakeBackend, name: string | null): Promise<void> {
  const row = backend.imageRows.find((each) => each.name === name);
  if (row === undefined) throw new Error(`no image ${name}`);
  render(RemoveSheet);
  removing.open({ kind: "rows", rows: [{ id: row.id, name }] });
  await screen.findByTestId("remove-item");
}
const removals = (backend: FakeBackend): unknown[] =>
  backend.calls.filter(([name]) => name === "removeImage").map(([, given]) => given);
const fact = (): string => (screen.getByTestId("remove-fact").textContent ?? "").replace(/\u00a0|\u202f/g, " ").trim();
const go = (): HTMLButtonElement => screen.getByTestId("remove-go") as HTMLButtonElement;

afterEach(() => {
  removing.close();
  cleanup();
});

describe("the sheet that removes images", () => {
  it("says what is freed, has the focus on Cancel, and removes what it showed", async () => {
    const backend = await started();
    await shown(backend, "aligner:dev");
    expect(fact()).toBe("Frees at least 1 180.3 MB.");
    expect(document.activeElement).toBe(screen.getByTestId("remove-cancel"));
    await fireEvent.click(go());
    await waitFor(() => expect(removing.draft).toBeNull());
    expect(removals(backend)).toEqual([{ id: digest("d41e07c9a2b3"), names: ["aligner:dev"], whole: true }]);
  });

  it("leaves what a container uses, and says so", async () => {
    const backend = await started();
    await shown(backend, "postgres:16");
    expect(screen.getByTestId("remove-item").textContent).toContain("used by db: stays");
    expect([go().disabled, fact()]).toEqual([true, "Nothing can go."]);
  });

  it("takes one of several names alone", async () => {
    const backend = await started((made) => {
      const [first] = made.imageRows;
      if (first) made.imageRows = [first, { ...first, key: "other:1", name: "other:1" }];
    });
    await shown(backend, "other:1");
    expect(screen.getByTestId("remove-sheet").textContent).toContain("Remove the name other:1?");
    expect(screen.getByTestId("remove-item").textContent).toContain("the image stays as aligner:dev");
    expect(fact()).toBe("Only names go; the images stay.");
  });

  it("tells what stayed and why, and stays open for it", async () => {
    const backend = await started();
    backend.failing["removeImage"] = problem("d41e07c9a2b3 is used by the container web, so it stays.");
    await shown(backend, "aligner:dev");
    await fireEvent.click(go());
    await waitFor(() => expect(fact()).toBe("1 stayed."));
    expect(screen.getByTestId("remove-item").textContent).toContain("used by the container web");
    expect(screen.queryByTestId("remove-go")).toBeNull();
  });

  it("cleans up what has no name and no container", async () => {
    const backend = await started((made) => {
      made.imageRows = made.imageRows.map((row) => ({ ...row, usedBy: { names: [], more: 0 } }));
    });
    render(RemoveSheet);
    removing.open({ kind: "cleanUp" });
    await screen.findByTestId("remove-item");
    expect(screen.getByTestId("remove-sheet").textContent).toContain("Clean up 1 image without a name?");
    await fireEvent.click(go());
    await waitFor(() => expect(backend.imageRows.every((row) => row.name !== null)).toBe(true));
  });
});
