import { describe, expect, it } from "vitest";
import type { DeleteItem, DeleteOutcome } from "../backend/backend";
import { digest } from "../fake/data";
import { deletedText, deleteTitle, deleteVerb, freedText, itemName, pushedText, undoneText } from "./facts";
import { readCommitTag, shortOf } from "../messages/names";

const KEPT = "_h.v1.2.20261121t020900z-2e04bfa1e5760123456789abcdef0123456789abcdef0123456789abcdef0123";
const tag = (name: string): DeleteItem => ({ kind: "tag", name });
const commit: DeleteItem = { kind: "commit", digest: digest("ee10b2947d35") };
const outcome = (done: number, failed = 0): DeleteOutcome => ({
  done,
  failed: Array.from({ length: failed }, (_, n) => ({
    name: String(n),
    problem: { code: "other", message: "m", hints: [], detail: null },
  })),
  undo: null,
  notes: [],
});

describe("the names of commit tags", () => {
  it("are read as they are written, and nothing else is", () => {
    expect(readCommitTag(KEPT)).toEqual({ tag: "v1.2", short: "2e04bfa1e576" });
    expect(readCommitTag(KEPT.replace("z-", "n-"))).toEqual({ tag: "v1.2", short: "2e04bfa1e576" });
    const others = ["v1", "_h.v1", "_h.v1.20261121t020900z", "_h.v1.20261121t020900z-2e04bfa1e576"];
    for (const other of [...others, KEPT.toUpperCase(), KEPT.replace("z-", "y-"), `x${KEPT}`, `${KEPT}0`]) {
      expect(readCommitTag(other)).toBeNull();
    }
    expect(shortOf(KEPT)).toBe("2e04bfa1e576");
    expect(shortOf(digest("ee10b2947d35"))).toBe("ee10b2947d35");
  });
});

describe("a deletion in words", () => {
  it("asks by what it is", () => {
    expect(deleteTitle([tag("nightly")])).toBe("Delete the tag nightly?");
    expect(deleteTitle([tag("a"), tag("b"), tag("c")])).toBe("Delete 3 tags?");
    expect(deleteTitle([commit])).toBe("Delete the commit ee10b2947d35?");
    expect(deleteTitle([tag(KEPT)])).toBe("Stop keeping 2e04bfa1e576?");
    const other = KEPT.replace("2e04bfa1e576", "b7d0036aa914");
    expect(deleteTitle([tag(KEPT), tag(other)])).toBe("Stop keeping 2 commits?");
    // Two tags' commit tags of one commit.
    expect(deleteTitle([tag(KEPT), tag(KEPT.replace("v1.2", "latest"))])).toBe("Stop keeping 2e04bfa1e576?");
    expect(deleteTitle([tag("a"), commit])).toBe("Delete 2 tags and commits?");
    expect(itemName(tag(KEPT))).toBe("2e04bfa1e576");
  });

  it("says on the button what is done", () => {
    expect([[tag("a")], [tag("a"), tag("b")], [commit], [tag(KEPT)], [tag("a"), commit]].map(deleteVerb)).toEqual([
      "Delete tag",
      "Delete 2 tags",
      "Delete commit",
      "Stop keeping",
      "Delete 2",
    ]);
  });

  it("says what is freed and what is shared", () => {
    const plain = (freed: number, shared: number): string => freedText({ freed, shared }).replace(/\s/g, " ");
    expect(plain(11_200_000, 0)).toBe("0 B now, at most 11.2 MB later");
    expect(plain(11_200_000, 404_000_000)).toBe("0 B now, at most 11.2 MB later");
    expect(plain(0, 404_000_000)).toBe("nothing: 404.0 MB are shared and stay");
    expect(plain(0, 0)).toBe("nothing");
  });

  it("says what a time tells, never more", () => {
    const now = 1_795_267_200;
    expect(pushedText({ at: now - 5 * 3600, kind: "since", source: "seenHere" }, now)).toBe("pushed 5 hours ago");
    expect(pushedText({ at: now - 5 * 3600, kind: "by", source: "seenHere" }, now)).toMatch(/^pushed before \d/);
    expect(pushedText({ at: now - 5 * 3600, kind: "built", source: "imageLabel" }, now)).toBe("built 5 hours ago");
  });

  it("tells what it came to, also where it is not all", () => {
    expect(deletedText([tag("nightly")], outcome(1))).toBe("Deleted nightly.");
    expect(deletedText([tag("a"), tag("b")], outcome(2))).toBe("Deleted 2 tags.");
    expect(deletedText([tag("a"), tag("b")], outcome(1, 1))).toBe("Deleted 1 of 2.");
    expect(deletedText([tag("a")], outcome(0, 1))).toBe("Nothing was deleted.");
    expect(deletedText([tag(KEPT)], outcome(1))).toBe("2e04bfa1e576 is no longer kept.");
    expect(undoneText([tag("nightly")], outcome(1))).toBe("nightly is back.");
    expect(undoneText([tag("a"), tag("b")], outcome(2))).toBe("2 are back.");
    expect(undoneText([tag("a"), tag("b")], outcome(1, 1))).toBe("Put back 1 of 2.");
    expect(undoneText([tag("a")], outcome(0, 1))).toBe("Nothing could be put back.");
  });
});
