import { describe, expect, it } from "vitest";
import { lane, mark, row } from "../../test/timeline";
import type { ReachFact, RepositoryTimeline, TimelineRow } from "../backend/backend";
import { digest } from "../fake/data";
import { inPlace, patched, sameShape } from "./patch";

const list = (rows: TimelineRow[]): RepositoryTimeline => ({
  path: "r.example/a/b",
  lanes: [lane("v3")],
  rows,
  untagged: [],
  refreshedAt: 1,
});
const fact = (of: string, changes: Partial<ReachFact> = {}): ReachFact => ({
  of,
  digest: of.startsWith("sha256:") ? of : null,
  reach: { kind: "pullable", at: 5 },
  kept: false,
  mismatch: false,
  size: null,
  platforms: [],
  ...changes,
});
const whole = row("2e04bfa1e576", [mark(0, "v3")], { size: 7, platforms: ["linux/arm64"] });
const part = row("b7d0036aa914", [mark(0, "v3", { commitTag: "_h.v3.b7", kept: false })], {
  digest: null,
  claims: digest("b7d0036aa914"),
  kept: false,
  digestPath: null,
  commitTag: "_h.v3.b7",
});

describe("what the registry told", () => {
  it("goes into every row of that commit, and leaves the others as they are", () => {
    const again = { ...whole, key: "again" };
    const before = list([whole, part, again]);
    const after = patched(before, [fact(digest("2e04bfa1e576"))]);
    expect(after.rows.map((each) => each.commit.reach.kind)).toEqual(["pullable", "unknown", "pullable"]);
    expect(after.rows[1]).toBe(part);
    expect(after.rows[0]?.commit).toMatchObject({ size: 7, platforms: ["linux/arm64"] });
  });

  it("completes a commit of which only the commit tag was known", () => {
    const told = fact("_h.v3.b7", {
      ...{ digest: digest("b7d0036aa914"), kept: true, size: 9, platforms: ["linux/amd64"] },
    });
    const [completed] = patched(list([part]), [told]).rows;
    expect(completed?.marks[0]?.kept).toBe(true);
    expect(completed?.commit).toMatchObject({
      digest: digest("b7d0036aa914"),
      claims: null,
      kept: true,
      digestPath: `r.example/a/b@${digest("b7d0036aa914")}`,
      size: 9,
      platforms: ["linux/amd64"],
      mismatch: false,
    });
  });

  it("takes a commit as kept by the answer for its own commit tag alone", () => {
    const marks = [mark(0, "v3", { commitTag: "_h.v3.2e", kept: false })];
    const claimed = row("2e04bfa1e576", marks, { commitTag: "_h.v3.2e", kept: false });
    const whole = digest("2e04bfa1e576");
    const keptAfter = (told: ReachFact): boolean[] => {
      const [after] = patched(list([claimed]), [told]).rows;
      return [after?.commit.kept === true, after?.marks[0]?.kept === true];
    };
    expect(keptAfter(fact(whole))).toEqual([false, false]);
    expect(keptAfter(fact("_h.latest.2e", { digest: whole, kept: true }))).toEqual([false, false]);
    expect(keptAfter(fact("_h.v3.2e", { digest: whole, kept: true }))).toEqual([true, true]);
    // One that lies of a commit which others tell of takes nothing from it.
    const [after] = patched(list([claimed]), [
      fact("_h.v3.2e", { digest: digest("badc0ffee000"), mismatch: true }),
    ]).rows;
    expect(after?.commit).toMatchObject({ digest: whole, kept: false, mismatch: false });
    // Nor does one that is not there.
    const gone = fact("_h.v3.2e", { digest: null, reach: { kind: "gone", since: 4, restorableUntil: null } });
    expect(patched(list([claimed]), [gone]).rows[0]?.commit.reach).toEqual({ kind: "unknown" });
  });

  it("believes no commit tag that lies", () => {
    const told = fact("_h.v3.b7", { digest: digest("badc0ffee000"), mismatch: true });
    expect(patched(list([part]), [told]).rows[0]?.commit).toMatchObject({ digest: null, mismatch: true });
  });

  it("makes a lie of one commit's tag no other commit's lie", () => {
    const other = row("badc0ffee000", [mark(0, "v3")]);
    const told = fact("_h.v3.b7", { digest: digest("badc0ffee000"), mismatch: true });
    expect(patched(list([other]), [told]).rows[0]).toBe(other);
  });

  it("changes nothing where it is of no row", () => {
    const before = list([whole]);
    expect(patched(before, [fact(digest("feed00000000"))])).toBe(before);
    expect(patched(before, [])).toBe(before);
  });
});

describe("a newer list", () => {
  it("has the same shape where the same rows stand in the same places", () => {
    const fresh = { ...whole, commit: { ...whole.commit, size: 8 } };
    expect(sameShape(list([whole, part]), list([fresh, part]))).toBe(true);
    expect(sameShape(list([whole, part]), list([part, whole]))).toBe(false);
    expect(sameShape(list([whole]), list([whole, part]))).toBe(false);
  });

  it("gives its facts to the rows that stand, which do not move", () => {
    const fresh = { ...whole, commit: { ...whole.commit, size: 8 } };
    const after = inPlace(list([part, whole]), list([row("new000000000", [mark(0, "v3")]), fresh]));
    expect(after.rows.map((each) => each.key)).toEqual(["b7d0036aa914", "2e04bfa1e576"]);
    expect(after.rows[1]?.commit.size).toBe(8);
  });
});
