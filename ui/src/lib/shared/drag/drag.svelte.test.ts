import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { drag, draggable, dropTarget, type DropTarget, type Payload } from "./drag.svelte";

const image: Payload = { kind: "image", id: "sha256:aa", name: "aligner:dev" };
let row: HTMLElement;
let place: HTMLElement;
let under: Element | null;
let dropped: Payload[];
let opened: number;
let refuse: string | null;
let end: () => void;

const target: DropTarget = {
  label: () => "Push to genomics/aligner",
  refuses: () => refuse,
  drop: (payload) => dropped.push(payload),
  open: () => (opened += 1),
};

function pointer(type: string, x: number, y: number, on: EventTarget = window): void {
  on.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1, clientX: x, clientY: y }));
  flushSync();
}

function key(on: EventTarget, name: string, modified = false): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key: name, ctrlKey: modified, bubbles: true, cancelable: true });
  on.dispatchEvent(event);
  flushSync();
  return event;
}

beforeEach(() => {
  vi.useFakeTimers();
  [under, dropped, opened, refuse] = [null, [], 0, null];
  row = document.createElement("div");
  place = document.createElement("div");
  const name = document.createElement("span");
  place.append(name);
  document.body.append(row, place);
  document.elementFromPoint = () => under;
  end = $effect.root(() => {
    draggable(() => image)(row);
    dropTarget(() => target)(place);
  });
  flushSync();
});

afterEach(() => {
  drag.cancel();
  drag.mark(null);
  end();
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("dragging by pointer", () => {
  it("begins after 4 px, not before", () => {
    pointer("pointerdown", 100, 100, row);
    pointer("pointermove", 103, 100);
    expect(drag.payload).toBeNull();
    pointer("pointermove", 104, 100);
    expect(drag.payload).toEqual(image);
    expect(place.dataset["drop"]).toBe("open");
  });

  it("begins after a quarter of a second held", () => {
    pointer("pointerdown", 100, 100, row);
    vi.advanceTimersByTime(249);
    expect(drag.payload).toBeNull();
    vi.advanceTimersByTime(1);
    expect(drag.payload).toEqual(image);
  });

  it("is a click where it is let go at once", () => {
    pointer("pointerdown", 100, 100, row);
    pointer("pointerup", 101, 100);
    vi.advanceTimersByTime(1000);
    expect(drag.payload).toBeNull();
    expect(dropped).toEqual([]);
  });

  it("leaves buttons of a row alone", () => {
    const button = document.createElement("button");
    row.append(button);
    pointer("pointerdown", 100, 100, button);
    pointer("pointermove", 200, 200);
    expect(drag.payload).toBeNull();
  });

  it("says what would happen, and drops there", () => {
    pointer("pointerdown", 100, 100, row);
    under = place.firstElementChild;
    pointer("pointermove", 20, 40);
    expect(place.dataset["drop"]).toBe("over");
    expect([drag.label, drag.refused]).toEqual(["Push to genomics/aligner", false]);
    pointer("pointerup", 20, 40);
    expect(dropped).toEqual([image]);
    expect(drag.payload).toBeNull();
    expect(place.dataset["drop"]).toBeUndefined();
  });

  it("says why not, and does not drop", () => {
    refuse = "You are signed out here";
    pointer("pointerdown", 100, 100, row);
    under = place;
    pointer("pointermove", 20, 40);
    expect(place.dataset["drop"]).toBe("closed");
    expect([drag.label, drag.refused]).toEqual([refuse, true]);
    pointer("pointerup", 20, 40);
    expect(dropped).toEqual([]);
  });

  it("ends with Escape, and nothing is dropped after it", () => {
    pointer("pointerdown", 100, 100, row);
    under = place;
    pointer("pointermove", 20, 40);
    expect(key(window, "Escape").defaultPrevented).toBe(true);
    pointer("pointerup", 20, 40);
    expect(dropped).toEqual([]);
  });

  it("opens what the pointer rests on for 600 ms, once", () => {
    pointer("pointerdown", 100, 100, row);
    under = place;
    pointer("pointermove", 20, 40);
    vi.advanceTimersByTime(599);
    pointer("pointermove", 21, 40);
    expect(opened).toBe(0);
    vi.advanceTimersByTime(1);
    expect(opened).toBe(1);
    vi.advanceTimersByTime(5000);
    expect(opened).toBe(1);
  });

  it("scrolls a list at its edge", () => {
    const list = document.createElement("div");
    list.dataset["scroll"] = "";
    list.getBoundingClientRect = () => ({ top: 0, bottom: 300 }) as DOMRect;
    document.body.append(list);
    list.append(place);
    pointer("pointerdown", 100, 100, row);
    under = place;
    pointer("pointermove", 20, 290);
    vi.advanceTimersByTime(64);
    expect(list.scrollTop).toBeGreaterThan(0);
  });

  it("does not click what lies under the release", () => {
    let clicks = 0;
    place.addEventListener("click", () => (clicks += 1));
    pointer("pointerdown", 100, 100, row);
    under = place;
    pointer("pointermove", 20, 40);
    pointer("pointerup", 20, 40);
    place.click();
    expect(clicks).toBe(0);
    vi.advanceTimersByTime(1);
    place.click();
    expect(clicks).toBe(1);
  });
});

describe("the same by keyboard", () => {
  it("marks with Ctrl X and drops with Ctrl V", () => {
    expect(key(row, "x", true).defaultPrevented).toBe(true);
    expect(drag.marked).toEqual(image);
    key(place, "v", true);
    expect(dropped).toEqual([image]);
    expect(drag.marked).toBeNull();
  });

  it("keeps the mark where a place refuses it", () => {
    refuse = "You are signed out here";
    key(row, "x", true);
    key(place, "v", true);
    expect(dropped).toEqual([]);
    expect(drag.marked).toEqual(image);
  });

  it("leaves cutting and pasting in a field alone", () => {
    const field = document.createElement("input");
    place.append(field);
    key(row, "x", true);
    expect(key(field, "v", true).defaultPrevented).toBe(false);
    expect(dropped).toEqual([]);
  });
});
