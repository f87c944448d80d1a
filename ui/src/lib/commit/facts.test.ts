import { describe, expect, it } from "vitest";
import { commitRow } from "../../test/rows";
import type { CommitRow, TimeFact } from "../backend/backend";
import { platformsText, tableTime, timeTitle } from "../messages/facts";
import { activeSpan, claimOf, commitLine, lineTime } from "./facts";

const NOW = Date.UTC(2026, 10, 21, 9, 12) / 1000;
const DAY = 86_400;

const fact = (days: number, kind: TimeFact["kind"] = "since"): TimeFact => ({
  at: NOW - days * DAY,
  kind,
  source: "seenHere",
});

const commit = commitRow("2e04bfa1e576", { sources: ["commitTag", "seenHere"] });

describe("times of tags and commits", () => {
  it("are relative for a week in the table, then a date", () => {
    expect(tableTime(fact(0.1), NOW, "UTC")).toBe("2 hours ago");
    expect(tableTime(fact(20), NOW, "UTC")).toBe("1 Nov");
    expect(tableTime(fact(372), NOW, "UTC")).toBe("14 Nov 2025");
  });

  it("say when only the build time, or an upper end, is known", () => {
    expect(tableTime(fact(20, "built"), NOW, "UTC")).toBe("built 1 Nov");
    expect(tableTime(fact(1, "by"), NOW, "UTC")).toBe("before 20 Nov 09:12");
  });

  it("are date and clock in the line of an older commit", () => {
    expect(lineTime(fact(12), NOW, "UTC")).toBe("9 Nov 09:12");
    expect(lineTime(fact(2), NOW, "UTC")).toBe("2 days ago");
  });

  it("tell the exact time and its source on hover", () => {
    expect(timeTitle(fact(0))).toBe("2026-11-21 09:12:00 UTC · seen here");
  });
});

describe("a commit's second line", () => {
  it("ends with the source of its time", () => {
    expect(commitLine({ ...commit, time: fact(12) }, NOW, "UTC")).toBe("9 Nov 09:12 · seen here");
  });

  it("says that the time is unknown, and names the best source", () => {
    expect(commitLine(commit, NOW, "UTC")).toBe("time unknown · commit tag");
  });

  it("says that nobody but a commit tag or an import tells of it", () => {
    const of = (...sources: CommitRow["sources"]): string | null => claimOf({ ...commit, sources });
    expect(of("commitTag")).toBe("only a commit tag says so");
    expect(of("imported", "imageLabel")).toBe("only an import says so");
    expect(of("commitTag", "imported")).toBe("only a commit tag and an import say so");
    for (const seen of ["registry", "seenHere"] as const) expect(of(seen, "commitTag")).toBeNull();
    expect(of()).toBeNull();
    const told = { ...commit, sources: ["commitTag" as const], time: fact(12) };
    expect(commitLine(told, NOW, "UTC")).toBe("9 Nov 09:12 · only a commit tag says so");
    expect(commitLine({ ...told, contradicted: true }, NOW, "UTC")).toContain("another commit was seen here then");
  });

  it("says what is wrong", () => {
    const gone: CommitRow = { ...commit, reach: { kind: "gone", since: NOW, restorableUntil: null }, mismatch: true };
    expect(commitLine(gone, NOW, "UTC")).toContain("the registry no longer has it");
    expect(commitLine(gone, NOW, "UTC")).toContain("points at something else");
    const partly: CommitRow = { ...commit, reach: { kind: "partly", at: NOW } };
    expect(commitLine(partly, NOW, "UTC")).toContain("some of its platforms are gone");
    expect(commitLine(partly, NOW, "UTC")).not.toContain("no longer has it");
  });
});

describe("spans and platforms", () => {
  it("tell how long a commit was active, where both ends are known", () => {
    expect(activeSpan({ ...commit, time: fact(12), active: true }, NOW)).toBe("active for 12 days");
    expect(activeSpan({ ...commit, time: fact(14), until: NOW - 2 * DAY }, NOW)).toBe("was active for 12 days");
    expect(activeSpan({ ...commit, time: fact(14) }, NOW)).toBeNull();
    expect(activeSpan({ ...commit, time: fact(14, "by"), until: NOW }, NOW)).toBeNull();
  });

  it("leave the usual system out of a platform", () => {
    expect(platformsText(["linux/amd64", "linux/arm64/v8", "linux/arm/v7", "windows/amd64"])).toBe(
      "amd64 · arm64 · arm/v7 · windows/amd64",
    );
  });
});
