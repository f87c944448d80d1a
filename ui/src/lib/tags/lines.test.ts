import { describe, expect, it } from "vitest";
import { commitRow, tagRow, timeAt } from "../../test/rows";
import type { CommitRow, TimeFact } from "../backend/backend";
import { heightOf, linesOf, ownerOf, stepFrom } from "./lines";

const DAY = 86_400;

function commit(key: string, at: number | null, kind?: TimeFact["kind"]): CommitRow {
  return commitRow(key, { time: timeAt(at, kind) });
}

describe("lines", () => {
  const rows = [tagRow("v2"), tagRow("v1")];
  const commits = new Map([["v2", [commit("x", 40 * DAY), commit("y", 39 * DAY), commit("z", DAY)]]]);

  it("are one a tag while nothing is expanded", () => {
    expect(linesOf(rows, new Set(), commits).map((line) => line.key)).toEqual(["t:v2", "t:v1"]);
  });

  it("hold commits and gaps under an expanded tag", () => {
    const lines = linesOf(rows, new Set(["v2"]), commits);
    expect(lines.map((line) => line.key)).toEqual(["t:v2", "c:v2:x", "c:v2:y", "g:v2:z", "c:v2:z", "t:v1"]);
    expect(lines.map((line) => heightOf(line))).toEqual([34, 48, 48, 22, 48, 34]);
    expect(lines.map((line) => heightOf(line, 2))).toEqual([50, 48, 48, 22, 48, 50]);
    const ends = lines.flatMap((line) => (line.kind === "commit" ? [[line.first, line.last]] : []));
    expect(ends).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });

  it("hold a waiting line until the commits are read", () => {
    const lines = linesOf(rows, new Set(["v1"]), commits);
    expect(lines[2]).toEqual({ kind: "wait", key: "w:v1", tag: "v1", empty: false });
  });

  it("let the cursor pass over gaps, and hold it at the ends", () => {
    const lines = linesOf(rows, new Set(["v2"]), commits);
    expect(stepFrom(lines, 2, 1)).toBe(4);
    expect(stepFrom(lines, 4, -1)).toBe(2);
    expect(stepFrom(lines, 0, -1)).toBe(0);
    expect(stepFrom(lines, 5, 1)).toBe(5);
    expect(stepFrom(lines, 0, Infinity)).toBe(5);
    expect(stepFrom(lines, 5, -Infinity)).toBe(0);
    expect(stepFrom([], 0, 1)).toBe(-1);
  });

  it("rest on the last stop when the list ends in a waiting line", () => {
    const lines = linesOf([tagRow("v1")], new Set(["v1"]), new Map());
    expect(stepFrom(lines, 0, 1)).toBe(0);
  });

  it("know their tag", () => {
    const lines = linesOf(rows, new Set(["v2"]), commits);
    expect(ownerOf(lines, 4)).toBe(0);
    expect(ownerOf(lines, 5)).toBe(5);
  });
});
