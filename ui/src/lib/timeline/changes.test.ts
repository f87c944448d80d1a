import { describe, expect, it } from "vitest";
import { mark, row } from "../../test/timeline";
import { timeAt } from "../../test/rows";
import type { CommitRow, Mark, TimelineRow } from "../backend/backend";
import { behindText } from "../messages/facts";
import { changesOf, grownText, leftBehind, leftText, platformsChanged } from "./changes";

const AMD = "linux/amd64";
const ARM = "linux/arm64";
const DAY = 86_400;

function of(key: string, size: number | null, platforms: string[], marks: Mark[] = [mark(0, "v1")]): TimelineRow {
  return row(key, marks, { size, platforms });
}
const told = (rows: TimelineRow[], key: string): [string | null, string | null] | undefined => {
  const change = changesOf(rows, AMD).get(key);
  return change && [grownText(change)?.replace(/\u00a0/g, " ") ?? null, platformsChanged(change)];
};

describe("what changed between two rows of a lane", () => {
  it("is told in bytes, and which platforms came and went", () => {
    const rows = [
      of("c", 5_300_000, [AMD, ARM]),
      of("b", 5_000_000, [AMD]),
      of("a", 6_000_000, [AMD, "windows/amd64"]),
    ];
    expect(told(rows, "c")).toEqual(["+0.3 MB", "arm64 added"]);
    expect(told(rows, "b")).toEqual(["−1.0 MB", "windows/amd64 dropped"]);
    expect(told(rows, "a")).toBeUndefined();
    expect(told([of("b", 7, [AMD]), of("a", 7, [AMD])], "b")).toEqual(["same size", null]);
  });

  it("is told against the row before it under its own tag, whatever stands between", () => {
    const other = [mark(1, "v2")];
    const rows = [of("c", 9, [AMD]), of("b", 900, [AMD], other), of("a", 4, [AMD])];
    expect(changesOf(rows, AMD).get("c")).toMatchObject({ tag: "v1", bytes: 5 });
    expect(changesOf(rows, AMD).has("b")).toBe(false);
    const joined = [of("b", 9, [AMD], [mark(0, "new"), mark(1, "v1")]), of("a", 4, [AMD])];
    expect(changesOf(joined, AMD).get("b")).toMatchObject({ tag: "v1", bytes: 5 });
  });

  it("is not told of what is not known, or not of the same platform", () => {
    expect(told([of("b", 9, [AMD]), of("a", null, [])], "b")).toBeUndefined();
    expect(told([of("b", 9, []), of("a", 4, [])], "b")).toEqual(["+5 B", null]);
    expect(told([of("b", 9, [AMD]), of("a", 4, [ARM])], "b")).toEqual([null, "amd64 added, arm64 dropped"]);
    const again = of("b", 9, [AMD]);
    expect(told([{ ...again, key: "c" }, again], "c")).toBeUndefined();
  });
});

describe("what this computer holds of what was left behind", () => {
  const at = (days: number, active: boolean, here: Partial<CommitRow> = {}): TimelineRow =>
    row(`d${days}`, [mark(0, "v1", { active, time: timeAt(days * DAY) })], here);
  const here = { onThisComputer: true };

  it("is told by how long, or by how many versions where the times don't tell", () => {
    const rows = [at(20, true), at(18, false), at(15, false, here)];
    const left = leftBehind(rows).get("d15");
    expect(left && leftText(left)).toBe("5 days behind v1");
    const noticed = rows.map((each) => ({
      ...each,
      marks: each.marks.map((one) => ({ ...one, time: timeAt(DAY, "by") })),
    }));
    const counted = leftBehind(noticed).get("d15");
    expect(counted && leftText(counted)).toBe("2 versions behind v1");
    // Tags and Images say it in the same words.
    expect(behindText("v1", { position: 3, of: 3, behind: 5 * DAY })).toBe("5 days behind v1");
    expect(behindText("v1", { position: 3, of: 3, behind: null })).toBe("2 versions behind v1");
  });

  it("is nothing where a tag points at it, where it is not here, or where its tag points at nothing", () => {
    expect(leftBehind([at(20, true, here), at(15, false)]).size).toBe(0);
    expect(leftBehind([at(20, false), at(15, false, here)]).size).toBe(0);
  });
});
