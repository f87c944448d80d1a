import { describe, expect, it } from "vitest";
import { roomOf } from "./room";

describe("the room of a part of the page", () => {
  it("is told by the steps it does not exceed", () => {
    expect(roomOf(1000)).toBe("");
    expect(roomOf(600)).toBe("600 640 700");
    expect(roomOf(300)).toBe("460 520 560 600 640 700");
  });

  it("is not told before it was measured", () => expect(roomOf(0)).toBe(""));
});
