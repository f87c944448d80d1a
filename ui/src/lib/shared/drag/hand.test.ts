import { fireEvent } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { noteHand } from "./hand";

it("marks the page from a key to the next press", async () => {
  const end = noteHand();
  const marked = (): boolean => "keys" in document.documentElement.dataset;
  await fireEvent.keyDown(document.body, { key: "Shift" });
  expect(marked()).toBe(false);
  await fireEvent.keyDown(document.body, { key: "ArrowDown" });
  expect(marked()).toBe(true);
  await fireEvent(document.body, new MouseEvent("pointerdown", { bubbles: true }));
  expect(marked()).toBe(false);
  await fireEvent.keyDown(document.body, { key: "ArrowDown" });
  end();
  expect(marked()).toBe(false);
});
