import { describe, expect, it } from "vitest";
import { mark, row } from "../../test/timeline";
import type { CommitRow, Mark, Source } from "../backend/backend";
import { activeWord, askOf, idOf, isKept, isThere, rowLine, rowTime } from "./facts";

const at = (iso: string): number => Date.parse(iso) / 1000;
const NOW = at("2026-11-21T10:00:00Z");
const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, " ");
const time = (iso: string, source: Source = "seenHere", kind: "since" | "by" | "built" = "since") => ({
  at: at(iso),
  kind,
  source,
});
const ana = { name: "ana", you: true, source: "registry" as const };
const said = (changes: Partial<Mark>, commit: Partial<CommitRow> = {}): string =>
  plain(rowLine(row("2e04", [mark(0, "v3", changes)], commit), NOW, "UTC"));

describe("a row's time", () => {
  it.each([
    ["2026-11-21T09:12:00Z", "today 09:12"],
    ["2026-11-20T05:30:00Z", "yesterday 05:30"],
    ["2026-11-09T16:40:00Z", "9 Nov 16:40"],
    ["2025-11-09T16:40:00Z", "9 Nov 2025 16:40"],
  ])("%s", (iso, told) => expect(rowTime(time(iso), NOW, "UTC")).toBe(told));

  it("says where it is only a bound, or that of the build", () => {
    expect(rowTime(time("2026-11-09T16:40:00Z", "seenHere", "by"), NOW, "UTC")).toBe("before 9 Nov 16:40");
    expect(rowTime(time("2026-08-26T10:00:00Z", "imageLabel", "built"), NOW, "UTC")).toBe("built 26 Aug 10:00");
  });

  it("knows yesterday by the calendar, not by 24 hours", () => {
    expect(rowTime(time("2026-11-20T00:01:00Z"), at("2026-11-21T23:59:00Z"), "UTC")).toBe("yesterday 00:01");
    expect(rowTime(time("2026-11-20T23:00:00Z"), NOW, "Asia/Kolkata")).toBe("today 04:30");
  });
});

describe("a row's second line, as drawn", () => {
  it("of the active commit", () => {
    const line = said({ active: true, time: time("2026-11-21T09:12:00Z") }, { by: ana, size: 412_600_000 });
    expect(line).toBe("today 09:12 · ana · 412.6 MB · seen here");
  });

  it("of one nobody keeps", () => {
    const line = said({ time: time("2026-11-20T05:30:00Z"), until: NOW }, { by: { ...ana, name: "CI" } });
    expect(line).toBe("yesterday 05:30 · CI · seen here, not kept");
  });

  it("of one that is kept", () => {
    const line = said(
      { time: time("2026-11-09T09:00:00Z", "commitTag"), until: NOW, commitTag: "_h.v3" },
      { size: 411_900_000 },
    );
    expect(line).toBe("9 Nov 09:00 · 411.9 MB · commit tag · was active for 12 days");
    const unended = said({ time: time("2026-11-09T09:00:00Z", "commitTag"), commitTag: "_h.v3" });
    expect(unended).toBe("9 Nov 09:00 · commit tag");
  });

  it("of one that is gone, and of one whose commit tag lies", () => {
    const gone = said(
      { time: time("2026-09-19T14:21:00Z") },
      { reach: { kind: "gone", since: NOW, restorableUntil: null }, size: 5 },
    );
    expect(gone).toBe("19 Sep 14:21 · seen here · the registry no longer has it");
    const lie = said({ time: time("2026-09-19T14:21:00Z", "commitTag"), commitTag: "_h.v3" }, { mismatch: true });
    expect(lie).toBe("19 Sep 14:21 · commit tag · its commit tag points at something else now");
  });

  it("of one that only a commit tag tells of, whether it was asked or not", () => {
    const told = { time: time("2026-11-09T09:00:00Z", "commitTag"), commitTag: "_h.v3" };
    const only: Partial<CommitRow> = { sources: ["commitTag"] };
    expect(said({ ...told, kept: false }, only)).toBe("9 Nov 09:00 · only a commit tag says so");
    expect(said({ ...told, until: NOW }, only)).toBe(
      "9 Nov 09:00 · only a commit tag says so · was active for 12 days",
    );
    const claim = said(told, { ...only, contradicted: true });
    expect(claim).toBe("9 Nov 09:00 · a commit tag says so, but another commit was seen here then");
  });

  it("of one that was noticed by then, as its commit tag says on every computer", () => {
    const by = time("2026-11-09T16:40:00Z", "commitTag", "by");
    expect(said({ time: by, commitTag: "_h.v3" }, { sources: ["commitTag"] })).toBe(
      "before 9 Nov 16:40 · only a commit tag says so",
    );
  });

  it("names an import wherever it is one", () => {
    const imported = { time: time("2026-11-09T09:00:00Z", "imported"), until: NOW };
    expect(said(imported)).toBe("9 Nov 09:00 · imported, not kept");
    expect(said({ ...imported, commitTag: "_h.v3" })).toBe("9 Nov 09:00 · imported · was active for 12 days");
    expect(said({ time: imported.time, active: true })).toBe("9 Nov 09:00 · imported");
  });

  it("says nothing of what is not known", () => {
    expect(said({ time: null, active: true }, { time: null, sources: [] })).toBe("");
  });
});

describe("what a row is", () => {
  it("is active, or active as some of its tags", () => {
    const both = [mark(0, "v3", { active: true }), mark(1, "latest", { active: true })];
    expect(activeWord(row("a", both))).toBe("active");
    expect(activeWord(row("a", [mark(0, "v3"), mark(1, "latest", { active: true })]))).toBe("active as latest");
    expect(activeWord(row("a", [mark(0, "v3")]))).toBeNull();
  });

  it("is asked for by its digest, else by its commit tag", () => {
    expect(idOf(row("2e04", [mark(0, "v3")]))).toMatch(/^sha256:2e04/);
    const part = row("2e04", [mark(0, "v3", { commitTag: "_h.v3.x" })], { digest: null });
    expect(idOf(part)).toBe("_h.v3.x");
    expect(idOf(row("2e04", [mark(0, "v3")], { digest: null }))).toBeNull();
  });

  it("asks for a commit tag that was not asked yet, though the commit is known", () => {
    const marks = (kept: boolean) => [mark(0, "v3", { commitTag: "_h.v3.x", kept })];
    expect(askOf(row("2e04", marks(false)))).toBe("_h.v3.x");
    expect(askOf(row("2e04", marks(true)))).toMatch(/^sha256:2e04/);
    expect(isKept(row("2e04", marks(false)))).toBe(false);
    expect(isKept(row("2e04", marks(true)))).toBe(true);
  });

  it("can be fetched unless it is gone or its commit tag lies", () => {
    expect(isThere(row("a", [mark(0, "v3")]))).toBe(true);
    expect(isThere(row("a", [mark(0, "v3")], { mismatch: true }))).toBe(false);
    expect(isThere(row("a", [mark(0, "v3")], { reach: { kind: "gone", since: 1, restorableUntil: null } }))).toBe(
      false,
    );
  });
});
