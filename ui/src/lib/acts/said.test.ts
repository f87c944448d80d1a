import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { problem } from "../fake/problem";
import { LASTS, READ, SaidLine } from "./said.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const undo = { label: "Undo", busy: "…", testid: "undo", run: () => Promise.resolve() };

describe("the line that tells what came of it", () => {
  it("goes by itself, later than half a minute", () => {
    const line = new SaidLine();
    line.say({ text: "Deleted nightly.", act: undo });
    vi.advanceTimersByTime(30_000);
    expect(line.now?.text).toBe("Deleted nightly.");
    vi.advanceTimersByTime(LASTS);
    expect(line.now).toBeNull();
  });

  it("goes sooner where nothing can be done about it", () => {
    const line = new SaidLine();
    line.say({ text: "nightly is back." });
    vi.advanceTimersByTime(READ - 1);
    expect(line.now).not.toBeNull();
    vi.advanceTimersByTime(2);
    expect(line.now).toBeNull();
  });

  it("stays while someone is at it, and begins anew when they leave", () => {
    const line = new SaidLine();
    line.say({ text: "Deleted nightly.", act: undo });
    line.hold(true);
    vi.advanceTimersByTime(LASTS * 10);
    expect(line.now).not.toBeNull();
    line.hold(false);
    vi.advanceTimersByTime(LASTS - 1);
    expect(line.now).not.toBeNull();
    vi.advanceTimersByTime(2);
    expect(line.now).toBeNull();
  });

  it("stays until it is dismissed where it tells of a failure, or of something under way", () => {
    const line = new SaidLine();
    const untold = { name: "v1", problem: problem("no") };
    for (const more of [{ problem: problem("no") }, { failed: [untold] }, { running: true }]) {
      line.say({ text: "It could not be done.", ...more });
      vi.advanceTimersByTime(LASTS * 10);
      expect(line.now).not.toBeNull();
    }
    line.dismiss();
    expect(line.now).toBeNull();
  });

  it("does its one thing once, and does not go meanwhile", async () => {
    const line = new SaidLine();
    let done: (() => void) | undefined;
    const run = vi.fn(() => new Promise<void>((end) => (done = end)));
    line.say({ text: "Deleted nightly.", act: { label: "Undo", busy: "…", testid: "undo", run } });
    const first = line.act();
    void line.act();
    vi.advanceTimersByTime(LASTS * 2);
    expect(line.now).not.toBeNull();
    expect(line.busy).toBe(true);
    done?.();
    await first;
    expect(run).toHaveBeenCalledTimes(1);
    expect(line.now).toBeNull();
  });

  it("goes with the page it spoke of, unless something can be done about it or failed", () => {
    const line = new SaidLine();
    line.say({ text: "Kept." });
    line.left();
    expect(line.now).toBeNull();
    const act = { label: "Undo", busy: "…", testid: "undo", run: () => Promise.resolve() };
    line.say({ text: "Deleted.", act });
    line.left();
    expect(line.now?.text).toBe("Deleted.");
    line.say({ text: "It failed.", problem: { code: "other", message: "no", hint: null, detail: null } as never });
    line.left();
    expect(line.now?.text).toBe("It failed.");
  });
});
