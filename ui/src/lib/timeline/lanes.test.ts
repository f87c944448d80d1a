import { describe, expect, it } from "vitest";
import { lane, mark, row } from "../../test/timeline";
import { chosenOnly, dotsOf, lanesIn, lanesWidth, laneX, piecesOf } from "./lanes";

// The design picture: v3 and latest at one commit, nightly beside them.
const LANES = [lane("v3"), lane("latest"), lane("nightly")];
const ROWS = [
  row("a", [mark(0, "v3", { active: true }), mark(1, "latest", { active: true })]),
  row("b", [mark(2, "nightly", { active: true })]),
  row("c", [mark(2, "nightly")]),
  row("d", [mark(0, "v3", { commitTag: "_h.v3" })]),
  row("e", [mark(0, "v3", { commitTag: "_h.v3" }), mark(1, "latest", { commitTag: "_h.latest" })]),
  row("f", [mark(0, "v3")]),
];

describe("what a row draws of the lanes", () => {
  it("is the lines from each tag's newest to its oldest commit, through every row between", () => {
    const drawn = piecesOf(ROWS, LANES).map((piece) => [lanesIn(piece.above), lanesIn(piece.below)]);
    expect(drawn).toEqual([
      [[], [0, 1]],
      [
        [0, 1],
        [0, 1, 2],
      ],
      [
        [0, 1, 2],
        [0, 1],
      ],
      [
        [0, 1],
        [0, 1],
      ],
      [[0, 1], [0]],
      [[0], []],
    ]);
  });

  it("has a name to draw where a lane has its topmost dot, in either order", () => {
    const tops = (rows: typeof ROWS): number[][] => piecesOf(rows, LANES).map((piece) => lanesIn(piece.tops));
    expect(tops(ROWS)).toEqual([[0, 1], [2], [], [], [], []]);
    expect(tops([...ROWS].reverse())).toEqual([[0], [1], [], [2], [], []]);
  });

  it("joins row to row: what leaves one comes into the next, either way round", () => {
    for (const rows of [ROWS, [...ROWS].reverse()]) {
      const pieces = piecesOf(rows, LANES);
      pieces.slice(1).forEach((piece, n) => expect(piece.above).toBe(pieces[n]?.below));
      expect(pieces[0]?.above).toBe(0);
      expect(pieces.at(-1)?.below).toBe(0);
    }
  });

  it("has a dot a lane: filled where active, ringed where kept", () => {
    const [first, , , , fifth] = piecesOf(ROWS, LANES);
    expect(first?.dots).toEqual([
      { lane: 0, active: true, kept: false },
      { lane: 1, active: true, kept: false },
    ]);
    expect(fifth?.dots.map((dot) => [dot.active, dot.kept])).toEqual([
      [false, true],
      [false, true],
    ]);
  });

  it("has no filled dot on the lane of a tag that was deleted", () => {
    const dots = dotsOf([mark(0, "v3", { active: true })], [lane("v3", true)]);
    expect(dots).toEqual([{ lane: 0, active: false, kept: false }]);
  });

  it("makes one dot of tags that share the others' lane", () => {
    const dots = dotsOf(
      [mark(7, "b", { active: true }), mark(0, "a"), mark(7, "c", { commitTag: "_h.c" })],
      [lane("a"), ...Array.from({ length: 6 }, (_, n) => lane(`x${n}`)), lane(null)],
    );
    expect(dots).toEqual([
      { lane: 0, active: false, kept: false },
      { lane: 7, active: true, kept: true },
    ]);
  });

  it("has only dots for one commit, and nothing for none", () => {
    expect(piecesOf([], LANES)).toEqual([]);
    expect(piecesOf([ROWS[0] as never], LANES)[0]).toMatchObject({ above: 0, below: 0 });
  });
});

describe("lanes on screen", () => {
  it("stand 18 px apart, as drawn; closer where it is narrow", () => {
    expect([0, 1, 2].map((n) => laneX(n, "wide"))).toEqual([14, 32, 50]);
    expect(lanesWidth(3, "wide")).toBe(64);
    expect(lanesWidth(8, "narrow")).toBeLessThan(lanesWidth(8, "wide"));
    expect(lanesWidth(0, "wide")).toBe(28);
  });
});

describe("some tags only", () => {
  it("have the lanes for themselves, and no other tag's marks", () => {
    const some = chosenOnly(LANES, ROWS, new Set(["nightly", "latest"]));
    expect(some.lanes.map((each) => each.tag)).toEqual(["latest", "nightly"]);
    expect(some.rows.map((each) => each.key)).toEqual(["a", "b", "c", "e"]);
    expect(some.rows[0]?.marks.map((each) => [each.tag, each.lane])).toEqual([["latest", 0]]);
    expect(some.rows[1]?.marks[0]?.lane).toBe(1);
  });

  it("are all where none is chosen", () => {
    expect(chosenOnly(LANES, ROWS, new Set()).rows).toBe(ROWS);
  });

  it("get lanes of their own though they shared the others', and share one where they are too many", () => {
    const many = Array.from({ length: 12 }, (_, n) => row(`r${n}`, [mark(7, `t${n}`)]));
    const lanes = [...Array.from({ length: 7 }, (_, n) => lane(`x${n}`)), lane(null)];
    const few = chosenOnly(lanes, many, new Set(["t3", "t9"]));
    expect(few.lanes.map((each) => each.tag)).toEqual(["t3", "t9"]);
    const all = chosenOnly(lanes, many, new Set(many.map((_, n) => `t${n}`)));
    expect(all.lanes).toHaveLength(8);
    expect(all.lanes[7]?.tag).toBeNull();
    expect(all.rows.map((each) => each.marks[0]?.lane)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7]);
  });
});
