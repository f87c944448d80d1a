import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { createRawSnippet, flushSync } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Column, Layout } from "./columns";
import Grid from "./Grid.svelte";
import { widths } from "./widths.svelte";

const row = createRawSnippet<[string, number, Layout]>((item) => ({
  render: () => `<div role="row" tabindex="-1"><span role="rowheader">${item()}</span></div>`,
}));

function grid(changes: Partial<Column> = {}) {
  const onsort = vi.fn();
  const columns: Column[] = [
    { id: "icon", label: null, width: 20 },
    {
      id: "name",
      label: "Name",
      width: 100,
      least: 80,
      needs: 120,
      drawn: true,
      sort: "ascending",
      onsort,
      ...changes,
    },
    { id: "size", label: "Size", width: 90, least: 60, drawn: true, goes: 1 },
    { id: "acts", label: "More", quiet: true, width: 52, grows: true },
  ];
  const onmove = vi.fn();
  render(Grid, {
    name: "things",
    columns,
    items: ["a", "b"],
    key: (item: unknown) => String(item),
    at: 0,
    reading: null,
    none: null,
    onmove,
    oncursor: () => undefined,
    onkey: () => false,
    testid: "things",
    row: row as never,
  });
  flushSync();
  return { onsort, onmove };
}
const head = (id: string): HTMLElement => screen.getByTestId(`column-${id}`);
const template = (): string => screen.getByTestId("things").style.getPropertyValue("--columns");
const press = (id: string, key: string, shiftKey = false): Promise<boolean> =>
  fireEvent.keyDown(head(id), { key, shiftKey });

afterEach(() => {
  cleanup();
  widths.restore([]);
  widths.onchange = null;
});

describe("the head of a table", () => {
  it("orders by a press, by Enter and by Space, and says how it is ordered", async () => {
    const { onsort } = grid({ next: "Order by: Name, from the end" });
    expect(head("name").getAttribute("aria-sort")).toBe("ascending");
    expect(head("size").hasAttribute("aria-sort")).toBe(false);
    expect(head("name").title).toBe("Order by: Name, from the end");
    await fireEvent.click(head("name"));
    await press("name", "Enter");
    await press("name", " ");
    expect(onsort).toHaveBeenCalledTimes(3);
  });

  it("is one stop of Tab, gone along with the arrows; down from it come the rows", async () => {
    const { onmove } = grid();
    const stops = (): number[] => ["name", "size"].map((id) => head(id).tabIndex);
    expect(stops()).toEqual([0, -1]);
    expect(head("acts").hasAttribute("tabindex")).toBe(false);
    head("name").focus();
    await press("name", "ArrowRight");
    expect(document.activeElement).toBe(head("size"));
    flushSync();
    expect(stops()).toEqual([-1, 0]);
    await press("size", "ArrowRight");
    expect(document.activeElement).toBe(head("size"));
    await press("size", "ArrowDown");
    expect(onmove).not.toHaveBeenCalled();
  });

  it("is drawn wider by keys, within bounds, said aloud, remembered, and let be as before", async () => {
    const kept = vi.fn();
    widths.onchange = kept;
    grid();
    expect(template()).toBe("20px 120px 90px minmax(52px, 1fr)");
    await press("name", "ArrowRight", true);
    flushSync();
    expect(template()).toContain("136px");
    expect(screen.getByRole("status").textContent).toContain("136 pixels");
    expect(kept).toHaveBeenLastCalledWith([{ table: "things", column: "name", width: 136 }]);
    for (let n = 0; n < 9; n += 1) await press("name", "ArrowLeft", true);
    flushSync();
    expect(template()).toContain("20px 80px");
    await press("name", "Delete");
    flushSync();
    expect(template()).toContain("120px");
    expect(kept).toHaveBeenLastCalledWith([]);
  });

  it("is drawn wider by its edge, which orders nothing, and a double press lets it be as before", async () => {
    const { onsort } = grid();
    const edge = screen.getByTestId("edge-name");
    const pointer = (type: string, clientX: number): boolean =>
      edge.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, button: 0, clientX }));
    pointer("pointermove", 900);
    flushSync();
    expect(template()).toContain("120px");
    pointer("pointerdown", 100);
    pointer("pointermove", 185);
    pointer("pointerup", 185);
    pointer("pointermove", 400);
    await fireEvent.click(edge);
    flushSync();
    expect(template()).toContain("205px");
    await fireEvent.dblClick(edge);
    flushSync();
    expect(template()).toContain("120px");
    expect(onsort).not.toHaveBeenCalled();
  });

  it("keeps the widths of each table for itself", () => {
    widths.restore([
      { table: "things", column: "size", width: 200 },
      { table: "others", column: "name", width: 300 },
    ]);
    grid();
    expect(template()).toBe("20px 120px 200px minmax(52px, 1fr)");
  });
});
