import { describe, expect, it } from "vitest";
import { bytes, bytesOf, count, date, dateTime, duration, plural, rate, shortDigest, span, utc, when } from "./format";

const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, " ");
const at = (iso: string): number => Date.parse(iso) / 1000;
const NOW = at("2026-11-21T10:00:00Z");
const HOUR = 3600;
const DAY = 24 * HOUR;

describe("sizes", () => {
  it("are in MB with one decimal and thin thousands", () => {
    expect(plain(bytes(412_600_000))).toBe("412.6 MB");
    expect(bytes(1_180_300_000)).toBe("1\u202f180.3\u00a0MB");
    expect(plain(bytes(100_000))).toBe("0.1 MB");
  });
  it("are in kB under 0.1 MB, and in bytes under 1 kB", () => {
    expect(plain(bytes(99_999))).toBe("100.0 kB");
    expect(plain(bytes(12_340))).toBe("12.3 kB");
    expect(plain(bytes(999))).toBe("999 B");
    expect(plain(bytes(0))).toBe("0 B");
  });
  it("say how much of how much in the unit of the whole", () => {
    expect(plain(bytesOf(189_200_000, 411_900_000))).toBe("189.2 of 411.9 MB");
    expect(plain(bytesOf(0, 411_900_000))).toBe("0.0 of 411.9 MB");
    expect(plain(bytesOf(500, 2_000))).toBe("0.5 of 2.0 kB");
  });
  it("say a rate", () => expect(plain(rate(38_400_000))).toBe("38.4 MB/s"));
});

describe("times in tables", () => {
  const cases: [number, string][] = [
    [0, "just now"],
    [59, "just now"],
    [60, "1 min ago"],
    [8 * 60, "8 min ago"],
    [HOUR, "1 hour ago"],
    [2 * HOUR + 1800, "2 hours ago"],
    [DAY, "yesterday"],
    [6 * DAY, "6 days ago"],
    [7 * DAY, "14 Nov"],
    [79 * DAY, "3 Sep"],
    [372 * DAY, "14 Nov 2025"],
  ];
  it.each(cases)("%i seconds ago", (ago, said) => expect(plain(when(NOW - ago, NOW, "UTC"))).toBe(said));
  it("give a date to what lies ahead, for a registry's clock may be wrong", () => {
    expect(when(NOW + 30, NOW, "UTC")).toBe("just now");
    expect(when(NOW + DAY, NOW, "UTC")).toBe("22 Nov");
  });
});

describe("times in the timeline", () => {
  it("are local, and exact in UTC", () => {
    const pushed = at("2026-11-09T14:40:12Z");
    expect(dateTime(pushed, NOW, "UTC")).toBe("9 Nov 14:40");
    expect(dateTime(pushed, NOW, "Asia/Kolkata")).toBe("9 Nov 20:10");
    expect(dateTime(at("2025-12-31T23:30:00Z"), NOW, "UTC")).toBe("31 Dec 2025 23:30");
    expect(utc(pushed)).toBe("2026-11-09 14:40:12 UTC");
  });
  it("know the year of the zone they are shown in", () => {
    expect(date(at("2025-12-31T23:30:00Z"), NOW, "Asia/Kolkata")).toBe("1 Jan");
  });
  it("say midnight as 00:00", () => expect(dateTime(at("2026-11-09T00:00:00Z"), NOW, "UTC")).toBe("9 Nov 00:00"));
});

describe("spans", () => {
  it.each([
    [6, "6 s"],
    [61, "1 min"],
    [2 * HOUR, "2 h"],
    [2 * HOUR + 300, "2 h 5 min"],
    [HOUR - 1, "1 h"],
  ])("%i seconds", (seconds, said) => expect(plain(duration(seconds))).toBe(said));
  it.each([
    [11, "11 days"],
    [1, "1 day"],
    [35, "5 weeks"],
    [90, "3 months"],
    [800, "2 years"],
  ])("%i days", (days, said) => expect(span(days * DAY)).toBe(said));
});

it("counts, and picks the form that goes with a number", () => {
  expect(count(10_000)).toBe("10\u202f000");
  expect(plural(1, { one: "tag", other: "tags" })).toBe("tag");
  expect(plural(0, { one: "tag", other: "tags" })).toBe("tags");
});

it("shortens a digest to 12 digits", () => {
  expect(shortDigest(`sha256:${"8c41f09be2d7".padEnd(64, "0")}`)).toBe("8c41f09be2d7");
});
