import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { describe, expect, it } from "vitest";
import { ALIGNER, called, known, rest, rows, shorts, shown } from "../../test/timeline-page";
import { type FakeBackend } from "../fake/fake";
import { manyMoves } from "../fake/history";

describe("five thousand commits of three hundred tags", () => {
  const many = (made: FakeBackend): void => {
    made.history.moves[ALIGNER] = manyMoves(made.now, 5000, 300);
  };

  it("keep fewer than a hundred rows in the document, wherever one is", async () => {
    await shown(many);
    const scroller = screen.getByTestId("timeline").querySelector<HTMLElement>("[data-scroll]");
    if (!scroller) throw new Error("no scroller");
    const high = Number.parseInt(scroller.querySelector<HTMLElement>("[role=presentation]")?.style.height ?? "", 10);
    expect(high).toBe(5000 * 48 + 124 * 30);
    const seen = new Set<string>();
    for (const part of [0, 0.13, 0.5, 0.77, 1]) {
      scroller.scrollTop = Math.round(part * (high - 600));
      scroller.dispatchEvent(new Event("scroll"));
      await Promise.resolve();
      flushSync();
      expect(document.querySelectorAll("[role=row]").length).toBeGreaterThan(10);
      expect(document.querySelectorAll("[role=row]").length).toBeLessThanOrEqual(100);
      expect(document.querySelectorAll("svg.lanes").length).toBeLessThanOrEqual(100);
      for (const short of shorts()) seen.add(short);
    }
    expect(seen.size).toBeGreaterThan(60);
    expect(screen.getByTestId("timeline").getAttribute("aria-rowcount")).toBe("5124");
  });

  it("stand where their heights say, gaps being lower than rows", async () => {
    await shown(many);
    const scroller = screen.getByTestId("timeline").querySelector<HTMLElement>("[data-scroll]");
    if (!scroller) throw new Error("no scroller");
    const top = 120 * 48; // a gap stands after every forty rows
    scroller.scrollTop = top;
    scroller.dispatchEvent(new Event("scroll"));
    await Promise.resolve();
    flushSync();
    const places = [...scroller.querySelectorAll<HTMLElement>(".place")].map((place) => ({
      top: Number(/translateY\((\d+)px\)/.exec(place.style.transform)?.[1]),
      high: Number.parseInt(place.style.height, 10),
      gap: place.querySelector("[data-testid=timeline-gap]") !== null,
    }));
    const near = places.filter((place) => place.top > 0);
    expect(near.some((place) => place.gap)).toBe(true);
    for (const place of near) expect(place.high).toBe(place.gap ? 30 : 48);
    near.slice(1).forEach((place, n) => expect(place.top).toBe((near[n]?.top ?? 0) + (near[n]?.high ?? 0)));
    expect(near.some((place) => place.top <= top && place.top + place.high > top)).toBe(true);
    // Below the fortieth and the eightieth row: two gaps further down than rows alone would be.
    const row121 = places.find((place) => place.top === 120 * 48 + 3 * 30);
    expect(row121).toMatchObject({ high: 48, gap: false });
  });

  it("give some tags lanes of their own, and list them all in the choice, virtual too", async () => {
    await shown(many);
    expect(screen.getAllByTestId("timeline-lane")).toHaveLength(8);
    await fireEvent.click(screen.getByTestId("timeline-tags"));
    await waitFor(() => expect(screen.getAllByTestId("timeline-tag-option").length).toBeGreaterThan(5));
    expect(screen.getAllByTestId("timeline-tag-option").length).toBeLessThan(60);
    await fireEvent.input(screen.getByTestId("timeline-tags-find"), { target: { value: "t123" } });
    await fireEvent.keyDown(screen.getByTestId("timeline-tags-find"), { key: "Enter" });
    await waitFor(() =>
      expect(screen.getAllByTestId("timeline-lane").map((each) => each.textContent?.trim())).toEqual(["t123"]),
    );
    expect(rows().every((each) => each.dataset["tags"] === "t123")).toBe(true);
    expect(screen.getByTestId("timeline-tags").textContent).toContain("t123");
    await fireEvent.input(screen.getByTestId("timeline-tags-find"), { target: { value: "" } });
    await fireEvent.click(screen.getAllByTestId("timeline-tag-option")[0] as HTMLElement);
    await waitFor(() => expect(screen.getByTestId("timeline-tags").textContent).toContain("2 tags"));
    await fireEvent.click(screen.getByTestId("timeline-tags-all"));
    expect(screen.getByTestId("timeline-tags").textContent).toContain("All tags");
    expect(screen.getAllByTestId("timeline-lane")).toHaveLength(8);
  });

  it("ask only for what is in sight, together, and never twice", async () => {
    const { backend } = await shown(many);
    await waitFor(() => expect(called(backend, "askCommits").length).toBe(1));
    const [, , first] = called(backend, "askCommits")[0] as [string, string, string[]];
    expect(first.length).toBeGreaterThan(5);
    expect(first.length).toBeLessThanOrEqual(50);
    await waitFor(() => expect(known()).toMatch(/^\d+ of 5 000 can be pulled · 4 \d+ not asked$/));
    const scroller = screen.getByTestId("timeline").querySelector<HTMLElement>("[data-scroll]");
    if (!scroller) throw new Error("no scroller");
    for (const top of [48 * 300, 48 * 900, 0]) {
      scroller.scrollTop = top;
      scroller.dispatchEvent(new Event("scroll"));
      await rest(20);
    }
    await rest(250);
    const asked = called(backend, "askCommits").flatMap(([, , commits]) => commits as string[]);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBeLessThan(100);
  });
});
