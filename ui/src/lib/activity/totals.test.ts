import { describe, expect, it } from "vitest";
import { task } from "../../test/tasks";
import { batch, leftOf, part, totals } from "./totals";

describe("totals", () => {
  it("are nothing where nothing is moved", () => {
    expect(totals([task({ state: "done", done: 5, total: 5, finishedAt: 200 })])).toEqual({
      running: 0,
      waiting: 0,
      done: 0,
      total: 0,
      rate: null,
      left: null,
    });
  });

  it("add up bytes and rates over all transfers", () => {
    const all = [task({ id: "a", done: 40, total: 100, rate: 10 }), task({ id: "b", done: 0, total: 60, rate: 20 })];
    expect(totals(all)).toMatchObject({ running: 2, done: 40, total: 160, rate: 30, left: 4 });
  });

  it("tell no time left while a size is unknown, or nothing moves", () => {
    expect(totals([task({ done: 1, total: 10, rate: 1 }), task({ id: "b", state: "waiting" })]).left).toBeNull();
    expect(totals([task({ done: 1, total: 10, rate: 0 })]).left).toBeNull();
    expect(totals([task({ done: 1, total: 10 })]).left).toBeNull();
  });

  it("keep what ended well meanwhile, so that the bar does not run backwards", () => {
    const ended = task({ id: "b", state: "done", done: 60, total: 60, startedAt: 90, finishedAt: 150 });
    expect(totals([task({ done: 40, total: 100 }), ended])).toMatchObject({ running: 1, done: 100, total: 160 });
  });

  it("count bytes alone: what counts items has no part in them, but waits like all others", () => {
    const items = { kind: "delete", unit: "items", done: 3, total: 12 } as const;
    const all = [task({ done: 40, total: 100, rate: 10 }), task({ id: "b", ...items })];
    expect(totals(all)).toMatchObject({ running: 1, done: 40, total: 100, rate: 10, left: 6 });
    expect(totals([task({ ...items })])).toMatchObject({ running: 0, done: 0, total: 0, rate: null });
    expect(totals([task({ ...items, state: "waiting" })]).waiting).toBe(1);
  });

  it("leave out what ended before, and what failed", () => {
    const before = task({ id: "b", state: "done", startedAt: 10, finishedAt: 90 });
    const failed = task({ id: "c", state: "failed", finishedAt: 150 });
    expect(batch([task({}), before, failed]).map((each) => each.id)).toEqual(["t1"]);
  });

  it("never count more than a transfer’s total", () => {
    expect(totals([task({ done: 120, total: 100 })])).toMatchObject({ done: 100, total: 100 });
    expect(part(120, 100)).toBe(1);
    expect(part(1, 0)).toBe(0);
  });

  it("tell the time left of one", () => {
    expect(leftOf(task({ done: 50, total: 100, rate: 10 }))).toBe(5);
    expect(leftOf(task({ done: 50, total: 100, rate: 10, state: "waiting" }))).toBeNull();
  });
});
