import { describe, expect, it } from "vitest";
import { commitRow, timeAt } from "../../test/rows";
import type { CommitRow, TimeFact } from "../backend/backend";
import { gapDays } from "./lines";

const DAY = 86_400;

function commit(key: string, at: number | null, kind?: TimeFact["kind"]): CommitRow {
  return commitRow(key, { time: timeAt(at, kind) });
}

describe("gaps", () => {
  it("tells gaps of five days and more", () => {
    expect(gapDays(commit("a", 20 * DAY), commit("b", 9 * DAY))).toBe(11);
    expect(gapDays(commit("a", 20 * DAY), commit("b", 15 * DAY))).toBe(5);
    expect(gapDays(commit("a", 20 * DAY), commit("b", 15 * DAY + 1))).toBeNull();
  });

  it("says nothing where a time is unknown or a build time", () => {
    expect(gapDays(commit("a", 20 * DAY), commit("b", null))).toBeNull();
    expect(gapDays(commit("a", 20 * DAY), commit("b", 0, "built"))).toBeNull();
  });

  it("says nothing above what was only noticed, unless a look before it saw something else", () => {
    expect(gapDays(commit("a", 20 * DAY, "by"), commit("b", 0))).toBeNull();
    const noticed = { ...timeAt(20 * DAY, "by"), after: 8 * DAY } as TimeFact;
    expect(gapDays(commitRow("a", { time: noticed }), commit("b", 0))).toBe(8);
    expect(gapDays(commit("a", 20 * DAY), commit("b", 0, "by"))).toBe(20);
  });

  it("says nothing where the times run the wrong way", () => {
    expect(gapDays(commit("a", 0), commit("b", 30 * DAY))).toBeNull();
  });
});
