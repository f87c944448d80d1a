import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { createRawSnippet, flushSync } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Combobox } from "./picker";
import Picker from "./Picker.svelte";

const TAGS = ["v1", "v2", "v3"];
const field = createRawSnippet<[Combobox]>(() => ({ render: () => '<input aria-label="Tag">' }));
const foot = createRawSnippet(() => ({ render: () => "<button>Show all</button>" }));

function picker(props: { chosen?: ReadonlySet<string>; options?: readonly string[] } = {}) {
  const ontake = vi.fn();
  render(Picker, {
    options: TAGS,
    label: "Tags",
    none: "No such tag",
    testid: "option",
    field,
    foot,
    ontake,
    ...props,
  });
  flushSync();
  return ontake;
}
const input = (): HTMLElement => screen.getByLabelText("Tag");
const options = (): HTMLElement[] => screen.queryAllByTestId("option");
const cursor = (): string[] =>
  options().flatMap((each) => (each.classList.contains("cursor") ? (each.textContent.trim() ?? "") : []));
const press = async (...keys: string[]): Promise<boolean> => {
  let passed = true;
  for (const key of keys) passed = await fireEvent.keyDown(input(), { key });
  return passed;
};

afterEach(cleanup);

describe("a free picker", () => {
  it("is closed until an arrow or a letter opens it, and is a ring", async () => {
    picker();
    expect(options()).toEqual([]);
    await press("ArrowDown");
    expect(cursor()).toEqual(["v1"]);
    await press("ArrowUp");
    expect(cursor()).toEqual(["v3"]);
    await press("ArrowDown");
    expect(cursor()).toEqual(["v1"]);
    await press("Escape", "ArrowUp");
    expect(cursor()).toEqual(["v3"]);
  });

  it("leaves Enter to its sheet until an arrow has gone into the list", async () => {
    const ontake = picker();
    await fireEvent.input(input(), { target: { value: "v" } });
    expect(options()).toHaveLength(3);
    expect(cursor()).toEqual([]);
    expect(await press("Enter")).toBe(true);
    expect(ontake).not.toHaveBeenCalled();
    expect(await press("ArrowDown", "Enter")).toBe(false);
    expect(ontake).toHaveBeenCalledExactlyOnceWith("v1");
    expect(options()).toEqual([]);
  });

  it("closes with Escape, which then leaves nothing else, and with the focus", async () => {
    picker();
    await press("ArrowDown");
    expect(await press("Escape")).toBe(false);
    expect(options()).toEqual([]);
    expect(await press("Escape")).toBe(true);
    await press("ArrowDown");
    await fireEvent.focusOut(input());
    expect(options()).toEqual([]);
  });

  it("shows no list where there is nothing to offer", async () => {
    picker({ options: [] });
    expect(await press("ArrowDown", "Enter")).toBe(true);
    expect(screen.queryByRole("listbox")).toBeNull();
  });

  it("takes what is pressed, and the field keeps the focus meanwhile", async () => {
    const ontake = picker();
    await press("ArrowDown");
    expect(await fireEvent.pointerDown(options()[1] as HTMLElement)).toBe(false);
    await fireEvent.click(options()[1] as HTMLElement);
    expect(ontake).toHaveBeenCalledExactlyOnceWith("v2");
  });
});

describe("a picker that chooses", () => {
  it("always shows its list, ticks what is chosen, and stops at the ends", async () => {
    const ontake = picker({ chosen: new Set(["v2"]) });
    expect(options().map((each) => each.getAttribute("aria-selected"))).toEqual(["false", "true", "false"]);
    expect(cursor()).toEqual(["v1"]);
    await press("ArrowUp");
    expect(cursor()).toEqual(["v1"]);
    await press("PageDown", "ArrowDown");
    expect(cursor()).toEqual(["v3"]);
    await press("Enter");
    expect(ontake).toHaveBeenCalledExactlyOnceWith("v3");
    expect(options()).toHaveLength(3);
    expect(cursor()).toEqual(["v3"]);
  });

  it("begins at the first again when one types, and leaves Escape to what it stands in", async () => {
    picker({ chosen: new Set() });
    await press("ArrowDown");
    await fireEvent.input(input(), { target: { value: "v" } });
    expect(cursor()).toEqual(["v1"]);
    expect(await press("Escape")).toBe(true);
    expect(options()).toHaveLength(3);
  });

  it("leaves Enter to the button below the list", async () => {
    const ontake = picker({ chosen: new Set() });
    expect(await fireEvent.keyDown(screen.getByText("Show all"), { key: "Enter" })).toBe(true);
    expect(ontake).not.toHaveBeenCalled();
  });

  it("says that nothing was found", () => {
    picker({ chosen: new Set(), options: [] });
    expect(screen.getByText("No such tag")).toBeTruthy();
  });
});
