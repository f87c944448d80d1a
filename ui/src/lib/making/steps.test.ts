import { describe, expect, it } from "vitest";
import type { BuildStep } from "../backend/backend";
import { fold, openByItself, placeOf, restOf, stepCount, stepTime } from "./steps";

const step = (key: number, changes: Partial<BuildStep> = {}): BuildStep => ({
  key,
  number: key + 1,
  of: 7,
  stage: null,
  text: `RUN ${key}`,
  state: "running",
  began: 100,
  seconds: null,
  lines: [],
  more: 0,
  ...changes,
});

describe("the steps of a build", () => {
  it("take what changed in its place, whatever came first", () => {
    const before = fold([], [step(0), step(1)]);
    const after = fold(before, [step(2), step(1, { state: "done" })]);
    expect(after.map(({ key, state }) => [key, state])).toEqual([
      [0, "running"],
      [1, "done"],
      [2, "running"],
    ]);
    expect(fold(after, [])).toBe(after);
    expect(fold([step(4)], [step(2)]).map(({ key }) => key)).toEqual([2, 4]);
  });

  it("are counted as their builder counts them", () => {
    expect(stepCount(step(2))).toBe("3 of 7");
    expect(stepCount(step(2, { stage: "1/2" }))).toBe("3 of 7, stage 1/2");
    expect(stepCount(step(2, { number: null }))).toBe("");
  });

  it("say how long they took, or that they needed nothing", () => {
    const time = (changes: Partial<BuildStep>): string => stepTime(step(0, changes), 172).replace(/\s/g, " ");
    expect(time({})).toBe("1 min 12 s");
    expect(time({ began: 172 })).toBe("");
    expect(time({ state: "cached" })).toBe("cached");
    expect(time({ state: "done", seconds: 41 })).toBe("41 s");
    expect(time({ state: "done", seconds: 0 })).toBe("");
    expect([time({ state: "failed", seconds: 3 }), time({ state: "stopped" })]).toEqual(["failed", "stopped"]);
  });

  it("open the one that runs, else the one that failed", () => {
    const steps = [step(0, { state: "done" }), step(1), step(2)];
    expect(openByItself(steps)).toBe(2);
    const failed = [step(0, { state: "done" }), step(1, { state: "failed" }), step(2, { state: "stopped" })];
    expect(openByItself(failed)).toBe(1);
    expect(openByItself([step(0, { state: "done" })])).toBeNull();
  });

  it("tell which have not begun, for as long as it runs", () => {
    expect(restOf([step(2)], true)).toBe("4–7");
    expect(restOf([step(5)], true)).toBe("7");
    expect(restOf([step(6)], true)).toBeNull();
    expect(restOf([step(2)], false)).toBeNull();
    expect(restOf([], true)).toBeNull();
    expect(restOf([step(2, { of: null })], true)).toBeNull();
  });

  it("lead to a place, or to none", () => {
    expect(placeOf({ repository: "genomics/aligner", tag: "v4" })).toBe("genomics/aligner:v4");
    expect(placeOf({ repository: "", tag: "" })).toBeNull();
  });
});
