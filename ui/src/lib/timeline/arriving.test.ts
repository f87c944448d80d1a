import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import {
  ALIGNER,
  called,
  hover,
  near,
  POLLY,
  rest,
  row,
  rows,
  shorts,
  shown,
  stale,
  type,
} from "../../test/timeline-page";
import { said } from "../acts/said.svelte";
import { digest } from "../fake/data";
import { problem } from "../fake/fake";
import { manyMoves } from "../fake/history";

describe("what comes while one looks", () => {
  const newest = { tags: ["v3"], start: "feedfeed0001", at: 0, by: "ben", size: 1 };

  it("waits while the pointer is over the rows, is offered, and comes when it has left", async () => {
    const { backend } = await shown();
    await rest();
    const before = shorts();
    const grid = screen.getByTestId("timeline");
    hover();
    backend.history.moves[ALIGNER]?.unshift({ ...newest, at: backend.now });
    backend.emit(stale);
    await waitFor(() => expect(screen.getByTestId("timeline-newer").textContent).toContain("1 newer"));
    expect(shorts()).toEqual(before);
    await fireEvent.pointerLeave(grid);
    await waitFor(() => expect(shorts()[0]).toBe("feedfeed0001"));
    expect(screen.queryByTestId("timeline-newer")).toBeNull();

    hover();
    backend.history.moves[ALIGNER]?.unshift({ ...newest, start: "feedfeed0002", at: backend.now + 1 });
    backend.emit(stale);
    await waitFor(() => expect(screen.getByTestId("timeline-newer")).toBeTruthy());
    await fireEvent.click(screen.getByTestId("timeline-show-newer"));
    await waitFor(() => expect(shorts()[0]).toBe("feedfeed0002"));
    // The button is gone; the keyboard goes on in the list.
    await waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("row"));
  });

  it("waits for no pointer at rest once one has done something oneself", async () => {
    const { backend } = await shown();
    await rest();
    const grid = screen.getByTestId("timeline");
    hover();
    backend.history.moves[ALIGNER]?.unshift({ ...newest, at: backend.now });
    backend.emit(stale);
    await waitFor(() => expect(screen.getByTestId("timeline-newer")).toBeTruthy());
    said.say({ text: "v3 points at feedfeed0001 now." });
    await waitFor(() => expect(shorts()[0]).toBe("feedfeed0001"));
    // A sheet that closes brings the same point over the rows again.
    for (const type of ["pointerenter", "pointermove"]) {
      grid.dispatchEvent(new MouseEvent(type, { screenX: 300, screenY: 400 }));
    }
    backend.history.moves[ALIGNER]?.unshift({ ...newest, start: "feedfeed0002", at: backend.now + 1 });
    backend.emit(stale);
    await waitFor(() => expect(shorts()[0]).toBe("feedfeed0002"));
    said.dismiss();
  });

  it("waits for no pointer that was over rows the filter took away", async () => {
    const { backend } = await shown();
    hover();
    await type("zebra");
    await waitFor(() => expect(screen.getByTestId("timeline-none")).toBeTruthy());
    await type("");
    backend.history.moves[ALIGNER]?.unshift({ ...newest, at: backend.now });
    backend.emit(stale);
    await waitFor(() => expect(shorts()[0]).toBe("feedfeed0001"));
  });

  it("draws new facts of rows that stay at once, though the pointer is over them", async () => {
    const { backend } = await shown();
    await rest();
    hover();
    const move = backend.history.moves[ALIGNER]?.find((each) => each.start === "a60c1d7be920");
    if (move) move.by = "dora";
    backend.emit(stale);
    await waitFor(() => expect(row("a60c1d7be920").textContent).toContain("dora"));
    expect(screen.queryByTestId("timeline-newer")).toBeNull();
  });

  it("is read once more only, however often it is said to be stale, and not for another repository", async () => {
    const { backend } = await shown();
    await rest();
    const before = called(backend, "timeline").length;
    backend.emit({ ...stale, what: { ...stale.what, repository: "other/one" } });
    await rest();
    expect(called(backend, "timeline")).toHaveLength(before);
    for (let n = 0; n < 20; n += 1) {
      backend.emit(stale);
      backend.emit({ kind: "stale", what: { of: "commits", account: POLLY, repository: ALIGNER, tag: "v3" } });
    }
    await rest();
    expect(called(backend, "timeline").length - before).toBeLessThanOrEqual(2);
  });

  it("is read again where a tag turns out to point at a commit it does not show, and only then", async () => {
    const { backend } = await shown();
    await rest();
    const before = called(backend, "timeline").length;
    const v3 = backend.tagRows[ALIGNER]?.[0];
    if (!v3) throw new Error("no tag");
    backend.emit({ kind: "tagFilled", account: POLLY, repository: ALIGNER, row: v3 });
    await rest(800);
    expect(called(backend, "timeline")).toHaveLength(before);
    const moved = { ...v3, digest: digest("feedfeed0001") };
    for (let n = 0; n < 5; n += 1) backend.emit({ kind: "tagFilled", account: POLLY, repository: ALIGNER, row: moved });
    await waitFor(() => expect(called(backend, "timeline")).toHaveLength(before + 1), { timeout: 3000 });
  });

  it("keeps the focus on its row, and the rows where they are on screen", async () => {
    const { backend } = await shown((made) => {
      made.history.moves[ALIGNER] = manyMoves(made.now - 50_000_000, 500, 20);
    });
    await rest();
    const scroller = screen.getByTestId("timeline").querySelector<HTMLElement>("[data-scroll]");
    if (!scroller) throw new Error("no scroller");
    scroller.scrollTop = 4810;
    scroller.dispatchEvent(new Event("scroll"));
    await rest(20);
    const focused = rows()[8] as HTMLElement;
    focused.focus();
    backend.history.moves[ALIGNER]?.unshift(
      { tags: ["t1"], start: "feedfeed0001", at: backend.now - 100 },
      { tags: ["t1"], start: "feedfeed0002", at: backend.now - 200 },
    );
    backend.emit(stale);
    // Two rows, and the gap between them and what was newest before.
    await waitFor(() => expect(scroller.scrollTop).toBe(4810 + 2 * 48 + 30));
    expect(document.activeElement).toBe(focused);
  });

  it("mends rows in place with what the registry tells: digest, reach, size", async () => {
    const { backend } = await shown();
    backend.emit({
      kind: "reached",
      account: POLLY,
      repository: ALIGNER,
      facts: [
        {
          of: digest("a60c1d7be920"),
          digest: digest("a60c1d7be920"),
          reach: { kind: "gone", since: 1, restorableUntil: null },
          kept: false,
          mismatch: false,
          size: 1,
          platforms: [],
        },
      ],
    });
    await waitFor(() => expect(row("a60c1d7be920").dataset["reach"]).toBe("gone"));
    expect(row("a60c1d7be920").textContent).toContain("gone");
  });

  it("completes a commit known by its commit tag alone, and shows one that lies as such", async () => {
    const { backend } = await shown((made) => {
      made.history.moves[ALIGNER] = [
        { tags: ["v3"], start: "aaaaaaaaaaaa", at: made.now - 100 },
        { tags: ["v3"], start: "bbbbbbbbbbbb", at: made.now - 200, kept: true, part: true },
        { tags: ["v3"], start: "cccccccccccc", at: made.now - 300, kept: true, part: true, lie: true },
      ];
    });
    expect(row("bbbbbbbbbbbb").dataset["digest"]).toBe("");
    await waitFor(() => expect(row("bbbbbbbbbbbb").dataset["digest"]).toBe(digest("bbbbbbbbbbbb")));
    expect(row("cccccccccccc").textContent).toContain("does not match");
    expect(row("cccccccccccc").dataset["digest"]).toBe("");
    expect(within(await near("cccccccccccc")).getByTestId("timeline-menu")).toBeTruthy();
    expect(within(row("cccccccccccc")).queryByTestId("pull-commit")).toBeNull();
    expect(called(backend, "askCommits")[0]?.[2]).toEqual([
      expect.stringMatching(/^_h\.v3\./),
      expect.stringMatching(/^_h\.v3\./),
    ]);
  });

  it("asks nothing where nobody is signed in, and says why asking failed where somebody is", async () => {
    const { backend } = await shown((made) => {
      made.accountRows = made.accountRows.map((each) => ({ ...each, state: "signedOut" as const }));
    });
    await rest(250);
    expect(called(backend, "askCommits")).toEqual([]);
    cleanup();
    const second = await shown((made) => (made.failing = { askCommits: problem("The registry does not answer.") }));
    await waitFor(() => expect(screen.getByTestId("timeline-problem").textContent).toContain("does not answer"));
    second.backend.failing = {};
    const asked = called(second.backend, "askCommits").length;
    await fireEvent.click(within(screen.getByTestId("timeline-problem")).getByText("Try again"));
    await waitFor(() => expect(called(second.backend, "askCommits").length).toBeGreaterThan(asked));
    await waitFor(() => expect(screen.queryByTestId("timeline-problem")).toBeNull());
  });
});
