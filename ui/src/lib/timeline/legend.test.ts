import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { flushSync } from "svelte";
import { describe, expect, it } from "vitest";
import { ALIGNER, row, rows, shorts, shown } from "../../test/timeline-page";

const lane = (tag: string): HTMLElement => {
  const found = screen.getAllByTestId("timeline-lane").find((each) => each.dataset["tag"] === tag);
  if (!found) throw new Error(`no lane ${tag}`);
  return found;
};
const plain = (text: string | null | undefined): string => (text ?? "").replace(/[\u202f\u00a0]/g, " ");
const told = (short: string): string => plain(within(row(short)).getByTestId("timeline-told").textContent);
const labels = (short: string): string[] =>
  [...row(short).querySelectorAll(".tag.top")].map((each) => each.textContent?.trim() ?? "");

describe("the legend of the lanes", () => {
  it("lights a lane while its name is under the pointer or has the focus", async () => {
    await shown();
    const grid = screen.getByTestId("timeline");
    await fireEvent.pointerEnter(lane("nightly"));
    expect(grid.classList.contains("lit-2")).toBe(true);
    expect(lane("nightly").classList.contains("lit")).toBe(true);
    await fireEvent.pointerLeave(lane("nightly"));
    expect(grid.className).not.toContain("lit-");
    lane("v3").focus();
    flushSync();
    expect(grid.classList.contains("lit-0")).toBe(true);
    expect(lane("rc").title).toContain("no longer has this tag");
    expect(lane("v3").getAttribute("aria-label")).toBe("Lane: v3");
  });

  it("is one stop of Tab, and leads to the topmost commit of a lane", async () => {
    await shown();
    const stops = (): number => screen.getAllByTestId("timeline-lane").filter((each) => each.tabIndex === 0).length;
    expect(stops()).toBe(1);
    lane("v3").focus();
    await fireEvent.keyDown(lane("v3"), { key: "ArrowRight" });
    expect(document.activeElement).toBe(lane("latest"));
    flushSync();
    expect(stops()).toBe(1);
    await fireEvent.click(lane("nightly"));
    await waitFor(() => expect(document.activeElement).toBe(row("ee10b2947d35")));
  });

  it("has the name of each lane at its topmost dot as well, with a line that leads to it", async () => {
    await shown();
    expect(labels("8c41f09be2d7")).toEqual(["v3", "latest"]);
    expect(row("8c41f09be2d7").querySelectorAll(".leader")).toHaveLength(1);
    expect(labels("ee10b2947d35")).toEqual(["nightly"]);
    expect(labels("a60c1d7be920")).toEqual([]);
    expect(row("a60c1d7be920").querySelectorAll(".leader")).toHaveLength(0);
  });

  it("stays readable with eight long tags: the start and the end of each name stand", async () => {
    const long = (n: number): string => `release-candidate-of-the-summer-campaign-2026-number-${n}`;
    await shown((made) => {
      made.history.moves[ALIGNER] = Array.from({ length: 8 }, (_, n) => ({
        tags: [long(n)],
        start: `aaaaaaaaaa0${n}`,
        at: made.now - n * 100,
        size: 1000,
      }));
    });
    await waitFor(() => expect(shorts()[0]).toBe("aaaaaaaaaa00"));
    expect(screen.getAllByTestId("timeline-lane")).toHaveLength(8);
    const ends = screen.getAllByTestId("timeline-lane").map((each) => each.querySelector(".end")?.textContent);
    expect(ends[7]).toBe("-number-7");
    expect(new Set(ends).size).toBe(8);
    expect(labels("aaaaaaaaaa07")).toEqual([long(7)]);
  });
});

describe("a row of the timeline", () => {
  it("says what changed against the one before it, and who tells of it", async () => {
    await shown();
    expect(told("8c41f09be2d7")).toContain("412.6 MB (+0.7 MB) · seen here");
    expect(told("ee10b2947d35")).toContain("415.2 MB (same size)");
    expect(told("2e04bfa1e576")).toContain("411.9 MB (+9.6 MB)");
    // What stands before it is gone, and its size is not known.
    expect(told("b7d0036aa914")).toContain("402.3 MB ·");
    for (const each of rows()) {
      expect(told(each.dataset["short"] ?? ""), each.dataset["short"]).toMatch(
        /seen here|commit tag|image label|imported|import says so|registry/,
      );
    }
  });

  it("has a spoken name, with how far behind its tag is what this computer holds", async () => {
    await shown();
    const aloud = (short: string): string => plain(row(short).getAttribute("aria-label"));
    expect(aloud("8c41f09be2d7")).toMatch(/^v3, latest, 8c41f09be2d7, active, on this computer, /);
    expect(aloud("2e04bfa1e576")).toMatch(/^v3, 2e04bfa1e576, kept, /);
    expect(aloud("3b90c51e7f06")).toContain("on this computer, 6 days behind v2");
    expect(row("3b90c51e7f06").textContent).toContain("6 days behind v2");
    expect(aloud("51e9c7d2f083")).toContain("gone");
  });
});

describe("the picture of the sizes over time", () => {
  it("stands beside the list, with numbers under the pointer and as a table", async () => {
    const { view } = await shown();
    await fireEvent.click(row("2e04bfa1e576"));
    const chart = screen.getByTestId("size-chart");
    const picture = within(chart).getByRole("img");
    expect(plain(picture.getAttribute("aria-label"))).toMatch(
      /^Sizes of v3 over time: 3 versions, 402\.3 MB to 412\.6 MB, /,
    );
    expect(plain(screen.getByTestId("size-told").textContent)).toContain("411.9 MB");
    picture.getBoundingClientRect = () => ({ left: 100, width: 292 }) as DOMRect;
    picture.dispatchEvent(new MouseEvent("pointermove", { bubbles: true, clientX: 101 }));
    flushSync();
    expect(plain(screen.getByTestId("size-told").textContent)).toMatch(/402\.3 MB.*b7d0036aa914/);
    await fireEvent.pointerLeave(picture);
    expect(plain(screen.getByTestId("size-told").textContent)).toContain("411.9 MB");
    const details = chart.querySelector("details") as HTMLDetailsElement;
    expect(within(chart).queryByRole("table")).toBeNull();
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
    flushSync();
    const cells = [...chart.querySelectorAll("tbody tr")].map((each) => plain(each.textContent));
    expect(cells).toHaveLength(3);
    expect(cells[0]).toMatch(/8c41f09be2d7\s*412\.6 MB/);
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  }, 30_000);

  it("is not there for a tag of one known size", async () => {
    await shown();
    await fireEvent.click(row("c3b5518e0a62"));
    expect(screen.getByTestId("commit-panel")).toBeTruthy();
    expect(screen.queryByTestId("size-chart")).toBeNull();
  });
});
