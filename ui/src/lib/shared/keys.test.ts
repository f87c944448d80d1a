import { describe, expect, it } from "vitest";
import { ariaChord, chordText, isPressed } from "./keys";
import { stepOf } from "./list/grid";
import { movingKeys } from "../palette/moving";

const key = (name: string, held: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent("keydown", { key: name, ...held });

describe("a shortcut", () => {
  it("is heard with what is held, and not with more", () => {
    expect(isPressed("Mod+K", key("k", { ctrlKey: true }))).toBe(true);
    expect(isPressed("Mod+K", key("k", { metaKey: true }))).toBe(true);
    expect(isPressed("Mod+K", key("K", { ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(isPressed("Mod+K", key("k"))).toBe(false);
    expect(isPressed("Alt+ArrowLeft", key("ArrowLeft", { altKey: true }))).toBe(true);
    expect(isPressed("Alt+ArrowLeft", key("ArrowLeft", { altKey: true, shiftKey: true }))).toBe(false);
    expect(isPressed("Shift+F10", key("F10"))).toBe(false);
    expect(isPressed("P", key("p"))).toBe(true);
    expect(isPressed("P", key("P", { shiftKey: true }))).toBe(true);
    expect(isPressed("P", key("p", { ctrlKey: true }))).toBe(false);
  });

  it("takes a sign wherever the keyboard has it", () => {
    expect(isPressed("?", key("?", { shiftKey: true }))).toBe(true);
    expect(isPressed("/", key("/"))).toBe(true);
    expect(isPressed("Mod+Plus", key("+", { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(isPressed("Mod+Plus", key("+", { ctrlKey: true }))).toBe(true);
    expect(isPressed("Mod+-", key("-", { ctrlKey: true }))).toBe(true);
  });

  it("is told as this computer names it", () => {
    expect(["Mod+Plus", "Alt+ArrowLeft", "Delete", "Shift+F10", "p"].map(chordText)).toEqual([
      "Ctrl +",
      "Alt ←",
      "Del",
      "Shift F10",
      "p",
    ]);
    expect([ariaChord("Mod+K"), ariaChord("Mod+Plus")]).toEqual(["Control+K", "Control++"]);
  });

  it("that moves in a list is one that lists hear", () => {
    for (const { id, keys = [] } of movingKeys()) {
      if (!["step", "page", "end"].includes(id)) continue;
      for (const chord of keys) expect(stepOf(key(chord), 10), chord).toBeTypeOf("number");
    }
  });
});
