import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settle, started } from "../../test/start";
import type { KeepOrder, KeepView, PruneRow } from "../backend/backend";
import { digest } from "../fake/data";
import { problem, type FakeBackend } from "../fake/fake";
import { keepLine, pruneSpan, setBy } from "./facts";
import { HowLong, PrunePreview } from "./how-long.svelte";
import { KeepForm } from "./keep-form.svelte";
import KeepingSheets from "./KeepingSheets.svelte";
import { keepingSheet, openKeep, openPrune } from "./sheets.svelte";

const WHERE = { account: "registry.polly.example", repository: "genomics/aligner" };
const NOW = Date.parse("2026-11-21T10:00:00Z") / 1000;
const DAY = 86_400;
let backend: FakeBackend;

const keep = (changes: Partial<KeepView> = {}): KeepView => ({
  ...backend.abouts.keepOf("genomics/aligner"),
  ...changes,
});
const theirs = (): KeepView => keep({ rule: "overwrite", setBy: { kind: "repository", author: "ben" } });
const called = (name: string): unknown[][] =>
  backend.calls.filter(([call]) => call === name).map(([, ...given]) => given);
const ordered = (): KeepOrder => called("setKeep")[0]?.[0] as KeepOrder;
const click = (id: string): Promise<boolean> => fireEvent.click(screen.getByTestId(id));
const submit = (id: string): Promise<boolean> =>
  fireEvent.submit(screen.getByTestId(id).querySelector("form") as HTMLFormElement);

beforeEach(async () => {
  backend = await started();
});
afterEach(() => {
  cleanup();
  keepingSheet.close();
  vi.useRealTimers();
});

describe("the rule in one line", () => {
  it("tells what, how long, and who set it", () => {
    expect(keepLine(keep())).toBe("Nobody has said yet. The first push that moves a tag asks.");
    const ruled = keep({ rule: "overwrite", prune: { kind: "last", commits: 20 }, rescue: true });
    expect(keepLine(ruled)).toBe(
      "Keeps the old commit at each overwrite, the newest 20 of each tag, and what others displace",
    );
    expect(keepLine(keep({ rule: "off", prune: { kind: "days", days: 9 } }))).toBe("Keeps nothing");
    expect(keepLine(keep({ rule: "off", offForMe: true }))).toContain("Off, just for you");
    expect(setBy({ kind: "repository", author: "ben" })).toBe("set in the repository by, it says, ben");
    expect(setBy({ kind: "nobody" })).toBeNull();
  });

  it("tells when a commit was active", () => {
    const row = { commitTag: "x", tag: "v3", short: "aa", time: NOW - 49 * DAY, until: NOW - 12 * DAY, size: null };
    expect(pruneSpan(row, NOW, "UTC")).toBe("3 Oct to 9 Nov");
    expect(pruneSpan({ ...row, until: null }, NOW, "UTC")).toBe("since 3 Oct");
  });
});

describe("how long", () => {
  it.each([
    ["all", "", { kind: "all" }],
    ["last", "20", { kind: "last", commits: 20 }],
    ["last", "0", null],
    ["last", "", null],
    ["days", " 90 ", { kind: "days", days: 90 }],
    ["days", "1e3", null],
    ["days", "-1", null],
  ] as const)("%s %s", (kind, typed, value) => {
    const howLong = new HowLong({ kind: "all" });
    howLong.kind = kind;
    howLong.commits = typed;
    howLong.days = typed;
    expect(howLong.value).toEqual(value);
  });

  it("is asked for once after a pause, and an answer that comes late changes nothing", async () => {
    vi.useFakeTimers();
    const preview = new PrunePreview(WHERE);
    for (const commits of [1, 2, 3]) preview.ask({ kind: "last", commits });
    await vi.advanceTimersByTimeAsync(400);
    expect(called("planPrune").map(([, , prune]) => prune)).toEqual([{ kind: "last", commits: 3 }]);
    expect(preview.plan).not.toBeNull();
    preview.ask({ kind: "last", commits: 1 }, { now: true });
    preview.stop();
    await settle();
    expect([preview.plan, preview.planning]).toEqual([null, false]);
  });
});

describe("what is stored", () => {
  it("begins with the fitting rule, on this computer", async () => {
    const form = new KeepForm(WHERE, keep(), vi.fn());
    expect([form.choice, form.share, form.ready]).toEqual(["overwrite", false, true]);
    await form.submit();
    expect(ordered()).toEqual({ ...WHERE, rule: "overwrite", prune: { kind: "all" }, rescue: false, share: false });
  });

  it("begins with the repository's rule, for everyone; one that is not stored there changes nothing", () => {
    const form = new KeepForm(WHERE, theirs(), vi.fn());
    expect([form.choice, form.share]).toEqual(["overwrite", true]);
    form.choice = "push";
    form.share = false;
    expect([form.pointless, form.ready]).toEqual([true, false]);
    form.choice = "overwrite";
    form.rescue = true; // this much may be asked for oneself
    expect([form.pointless, form.ready]).toEqual([false, true]);
  });

  it("may be off just for oneself, and never touches the repository then", async () => {
    const form = new KeepForm(WHERE, theirs(), vi.fn());
    form.choice = "offForMe";
    await form.submit();
    expect(ordered()).toMatchObject({ rule: "off", share: false });
  });

  it("ends one's own off without writing to the repository", async () => {
    const form = new KeepForm(WHERE, keep({ rule: "off", setBy: { kind: "thisComputer" }, offForMe: true }), vi.fn());
    expect(form.choice).toBe("offForMe");
    form.choice = "overwrite";
    expect([form.share, form.pointless]).toEqual([false, false]);
    await form.submit();
    expect(ordered()).toMatchObject({ rule: "overwrite", share: false });
  });

  it("asks for no rescue and no time where nothing is kept", async () => {
    const form = new KeepForm(WHERE, keep(), vi.fn());
    form.rescue = true;
    form.howLong.kind = "last";
    form.howLong.commits = "none";
    expect(form.ready).toBe(false);
    form.choice = "off";
    expect(form.ready).toBe(true);
    await form.submit();
    expect(ordered()).toMatchObject({ rule: "off", rescue: false, prune: { kind: "all" } });
  });

  it("stays open with the reason where it failed", async () => {
    backend.failing.setKeep = problem("The registry refused the tag _about.");
    const done = vi.fn();
    const form = new KeepForm(WHERE, keep(), done);
    await form.submit();
    expect([form.problem?.message, form.busy]).toEqual(["The registry refused the tag _about.", false]);
    expect(done).not.toHaveBeenCalled();
  });
});

describe("the sheet", () => {
  async function open(view = keep()): Promise<void> {
    render(KeepingSheets);
    openKeep(WHERE, view);
    await waitFor(() => screen.getByTestId("keep-sheet"));
  }

  it("marks what fits, says what others see, what would go, and what is written", async () => {
    await open();
    const fits = screen.getAllByText("fits this registry").map((each) => each.parentElement?.textContent);
    expect(fits).toEqual([expect.stringContaining("At each overwrite")]);
    expect(document.activeElement).toBe(screen.getByTestId("rule-overwrite"));
    expect(screen.queryByTestId("keep-caution")).toBeNull();
    await click("keep-options");
    expect(screen.getByTestId("keep-caution").textContent).toContain("Everyone sees");
    await click("how-long-last");
    await fireEvent.input(screen.getByTestId("how-long-last-number"), { target: { value: "1" } });
    await waitFor(() =>
      expect(screen.getByTestId("keep-would").textContent).toBe("With this, 1 commit tag would go and 3 would stay."),
    );
    expect(screen.getByTestId("keep-where").textContent).toBe("It holds on this computer only.");
    await click("keep-share");
    expect(screen.getByTestId("keep-where").textContent).toContain("_about");
    await submit("keep-sheet");
    await waitFor(() => expect(screen.queryByTestId("keep-sheet")).toBeNull());
    expect(ordered()).toMatchObject({ rule: "overwrite", prune: { kind: "last", commits: 1 }, share: true });
  });

  it("offers off just for oneself only beside a rule of the repository", async () => {
    await open();
    expect(screen.queryByTestId("rule-off-for-me")).toBeNull();
    openKeep(WHERE, theirs());
    await waitFor(() => screen.getByTestId("rule-off-for-me"));
    await click("keep-share");
    await click("rule-push");
    expect(screen.getByTestId("keep-where").textContent).toContain("goes before this computer’s");
    expect(screen.getByTestId<HTMLButtonElement>("keep-go").disabled).toBe(true);
    await click("rule-off-for-me");
    expect(screen.queryByTestId("keep-share")).toBeNull();
    expect(screen.getByTestId<HTMLButtonElement>("keep-go").disabled).toBe(false);
  });

  it("says a number that is none, and copies the note for the team", async () => {
    await open();
    await click("keep-options");
    await fireEvent.input(screen.getByTestId("how-long-days-number"), { target: { value: "many" } });
    expect(screen.getByText("A whole number from 1 to 9999.")).toBeTruthy();
    expect(screen.getByTestId<HTMLInputElement>("how-long-days").checked).toBe(true);
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    await click("about-team-note");
    await waitFor(() => expect(writeText).toHaveBeenCalledWith(expect.stringContaining("_h.")));
    vi.unstubAllGlobals();
  });

  it("says where a rule that was meant for everyone could only be stored here", async () => {
    const setKeep = backend.setKeep;
    backend.setKeep = async (order) => {
      const view = await setKeep({ ...order, share: false });
      return { ...view, caution: `Stored on this computer: the registry refuses it. ${view.caution}` };
    };
    await open();
    await click("keep-share");
    await submit("keep-sheet");
    await waitFor(() => expect(screen.getByTestId("keep-told").textContent).toContain("the registry refuses it"));
    expect(screen.queryByTestId("keep-go")).toBeNull();
    await submit("keep-sheet");
    expect(screen.queryByTestId("keep-sheet")).toBeNull();
    expect(called("setKeep")).toHaveLength(1);
  });

  it("leaves with Escape, and has no fault a checker finds", async () => {
    await open(theirs());
    const rules = { "color-contrast": { enabled: false } };
    const found = await axe.run(screen.getByTestId("keep-sheet"), { rules });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
    await fireEvent.keyDown(screen.getByTestId("rule-push"), { key: "Escape" });
    expect(screen.queryByTestId("keep-sheet")).toBeNull();
    expect(called("setKeep")).toEqual([]);
  });
});

describe("pruning", () => {
  async function open(goes = "1 commit tag"): Promise<void> {
    render(KeepingSheets);
    openPrune(WHERE, { kind: "last", commits: 1 });
    await waitFor(() => expect(screen.getByTestId("prune-goes").textContent).toContain(goes));
  }
  const row = (short: string): PruneRow => ({
    ...{ commitTag: `_h.v3.20250101t000000z-${digest(short).slice(7)}`, tag: "v3", short },
    ...{ time: NOW - 900 * DAY, until: null, size: null },
  });

  it("shows what goes, what stays and how, and removes exactly that", async () => {
    await open();
    expect(screen.getByTestId("prune-list").textContent).toContain("b7d0036aa914");
    expect(screen.getByTestId("prune-stays").textContent).toBe("3 commit tags");
    expect(screen.getByTestId("prune-sheet").textContent).toContain("deletes by digest only");
    await click("prune-go");
    await waitFor(() => expect(screen.getByTestId("prune-done").textContent).toContain("1 commit tag removed."));
    const order = called("prune")[0]?.[0] as { commitTags: string[] };
    expect(order.commitTags).toEqual([expect.stringMatching(/^_h\.v3\..*-b7d0036aa914[0-9a-f]{52}$/)]);
  });

  it("keeps them with Enter: the destructive button is never the default", async () => {
    await open();
    expect(document.activeElement).toBe(screen.getByTestId("prune-cancel"));
    await submit("prune-sheet");
    expect(screen.queryByTestId("prune-sheet")).toBeNull();
    expect(called("prune")).toEqual([]);
  });

  it("asks anew when the time changes, and removes nothing where nothing goes", async () => {
    await open();
    await click("how-long-all");
    await waitFor(() => expect(screen.getByTestId("prune-goes").textContent).toContain("nothing"));
    expect(screen.getByTestId<HTMLButtonElement>("prune-go").disabled).toBe(true);
  });

  it("can be stopped, tells what went until then, and undoes it", async () => {
    backend.abouts.pruneRows["genomics/aligner"]?.push(row("b7d0036aa915"), row("b7d0036aa916"));
    backend.removals.held = true;
    const prune = backend.abouts.prune.bind(backend.abouts);
    backend.abouts.prune = (order) => {
      const failed = [{ name: "_h.v3.x", problem: problem("It points elsewhere now.", "tagMoved") }];
      return { ...prune(order), failed };
    };
    await open("3 commit tags");
    await click("prune-go");
    await waitFor(() => expect(screen.getByTestId("prune-count").textContent).toBe("0 of 3"));
    backend.removals.next();
    await waitFor(() => expect(screen.getByTestId("prune-count").textContent).toBe("1 of 3"));
    await click("prune-stop");
    await waitFor(() => expect(called("cancelTask")).toEqual([[backend.transfers.list()[0]?.id]]));
    expect(screen.getByTestId("prune-sheet").textContent).toContain("Stopping…");
    backend.removals.held = false;
    backend.removals.next();
    await waitFor(() => screen.getByTestId("prune-done"));
    expect(screen.getByTestId("prune-done").textContent).toContain("2 commit tags removed.");
    expect(screen.getByTestId("prune-sheet").textContent).toContain("It points elsewhere now.");
    expect(screen.getByTestId("prune-sheet").textContent).toContain("You stopped it: 1 left alone.");
    await click("prune-undo");
    await waitFor(() => expect(screen.getByTestId("prune-done").textContent).toContain("put back"));
    expect(backend.abouts.pruneRows["genomics/aligner"]).toHaveLength(6);
    expect(screen.queryByTestId("prune-undo")).toBeNull();
  });

  it("asks anew, with the reason, where it failed after it had begun", async () => {
    await open();
    backend.removals.failing = problem("Your sign-in is no longer accepted.", "signIn");
    await click("prune-go");
    await waitFor(() => expect(screen.getByTestId("problem").dataset["code"]).toBe("signIn"));
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("prune-go").disabled).toBe(false));
  });

  it("says why nothing can be removed here, and what went wrong", async () => {
    backend.abouts.planPrune = () => ({ goes: [], stays: 4, how: null, impossible: "Deleting is switched off here." });
    render(KeepingSheets);
    openPrune(WHERE, { kind: "all" });
    await waitFor(() => expect(screen.getByTestId("prune-impossible").textContent).toContain("switched off"));
    backend.failing.planPrune = problem("It does not answer.");
    await click("how-long-days");
    await waitFor(() => expect(screen.getByTestId("problem").textContent).toContain("It does not answer."));
    expect(screen.getByTestId<HTMLButtonElement>("prune-go").disabled).toBe(true);
  });

  it("has no fault a checker finds", async () => {
    await open();
    const rules = { "color-contrast": { enabled: false } };
    const found = await axe.run(screen.getByTestId("prune-sheet"), { rules });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });
});
