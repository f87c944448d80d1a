import { afterEach, describe, expect, it, vi } from "vitest";
import { watchSize, type Size } from "./last-size";

/** Changes the size of everything, and tells who watches. */
function sized(width: number): { told: () => void } {
  const watchers: (() => void)[] = [];
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(told: () => void) {
        watchers.push(told);
      }
      observe(): void {
        // What is watched is told by `told`.
      }
      disconnect(): void {
        watchers.length = 0;
      }
    },
  );
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(width);
  return { told: () => watchers.forEach((told) => told()) };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("the size of a list", () => {
  it("is at once what it was of the last one of its kind, without asking, and then what it is", () => {
    const widths: number[] = [];
    const tell = ({ width }: Size): void => void widths.push(width);
    const element = document.createElement("div");
    const { told } = sized(700);
    watchSize(element, "grid tags", tell)();
    expect(widths).toEqual([700]);

    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(500);
    const end = watchSize(element, "grid tags", tell);
    expect(widths).toEqual([700, 700]);
    told();
    expect(widths).toEqual([700, 700, 500]);
    end();
    told();
    expect(widths).toHaveLength(3);

    // Another kind, or none, is measured.
    watchSize(element, "grid images", tell)();
    watchSize(element, null, tell)();
    expect(widths.slice(3)).toEqual([500, 500]);
  });

  it("of one that isn't on show is not what the next one has", () => {
    const widths: number[] = [];
    const tell = ({ width }: Size): void => void widths.push(width);
    sized(0);
    watchSize(document.createElement("div"), "grid tags", tell)();
    sized(640);
    watchSize(document.createElement("div"), "grid tags", tell)();
    expect(widths).toEqual([0, 640]);
  });
});
