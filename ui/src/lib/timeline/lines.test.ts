import { describe, expect, it } from "vitest";
import { lane, mark, row } from "../../test/timeline";
import { heightOf, lineAt, linesOf, stepFrom, topOf } from "./lines";

const DAY = 86_400;
const NOW = 1_800_000_000;
const at = (days: number, kind: "since" | "by" | "built" = "since") => ({
  time: { at: NOW - days * DAY, kind, source: "seenHere" as const },
});
const LANES = [lane("a"), lane("b")];

describe("the lines of the timeline", () => {
  const rows = [
    row("1", [mark(0, "a", at(0))]),
    row("2", [mark(1, "b", at(1))]),
    row("3", [mark(0, "a", at(12))]),
    row("4", [mark(0, "a", at(19))]),
    row("5", [mark(0, "a", at(19 + 35))]),
  ];

  it("have a gap between commits further apart than seven days, and none between others", () => {
    const lines = linesOf(rows, LANES);
    expect(lines.map((line) => line.kind)).toEqual(["row", "row", "gap", "row", "row", "gap", "row"]);
    expect(lines.flatMap((line) => (line.kind === "gap" ? line.seconds / DAY : []))).toEqual([11, 35]);
  });

  it("let through a gap the lanes that go on below it, and only these", () => {
    const gaps = linesOf(rows, LANES).filter((line) => line.kind === "gap");
    expect(gaps.map((line) => (line.kind === "gap" ? line.through : 0))).toEqual([1, 1]);
  });

  it("find the same gaps in the other order", () => {
    const lines = linesOf([...rows].reverse(), LANES, "oldest");
    expect(lines.filter((line) => line.kind === "gap")).toHaveLength(2);
    const times = [
      at(0),
      { time: { ...at(1).time, kind: "by" as const, after: NOW - 20 * DAY } },
      at(90),
      at(200, "built"),
    ];
    const mixed = times.map((time, n) => row(`m${n}`, [mark(0, "a", time)]));
    const gaps = (order: "newest" | "oldest") =>
      linesOf(order === "newest" ? mixed : [...mixed].reverse(), LANES, order).flatMap((line) =>
        line.kind === "gap" ? line.seconds / DAY : [],
      );
    expect(gaps("newest")).toEqual([70]);
    expect(gaps("oldest")).toEqual([70]);
  });

  it("make up no gap where a time is not known, or is that of a build", () => {
    const unknown = [row("1", [mark(0, "a", { time: null })], { time: null }), row("2", [mark(0, "a", at(90))])];
    const built = [row("1", [mark(0, "a", at(0))]), row("2", [mark(0, "a", at(90, "built"))])];
    for (const some of [unknown, built]) expect(linesOf(some, LANES).map((line) => line.kind)).toEqual(["row", "row"]);
  });

  it("make up no gap above what was only noticed: it may have been so for long", () => {
    const noticed = (after?: number) =>
      row("1", [mark(0, "a", { time: { at: NOW, kind: "by", source: "seenHere", ...(after && { after }) } })]);
    const below = row("2", [mark(0, "a", at(90))]);
    expect(linesOf([noticed(), below], LANES).map((line) => line.kind)).toEqual(["row", "row"]);
    const lines = linesOf([noticed(NOW - 60 * DAY), below], LANES);
    expect(lines.flatMap((line) => (line.kind === "gap" ? line.seconds / DAY : []))).toEqual([30]);
    // What stands below it was there by its time, so it is that long ago at least.
    const known = linesOf([row("0", [mark(0, "a", at(-20))]), noticed()], LANES);
    expect(known.flatMap((line) => (line.kind === "gap" ? line.seconds / DAY : []))).toEqual([20]);
  });

  it("count the rows, and have keys of their own", () => {
    const lines = linesOf(rows, LANES);
    expect(lines.flatMap((line) => (line.kind === "row" ? line.position : []))).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length);
  });
});

describe("places in a list whose gaps are lower than its rows", () => {
  const rows = Array.from({ length: 5000 }, (_, n) => row(`r${n}`, [mark(0, "a", at(n + Math.floor(n / 40) * 9))]));
  const lines = linesOf(rows, LANES);

  it("are the sum of what stands above", () => {
    const gaps = lines.filter((line) => line.kind === "gap").length;
    expect(gaps).toBe(124);
    expect(topOf(lines, lines.length)).toBe(5000 * 48 + gaps * 30);
    expect(topOf(lines, 40)).toBe(40 * 48);
    expect(topOf(lines, 41)).toBe(40 * 48 + 30);
  });

  it("lead back to the line that covers them", () => {
    let top = 0;
    lines.forEach((line, index) => {
      if (index % 97 === 0 || line.kind === "gap") {
        expect(lineAt(lines, top)).toBe(index);
        expect(lineAt(lines, top + heightOf(line) - 1)).toBe(index);
      }
      top += heightOf(line);
    });
    expect(lineAt(lines, 10 ** 9)).toBe(lines.length - 1);
    expect(lineAt([], 0)).toBe(-1);
  });
});

describe("the cursor's steps", () => {
  const rows = [0, 20, 21, 60].map((days, n) => row(`r${n}`, [mark(0, "a", at(days))]));
  const lines = linesOf(rows, LANES); // row gap row row gap row

  it.each([
    [0, 1, 2],
    [2, 1, 3],
    [3, 1, 5],
    [5, -1, 3],
    [2, -1, 0],
    [0, -1, 0],
    [5, 1, 5],
    [0, 2, 3],
    [0, Infinity, 5],
    [5, -Infinity, 0],
    [0, 99, 5],
  ])("from %i by %d to %i", (from, step, to) => expect(stepFrom(lines, from, step)).toBe(to));
});
