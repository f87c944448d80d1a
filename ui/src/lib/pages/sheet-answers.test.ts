// Who has not answered, in each sheet that waits for what a registry says.

import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { acts, openDelete, openMakeActive } from "../acts/acts.svelte";
import ActSheets from "../acts/ActSheets.svelte";
import type { Silence, Whom } from "../backend/backend";
import { digest } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { problem } from "../fake/problem";
import KeepingSheets from "../keeping/KeepingSheets.svelte";
import { keepingSheet, openKeep, openPrune } from "../keeping/sheets.svelte";
import { push } from "../push/push.svelte";
import PushSheets from "../push/PushSheets.svelte";

const POLLY = "registry.polly.example";
const at = { account: POLLY, repository: "genomics/aligner" };
const whom: Whom = { of: "account", account: POLLY };
const ended = problem("You stopped waiting for an answer.", "ended");
const late = problem("It can’t be reached.", "noAnswer", { hints: ["Check the network."] });
const trouble: Silence = { kind: "trouble", problem: late, asking: false };

type Plan = "planActive" | "planDelete" | "planPrune" | "planPush";
type Open = (backend: FakeBackend) => unknown;
const sheets: [name: string, plan: Plan, open: Open][] = [
  ["making active", "planActive", () => openMakeActive({ ...at, tag: "v3", commit: digest("2e04bfa1e576") })],
  ["deleting", "planDelete", () => openDelete({ ...at, items: [{ kind: "tag", name: "v3" }] })],
  ["pruning", "planPrune", () => openPrune(at, { kind: "last", commits: 3 })],
  [
    "keeping, which counts what its rule would remove",
    "planPrune",
    (backend) => {
      const keep = backend.abouts.keepOf(at.repository);
      openKeep(at, { ...keep, rule: "overwrite", prune: { kind: "last", commits: 3 } });
    },
  ],
  ["pushing", "planPush", () => push.open({ ...at, imageId: "sha256:aa", name: null, namespace: null, tag: "v3" })],
];

/** Opens a sheet whose registry says nothing until it is let go of. */
async function waits(plan: Plan, open: Open) {
  const backend = await started();
  const door = backend as unknown as Record<Plan, (...asked: unknown[]) => Promise<unknown>>;
  const own = door[plan];
  render(ActSheets);
  render(KeepingSheets);
  render(PushSheets);
  let fail = (): void => undefined;
  let asked = 0;
  const hangs = (): Promise<never> => {
    asked += 1;
    return new Promise((_, reject) => (fail = () => reject(ended)));
  };
  door[plan] = hangs;
  open(backend);
  await waitFor(() => expect(asked).toBeGreaterThan(0));
  const stop = backend.stopAsking;
  backend.stopAsking = async (of) => {
    await stop(of);
    fail();
  };
  /** It answers from now on. */
  const answers = (): void => {
    door[plan] = own;
  };
  return { backend, fail: (): void => fail(), answers };
}

const line = (): HTMLElement | null => screen.queryByTestId("answering");

afterEach(() => {
  acts.closeActive();
  acts.closeDelete();
  keepingSheet.close();
  push.close();
  cleanup();
});

describe.each(sheets)("the sheet of %s", (_, plan, open) => {
  it("names the registry that has not answered, and lets go of it", async () => {
    const { backend, answers } = await waits(plan, open);
    expect(line()).toBeNull();
    backend.silent(whom, { kind: "waiting" });
    await waitFor(() => expect(line()?.textContent).toContain(`${POLLY} hasn’t answered yet.`));
    await fireEvent.click(screen.getByTestId("stop-asking"));
    await waitFor(() => expect(line()?.dataset["kind"]).toBe("ended"));
    expect(backend.calls).toContainEqual(["stopAsking", whom]);
    expect(screen.queryAllByText(ended.message)).toEqual([]); // one sentence is shown once
    answers();
    backend.silent(whom, null);
    await waitFor(() => expect(line()).toBeNull());
    expect(screen.queryByTestId("ask-again")).toBeNull();
  });

  it("offers to ask once more after that, whatever else is asked of the registry meanwhile", async () => {
    const { backend, answers, fail } = await waits(plan, open);
    fail();
    await settle();
    answers();
    expect(backend.unansweredRows).toEqual([]);
    await fireEvent.click(await screen.findByTestId("ask-again"));
    await waitFor(() => expect(screen.queryByTestId("ask-again")).toBeNull());
    expect(screen.queryByTestId("problem")).toBeNull();
  });

  it("says why nothing was answered, and asks again by itself when something is", async () => {
    const { backend, answers } = await waits(plan, open);
    backend.silent(whom, { ...trouble, asking: true });
    await waitFor(() => expect(screen.getByTestId("problem").textContent).toContain(late.message));
    expect(screen.getByTestId("stop-asking")).toBeTruthy();
    await fireEvent.click(screen.getByTestId("stop-asking"));
    await settle();
    answers();
    backend.silent(whom, null);
    await waitFor(() => expect(screen.queryByTestId("problem")).toBeNull());
    expect(line()).toBeNull();
  });
});
