import { describe, expect, it } from "vitest";
import { commitRow, timeAt } from "../../test/rows";
import { nearest, plotOf, sizeAt, type SizeAt } from "./sizes";

const of = (at: number, size: number): SizeAt => ({
  key: `k${at}`,
  short: `s${at}`,
  at,
  noticed: false,
  size,
  active: false,
});

describe("sizes over time", () => {
  it("are known of a commit with a size that is known to have become active", () => {
    const commit = commitRow("a", { size: 7 });
    expect(sizeAt(commit, timeAt(5), true)).toEqual({
      key: "a",
      short: "a",
      at: 5,
      noticed: false,
      size: 7,
      active: true,
    });
    expect(sizeAt(commit, timeAt(5, "by"), true)?.noticed).toBe(true);
    expect(sizeAt(commit, timeAt(5, "built"), true)).toBeNull();
    expect(sizeAt(commit, null, true)).toBeNull();
    expect(sizeAt(commitRow("a"), timeAt(5), true)).toBeNull();
  });

  it("stand from left to right by time, and higher the larger", () => {
    const plot = plotOf([of(30, 9), of(10, 5), of(15, 7)], 110, 50, 5);
    expect(plot?.points.map(({ x, y }) => [x, y])).toEqual([
      [5, 45],
      [30, 25],
      [105, 5],
    ]);
    expect(plot?.path).toBe("M5 45H30V25H105V5");
    expect([plot?.least, plot?.most]).toEqual([5, 9]);
  });

  it("stand in the middle where all are the same, side by side where all are of one moment", () => {
    expect(plotOf([of(1, 4), of(2, 4)], 100, 40, 5)?.points.map((one) => one.y)).toEqual([20, 20]);
    const same = [of(1, 4), { ...of(1, 5), key: "other" }];
    expect(plotOf(same, 100, 40, 5)?.points.map((one) => one.x)).toEqual([5, 95]);
  });

  it("are no picture of fewer than two, and stand for any number", () => {
    expect(plotOf([], 10, 10, 1)).toBeNull();
    expect(plotOf([of(1, 1)], 10, 10, 1)).toBeNull();
    const many = Array.from({ length: 200_000 }, (_, n) => of(n, n % 97));
    expect(plotOf(many, 300, 60, 5)?.most).toBe(96);
  });

  it("have one that is nearest to a place", () => {
    const points = [{ x: 1 }, { x: 10 }, { x: 30 }];
    expect([0, 6, 19, 99].map((x) => nearest(points, x)?.x)).toEqual([1, 10, 10, 30]);
    expect(nearest([], 3)).toBeUndefined();
  });
});
