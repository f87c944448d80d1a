import { render, screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { commitRow } from "../../test/rows";
import type { CommitRow } from "../backend/backend";
import { digest } from "../fake/data";
import CommitFacts from "./CommitFacts.svelte";

const TAG = `_h.v3.20261121t071204z-${digest("b7d0036aa914").slice(7)}`;

function shown(changes: Partial<CommitRow>): void {
  render(CommitFacts, { row: commitRow("b7d0036aa914", { commitTag: TAG, kept: false, ...changes }) });
}
const said = (testid: string): string => screen.getByTestId(testid).textContent?.replace(/\s+/g, " ").trim() ?? "";

describe("the facts of a commit", () => {
  it("tell what a commit tag claims as its claim, before it was asked", () => {
    shown({ claims: digest("b7d0036aa914"), sources: ["commitTag"] });
    expect(said("panel-claims")).toBe(digest("b7d0036aa914"));
    expect(said("panel-claim")).toBe("only a commit tag says so");
    expect(said("panel-kept")).toBe(`not asked yet; a commit tag says so${TAG}`);
  });

  it("tell what was seen here against a claim", () => {
    shown({ contradicted: true, sources: ["commitTag"] });
    expect(said("panel-claim")).toBe("a commit tag says so, but another commit was seen here then");
  });

  it("tell that it is kept only where its commit tag showed this very commit", () => {
    shown({ digest: digest("b7d0036aa914"), kept: true, sources: ["seenHere", "commitTag"] });
    expect(said("panel-kept")).toBe(`yes, by its commit tag${TAG}`);
    expect(screen.queryByTestId("panel-claim")).toBeNull();
  });

  it("tell of no keeping where its commit tag points at something else", () => {
    shown({ mismatch: true, sources: ["commitTag"] });
    expect(said("panel-kept")).toBe(`no${TAG} its commit tag points at something else now`);
  });
});
