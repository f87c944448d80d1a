import { describe, expect, it } from "vitest";
import { digest } from "../fake/data";
import { matches, readFilter, type Matched } from "./filter";

const at = (iso: string): number => Date.parse(iso) / 1000;
const NOW = at("2026-11-21T10:00:00Z");
const row = (changes: Partial<Matched> = {}): Matched => ({
  tags: ["v3", "latest"],
  digest: digest("2e04bfa1e576"),
  short: "2e04bfa1e576",
  times: [at("2026-11-09T16:40:00Z")],
  ...changes,
});
const lets = (typed: string, given: Partial<Matched> = {}): boolean =>
  matches(readFilter(typed, NOW, "UTC"), row(given), "UTC");

describe("the timeline's filter", () => {
  it("lets everything through where nothing is typed", () => expect(lets("  ")).toBe(true));

  it.each(["v3", "V3", "lat", "ates", "2e", "2e04bfa1", `sha256:2e04`, "9 nov", "nov", "2026-11", ">2026-10-01"])(
    "finds a commit by “%s”",
    (typed) => expect(lets(typed)).toBe(true),
  );

  it.each(["v4", "2f", "04bf", "2", "10 nov", "oct", "2026-10", "today", "<2026-11-09", "sha256:04"])(
    "does not find it by “%s”",
    (typed) => expect(lets(typed)).toBe(false),
  );

  it("wants every term", () => {
    expect(lets("v3 nov")).toBe(true);
    expect(lets("v3 9 nov 2026 2e04")).toBe(true);
    expect(lets("v3 oct")).toBe(false);
    expect(lets("nightly nov")).toBe(false);
    expect(lets("latest 3 sep .. 9 nov")).toBe(true);
  });

  it("reads what can be two things as either: a month is part of tags as well", () => {
    expect(lets("2026-10", { tags: ["build-2026-10-03"] })).toBe(true);
    expect(lets("dec", { digest: digest("dec0de000000"), short: "dec0de000000" })).toBe(true);
    expect(lets("today", { times: [NOW - 3600] })).toBe(true);
  });

  it("knows a commit of which only 12 digits are known", () => {
    const part = { digest: null, short: "2e04bfa1e576" };
    expect(lets("2e04", part)).toBe(true);
    expect(lets(digest("2e04bfa1e576"), part)).toBe(true);
    expect(lets("2e05", part)).toBe(false);
  });

  it("never finds by date what has none", () => {
    expect(lets("nov", { times: [] })).toBe(false);
    expect(lets("v3", { times: [] })).toBe(true);
  });

  it("stands anything", () => {
    for (const typed of ["(((", "\\", "[a-", "..", ">".repeat(200), "9 ".repeat(90)]) {
      expect(() => lets(typed)).not.toThrow();
    }
  });
});
