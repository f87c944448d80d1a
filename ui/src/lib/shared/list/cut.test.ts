import { describe, expect, it } from "vitest";
import { partsOf } from "./cut";

const whole = ({ lead, start, end }: ReturnType<typeof partsOf>): string => lead + start + end;

describe("a name that may be cut in its middle", () => {
  it("is not parted where it is short", () => {
    expect(partsOf("nightly-arm")).toEqual({ lead: "", start: "nightly-arm", end: "" });
    expect(partsOf("lab/aligner:v3", 4)).toEqual({ lead: "lab/", start: "aligner:v3", end: "" });
  });

  it("keeps its end, or the tag behind a colon", () => {
    const long = "a-name-as-long-as-a-registry-allows";
    expect(partsOf(long).end).toBe("ry-allows");
    expect(partsOf("quite-a-long-repository:v1.20").end).toBe(":v1.20");
    expect(partsOf(`tool:${long}`).end).toBe("ry-allows");
    for (const name of [long, `x/${long}:1`, ""]) expect(whole(partsOf(name))).toBe(name);
  });

  it("is never cut inside a character", () => {
    const name = `${"long-".repeat(5)}😀12345678`;
    expect(whole(partsOf(name))).toBe(name);
    expect(partsOf(name).end).toBe("😀12345678");
  });
});
