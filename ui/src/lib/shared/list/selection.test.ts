import { describe, expect, it } from "vitest";
import { Selection } from "./selection.svelte";

const made = (): { selection: Selection; there: string[] } => {
  const there = ["a", "b", "c", "d", "e"];
  return { selection: new Selection(() => there), there };
};

describe("a choice of many rows", () => {
  it("takes one more and gives one back, in the order of the table", () => {
    const { selection } = made();
    selection.toggle("d");
    selection.toggle("b");
    expect(selection.names).toEqual(["b", "d"]);
    selection.toggle("d");
    expect(selection.names).toEqual(["b"]);
    expect(selection.has("d")).toBe(false);
  });

  it("goes from where it began to where it is extended, both ways", () => {
    const { selection } = made();
    selection.extend("c", "d");
    selection.extend("d", "e");
    expect(selection.names).toEqual(["c", "d", "e"]);
    selection.extend("e", "b");
    expect(selection.names).toEqual(["b", "c"]);
  });

  it("begins anew after it was cleared", () => {
    const { selection } = made();
    selection.toggle("a");
    selection.clear();
    expect(selection.count).toBe(0);
    selection.extend("d", "e");
    expect(selection.names).toEqual(["d", "e"]);
  });

  it("takes all at once", () => {
    const { selection } = made();
    selection.toggle("c");
    selection.all();
    expect(selection.names).toEqual(["a", "b", "c", "d", "e"]);
    selection.extend("d", "e");
    expect(selection.names).toEqual(["c", "d", "e"]);
  });

  it("forgets what is gone, also where it comes back", () => {
    const { selection } = made();
    selection.toggle("b");
    selection.toggle("d");
    selection.keep(["a", "d"]);
    expect(selection.names).toEqual(["d"]);
    expect(selection.has("b")).toBe(false);
  });

  it("holds nothing that is not there", () => {
    const { selection } = made();
    selection.toggle("z");
    selection.extend("a", "z");
    expect(selection.count).toBe(0);
  });
});
