import { cleanup, render, screen } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { app } from "../app/state.svelte";
import type { RuleConsent, WatchView } from "../backend/backend";
import { isOverdue } from "./facts";
import { RepositoryMoves } from "./moves.svelte";
import WatchPart from "./WatchPart.svelte";

const watch = (changes: Partial<WatchView> = {}): WatchView => ({
  all: true,
  tags: [],
  askedAt: 1000,
  overdueAt: 1540,
  trouble: null,
  ...changes,
});
const rule: RuleConsent = { rule: "keep=push", keep: "push", rescue: true, author: "ana", answer: null };

async function shown(view: WatchView, consent: RuleConsent | null = null): Promise<void> {
  await started();
  const moves = new RepositoryMoves("registry.polly.example", "genomics/aligner");
  moves.watch = view;
  render(WatchPart, { moves, consent });
}

afterEach(cleanup);

describe("when a watched repository was last asked", () => {
  it("is overdue after its time, whether it was ever asked or not", () => {
    expect([1540, 1541].map((now) => isOverdue(watch(), now))).toEqual([false, true]);
    expect(isOverdue(watch({ askedAt: null }), 1541)).toBe(true);
    expect(isOverdue(watch({ overdueAt: null }), 1541)).toBe(false);
  });

  it("is told in amber, in a word and by a sign", async () => {
    await shown(watch({ overdueAt: 1540 }));
    expect(app.now).toBeGreaterThan(1540);
    const told = screen.getByTestId("watch-asked");
    expect(told.textContent).toContain("overdue");
    expect(told.classList.contains("overdue")).toBe(true);
    expect(told.querySelector("svg")?.getAttribute("aria-hidden")).toBe("true");
    const found = await axe.run(told.closest("section") as HTMLElement, {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("is quiet in time, and where nothing is watched", async () => {
    await started();
    await shown(watch({ overdueAt: app.now + 60 }));
    expect(screen.queryByTestId("watch-overdue")).toBeNull();
    cleanup();
    await shown(watch({ all: false, overdueAt: 1540 }));
    expect(screen.queryByTestId("watch-overdue")).toBeNull();
  });
});

describe("a rule that was not allowed on this computer", () => {
  it("is told beside the watch in the words of its question", async () => {
    await shown(watch(), rule);
    expect(screen.getByTestId("watch-rule").textContent).toContain("set by, it says, ana. Let this computer do so?");
    cleanup();
    await shown(watch(), { ...rule, answer: "allow" });
    expect(screen.queryByTestId("watch-rule")).toBeNull();
  });
});
