import { fireEvent } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { started } from "../../test/start";
import type { FakeBackend } from "../fake/fake";
import { app } from "./state.svelte";
import { readsAhead, takeAhead } from "./tags-ahead";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";

/** A row that opens a repository. */
function row(repository: string | null = ALIGNER): HTMLElement {
  const element = document.createElement("div");
  document.body.append(element);
  readsAhead(() => (repository === null ? null : { account: POLLY, repository }))(element);
  return element;
}
const asked = (backend: FakeBackend): unknown[] =>
  backend.calls.flatMap(([name, ...given]) => (name === "tags" ? [given] : []));

describe("the tags of a row's repository", () => {
  let backend: FakeBackend;
  beforeEach(async () => {
    backend = await started();
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    takeAhead(POLLY, ALIGNER);
    document.body.replaceChildren();
  });

  it("are read once the pointer or the focus rests on it, or it is pressed, and handed over once", async () => {
    for (const [kinds, wait] of [
      [["pointerEnter"], 60],
      [["focus"], 60],
      [["pointerEnter", "pointerDown"], 0],
    ] as const) {
      const before = asked(backend).length;
      const on = row();
      for (const kind of kinds) await fireEvent[kind](on);
      await vi.advanceTimersByTimeAsync(wait);
      expect(asked(backend).slice(before)).toEqual([[POLLY, ALIGNER, null]]);
      expect(takeAhead(POLLY, "genomics/other")).toBeNull();
      expect((await takeAhead(POLLY, ALIGNER))?.rows.length).toBeGreaterThan(0);
      expect(takeAhead(POLLY, ALIGNER)).toBeNull();
    }
  });

  it("are not read of a row that is passed over, that opens nothing, or whose repository is on show", async () => {
    const passed = row();
    await fireEvent.pointerEnter(passed);
    await vi.advanceTimersByTimeAsync(50);
    await fireEvent.pointerLeave(passed);
    await fireEvent.pointerDown(row(null));
    app.place = { kind: "repository", account: POLLY, repository: ALIGNER };
    await fireEvent.pointerDown(row());
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked(backend)).toEqual([]);
  });

  it("are let go of when something has changed since, or they could not be read", async () => {
    await fireEvent.pointerDown(row());
    backend.emit({ kind: "stale", what: { of: "accounts" } });
    expect(takeAhead(POLLY, ALIGNER)).toBeNull();

    backend.tags = () => Promise.reject(new Error("no"));
    await fireEvent.pointerDown(row());
    await vi.advanceTimersByTimeAsync(0);
    expect(takeAhead(POLLY, ALIGNER)).toBeNull();
  });
});
