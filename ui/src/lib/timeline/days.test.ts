import { describe, expect, it } from "vitest";
import { dayOf, readDays } from "./days";

const at = (iso: string): number => Date.parse(iso) / 1000;
const NOW = at("2026-11-21T10:00:00Z");
const day = (iso: string): number => Date.parse(iso) / 86_400_000;
const read = (typed: string): [string, string] | null => {
  const days = readDays(typed, NOW, "UTC");
  const said = (each: number): string =>
    Number.isFinite(each) ? new Date(each * 86_400_000).toISOString().slice(0, 10) : String(each);
  return days && [said(days.first), said(days.last)];
};

describe("the day a time falls on", () => {
  it("is that of the zone it is shown in", () => {
    expect(dayOf(at("2026-11-09T23:30:00Z"), "UTC")).toBe(day("2026-11-09"));
    expect(dayOf(at("2026-11-09T23:30:00Z"), "Asia/Kolkata")).toBe(day("2026-11-10"));
    expect(dayOf(at("2026-11-09T03:30:00Z"), "America/New_York")).toBe(day("2026-11-08"));
  });
});

describe("days as people type them", () => {
  it.each([
    ["today", "2026-11-21", "2026-11-21"],
    ["Yesterday", "2026-11-20", "2026-11-20"],
    ["2026-11-09", "2026-11-09", "2026-11-09"],
    ["2026-11", "2026-11-01", "2026-11-30"],
    ["2026-2", "2026-02-01", "2026-02-28"],
    ["2026", "2026-01-01", "2026-12-31"],
    ["nov", "2026-11-01", "2026-11-30"],
    ["November", "2026-11-01", "2026-11-30"],
    ["dec", "2025-12-01", "2025-12-31"],
    ["sept", "2026-09-01", "2026-09-30"],
    ["9 nov", "2026-11-09", "2026-11-09"],
    ["9nov", "2026-11-09", "2026-11-09"],
    ["nov 9", "2026-11-09", "2026-11-09"],
    ["9th nov", "2026-11-09", "2026-11-09"],
    ["30 nov", "2025-11-30", "2025-11-30"],
    ["29 feb", "2024-02-29", "2024-02-29"],
    ["9 nov 2024", "2024-11-09", "2024-11-09"],
    ["nov 2024", "2024-11-01", "2024-11-30"],
    ["nov 9, 2024", "2024-11-09", "2024-11-09"],
  ])("%s", (typed, first, last) => expect(read(typed)).toEqual([first, last]));

  it.each([
    [">2026-10-01", "2026-10-02", "Infinity"],
    ["> oct", "2026-11-01", "Infinity"],
    [">= oct", "2026-10-01", "Infinity"],
    ["<2026-10-01", "-Infinity", "2026-09-30"],
    ["<=oct", "-Infinity", "2026-10-31"],
    ["2026-09..2026-10", "2026-09-01", "2026-10-31"],
    ["sep..nov", "2026-09-01", "2026-11-30"],
    ["3 sep .. 9 nov", "2026-09-03", "2026-11-09"],
    ["9 nov..3 sep", "2026-09-03", "2026-11-09"],
    ["oct..", "2026-10-01", "Infinity"],
    ["..oct", "-Infinity", "2026-10-31"],
  ])("%s, from a day to a day", (typed, first, last) => expect(read(typed)).toEqual([first, last]));

  it.each([
    "",
    "v3",
    "31 feb",
    "32 nov",
    "2026-13",
    "2026-11-31",
    "0000",
    "9",
    "..",
    "a..b",
    ">",
    "nov nov",
    "9 nov 9",
  ])("not “%s”", (typed) => expect(read(typed)).toBeNull());
});
