import { render } from "@testing-library/svelte";
import { createRawSnippet, flushSync, tick } from "svelte";
import { describe, expect, it } from "vitest";
import VirtualList from "./VirtualList.svelte";

const rows = Array.from({ length: 10_000 }, (_, n) => `tool-${n}`);
const row = createRawSnippet<[string, number]>((item) => ({ render: () => `<p class="row">${item()}</p>` }));

function list(changes: Record<string, unknown> = {}) {
  const made = render(VirtualList, {
    items: rows,
    key: (item: unknown) => String(item),
    size: 28,
    row: row as never,
    ...changes,
  });
  flushSync();
  return { ...made, drawn: () => [...made.container.querySelectorAll(".row")].map((one) => one.textContent) };
}

describe("a virtual list", () => {
  it("draws few of 10 000 rows, in a space as high as all", () => {
    const { drawn, container } = list();
    expect(drawn()[0]).toBe("tool-0");
    expect(drawn().length).toBeGreaterThan(20);
    expect(drawn().length).toBeLessThan(50);
    expect(container.querySelector<HTMLElement>("[data-scroll] > div")?.style.height).toBe("280000px");
  });

  it("draws what is scrolled to", async () => {
    const { drawn, container } = list();
    const scroller = container.querySelector<HTMLElement>("[data-scroll]");
    if (!scroller) throw new Error("no scroller");
    scroller.scrollTop = 28 * 5000;
    scroller.dispatchEvent(new Event("scroll"));
    await Promise.resolve();
    flushSync();
    expect(drawn()).toContain("tool-5000");
    expect(drawn()).not.toContain("tool-0");
    expect(drawn().length).toBeLessThan(50);
  });

  it("keeps the row drawn that holds the focus", () => {
    expect(list({ keep: 9000 }).drawn()).toContain("tool-9000");
  });

  it("leaves the focus on a row that is put in another place", async () => {
    const focusable = createRawSnippet<[string, number]>((item) => ({
      render: () => `<p tabindex="0" class="row">${item()}</p>`,
    }));
    const { rerender, container } = list({ items: rows.slice(0, 6), row: focusable });
    const second = container.querySelectorAll<HTMLElement>(".row")[1];
    second?.focus();
    expect(document.activeElement).toBe(second);
    const order = [0, 2, 3, 4, 5, 1];
    await rerender({ items: order.map((at) => rows[at] ?? "") });
    await tick();
    expect([...container.querySelectorAll(".row")].at(-1)?.contains(document.activeElement)).toBe(true);
  });

  it("takes heights that differ from row to row", () => {
    const size = (item: unknown): number => (item === "tool-0" ? 100 : 28);
    const { container } = list({ items: rows.slice(0, 3), size });
    expect(container.querySelector<HTMLElement>("[data-scroll] > div")?.style.height).toBe("156px");
  });

  it("tells which rows can be seen", () => {
    const seen: [number, number][] = [];
    list({ onrange: (first: number, last: number) => seen.push([first, last]) });
    expect(seen[0]?.[0]).toBe(0);
    expect(seen[0]?.[1]).toBeLessThan(30);
  });

  it("tells it again when other rows come to stand there", async () => {
    let told = 0;
    const { rerender } = list({ onrange: () => (told += 1) });
    const before = told;
    await rerender({ items: [...rows].reverse() });
    flushSync();
    expect(told).toBe(before + 1);
  });

  it("follows its items", async () => {
    const { drawn, rerender } = list();
    await rerender({ items: ["only"] });
    flushSync();
    expect(drawn()).toEqual(["only"]);
  });
});
