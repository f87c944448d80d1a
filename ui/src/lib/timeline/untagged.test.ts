import { describe, expect, it } from "vitest";
import type { CommitRow, TimelineRow } from "../backend/backend";
import { withUntagged } from "./untagged";

const commit = (key: string, at: number): CommitRow => ({
  key,
  short: key,
  digest: null,
  claims: null,
  active: false,
  commitTag: null,
  kept: false,
  contradicted: false,
  time: { at, kind: "pushed", source: "registry" },
  by: null,
  until: null,
  sources: ["registry"],
  reach: { kind: "unknown" },
  mismatch: false,
  size: null,
  platforms: [],
  onThisComputer: null,
  tagPath: null,
  digestPath: null,
});
const row = (key: string, at: number): TimelineRow => ({
  key,
  marks: [
    {
      lane: 0,
      tag: "v1",
      key,
      active: false,
      commitTag: null,
      kept: false,
      time: { at, kind: "since", source: "registry" },
      until: null,
    },
  ],
  commit: commit(key, at),
});
const keys = (rows: readonly TimelineRow[]): string[] => rows.map((each) => each.key);

describe("versions without a tag", () => {
  it("stand among the rows by their time, and have no dot", () => {
    const all = withUntagged([row("c", 30), row("a", 10)], [commit("d", 40), commit("b", 20), commit("z", 5)]);
    expect(keys(all)).toEqual(["/d", "c", "/b", "a", "/z"]);
    expect(all[0]?.marks).toEqual([]);
  });

  it("move no row, whatever its time says", () => {
    const all = withUntagged([row("a", 10), row("c", 30)], [commit("b", 20)]);
    expect(keys(all)).toEqual(["/b", "a", "c"]);
    expect(keys(withUntagged([], [commit("b", 20)]))).toEqual(["/b"]);
    expect(keys(withUntagged([row("a", 1)], []))).toEqual(["a"]);
  });
});
