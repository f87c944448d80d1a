import { describe, expect, it } from "vitest";
import { tagRow, timeAt } from "../../test/rows";
import type { TagRow } from "../backend/backend";
import { compareVersions, insertRows, needsFacts, orderRows, parseVersion, undated } from "./order";

function row(name: string, at: number | null = null, resolved = true): TagRow {
  return tagRow(name, { time: timeAt(at), resolved });
}

const names = (rows: TagRow[]): string[] => rows.map((each) => each.name);
const versions = (...tags: string[]): string[] =>
  names(
    orderRows(
      tags.map((tag) => row(tag)),
      "version",
    ),
  );

describe("versions", () => {
  it("reads a v in front, partial versions and prereleases", () => {
    expect(parseVersion("v1.2.3")).toEqual({ numbers: ["1", "2", "3"], prerelease: [] });
    expect(parseVersion("3")).toEqual({ numbers: ["3"], prerelease: [] });
    expect(parseVersion("1.0-rc.1")).toEqual({ numbers: ["1", "0"], prerelease: ["rc", "1"] });
    expect(parseVersion("1.2.0rc1")).toEqual({ numbers: ["1", "2", "0"], prerelease: ["rc", "1"] });
  });

  it("does not take names for versions", () => {
    for (const tag of ["latest", "nightly", "test-ref38", "v", "v.1", "1.", "vv1", "1..2", "1.2-", "sha-0f3d77c"]) {
      expect(parseVersion(tag), tag).toBeNull();
    }
  });

  it("puts the highest first, numbers as numbers", () => {
    expect(versions("v1.9.0", "v1.10.0", "v1.2.0")).toEqual(["v1.10.0", "v1.9.0", "v1.2.0"]);
  });

  it("follows the precedence example of semantic versioning", () => {
    const ascending = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
    ];
    expect(versions(...ascending)).toEqual([...ascending].reverse());
  });

  it("takes missing numbers as zero and puts the more general first", () => {
    expect(versions("1.0.0", "1", "1.0", "0.9")).toEqual(["1", "1.0", "1.0.0", "0.9"]);
  });

  it("mixes v and no v by number, and puts what is no version after, by name", () => {
    expect(versions("latest", "v2", "10", "edge", "v3")).toEqual(["10", "v3", "v2", "edge", "latest"]);
  });

  it("compares numbers too long for a number type", () => {
    const [a, b] = [parseVersion("1.99999999999999999998"), parseVersion("1.99999999999999999999")];
    expect(a && b && compareVersions(a, b)).toBeLessThan(0);
  });

  it("ignores leading zeros", () => {
    expect(versions("2026.02", "2026.11", "2026.2.1")).toEqual(["2026.11", "2026.2.1", "2026.02"]);
  });
});

describe("other orders", () => {
  it("newest first, what has no date last in the registry’s order", () => {
    const rows = [row("a"), row("b", 10), row("c"), row("d", 30)];
    expect(names(orderRows(rows, "newest"))).toEqual(["d", "b", "a", "c"]);
  });

  it("puts what was only noticed above nothing that may be newer", () => {
    const noticed = (name: string, at: number, after?: number): TagRow =>
      tagRow(name, { time: { at, kind: "by", source: "seenHere", ...(after !== undefined && { after }) } });
    const rows = [noticed("never", 90), row("old", 10), noticed("looked", 90, 20), row("new", 30), row("unknown")];
    expect(names(orderRows(rows, "newest"))).toEqual(["new", "looked", "old", "never", "unknown"]);
    expect(names(orderRows(rows, "oldest"))).toEqual(["old", "looked", "new", "never", "unknown"]);
    expect(
      names(insertRows(orderRows([row("old", 10), row("new", 30)], "newest"), [noticed("x", 90, 20)], "newest")),
    ).toEqual(["new", "x", "old"]);
  });

  it("by name, numbers inside names as numbers", () => {
    expect(names(orderRows([row("r10"), row("r9"), row("a")], "name"))).toEqual(["a", "r9", "r10"]);
  });

  it("the other way round, what is not known and what is no version still last", () => {
    const rows = [row("a"), row("2.0", 10), row("1.0", 30), row("b", 20)];
    const sized = rows.map((each, n) => ({ ...each, size: n === 0 ? null : n }));
    expect(names(orderRows(rows, "oldest"))).toEqual(["2.0", "b", "1.0", "a"]);
    expect(names(orderRows(rows, "nameDown"))).toEqual(["b", "a", "2.0", "1.0"]);
    expect(names(orderRows(rows, "versionUp"))).toEqual(["1.0", "2.0", "a", "b"]);
    expect(names(orderRows(sized, "largest"))).toEqual(["b", "1.0", "2.0", "a"]);
    expect(names(orderRows(sized, "smallest"))).toEqual(["2.0", "1.0", "b", "a"]);
    expect((["newest", "largest", "name", "versionUp"] as const).map(needsFacts)).toEqual([true, true, false, false]);
  });

  it("leaves the rows given alone", () => {
    const rows = [row("a", 1), row("b", 2)];
    orderRows(rows, "newest");
    expect(names(rows)).toEqual(["a", "b"]);
  });

  it("counts the rows whose date was not asked for yet", () => {
    expect(undated([row("a", 1), row("b", 2, false), { ...row("c", null, false), deleted: true }])).toBe(1);
  });
});

describe("new rows", () => {
  it("come where sorting would have put them, in every order", () => {
    const there = [row("1.0", 5), row("b", 3), row("2.0", 9), row("a", null)];
    const fresh = [row("1.5", 4), row("0.1", null), row("c", 9), row("z", null)];
    for (const order of ["version", "versionUp", "name", "nameDown", "newest", "oldest"] as const) {
      const inserted = insertRows(orderRows(there, order), fresh, order);
      expect(names(inserted)).toEqual(names(orderRows([...orderRows(there, order), ...fresh], order)));
    }
    expect(names(insertRows([], fresh, "name"))).toEqual(["0.1", "1.5", "c", "z"]);
  });
});
