import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AskQueue } from "./ask";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function queue(answer: () => Promise<void> = () => Promise.resolve()) {
  const asked: string[][] = [];
  return { asked, made: new AskQueue((commits) => (asked.push(commits), answer())) };
}

describe("asking for commits in sight", () => {
  it("waits until the scrolling rests, then asks together", async () => {
    const { asked, made } = queue();
    made.see(["a", "b"]);
    await vi.advanceTimersByTimeAsync(100);
    made.see(["b", "c"]);
    await vi.advanceTimersByTimeAsync(149);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([["b", "c"]]);
  });

  it("asks for none twice, until it is told to begin again", async () => {
    const { asked, made } = queue();
    made.see(["a", "a"]);
    await vi.advanceTimersByTimeAsync(150);
    made.see(["a", "b"]);
    await vi.advanceTimersByTimeAsync(150);
    made.see(["a", "b"]);
    await vi.advanceTimersByTimeAsync(150);
    expect(asked).toEqual([["a"], ["b"]]);
    made.again();
    made.see(["a"]);
    await vi.advanceTimersByTimeAsync(150);
    expect(asked).toEqual([["a"], ["b"], ["a"]]);
  });

  it("has one call under way; what came into sight meanwhile is next, what left it is let go", async () => {
    let end = (): void => undefined;
    const { asked, made } = queue(() => new Promise((done) => (end = done)));
    made.see(["a"]);
    await vi.advanceTimersByTimeAsync(150);
    made.see(["b"]);
    made.see(["c"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([["a"]]);
    end();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([["a"], ["c"]]);
  });

  it("asks for fifty at most in one call", async () => {
    const { asked, made } = queue();
    made.see(Array.from({ length: 120 }, (_, n) => `c${n}`));
    await vi.advanceTimersByTimeAsync(150);
    expect(asked.map((batch) => batch.length)).toEqual([50, 50, 20]);
  });

  it("stops", async () => {
    const { asked, made } = queue();
    made.see(["a"]);
    made.stop();
    await vi.advanceTimersByTimeAsync(1000);
    made.see(["b"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([]);
  });
});
