import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { wordsShown } from "../../test/words";
import type { KeepPlan, PushPlan } from "../backend/backend";
import { openPush, push } from "./push.svelte";
import PushSheet from "./PushSheet.svelte";

const WITHOUT = "8c41f09be2d7 stays on this registry without a tag until it is cleaned up by a rule or by hand.";
const COMMIT_TAG = `_h.v3.20261121t071204z-${"8c41f09be2d7".padEnd(64, "0")}`;
const RULE = {
  kind: "rule",
  rule: "overwrite",
  setBy: { kind: "repository", author: "ana" },
  commitTag: COMMIT_TAG,
  alreadyKept: false,
  without: WITHOUT,
  asks: null,
} as const satisfies KeepPlan;
const WARNINGS = ["amd64 only, arm64 is lost", "built earlier than what it replaces"];

/** What the longest sheets of each kind are made of. */
const plans: Record<string, Partial<PushPlan>> = {
  "the question that is asked once": { warnings: WARNINGS },
  "a rule that keeps": { keep: RULE, warnings: WARNINGS },
  "a rule that asks here": { keep: { ...RULE, rule: "push", asks: "keep=push" } },
  "a rule that is off": { keep: { ...RULE, rule: "off" }, warnings: WARNINGS },
  "a rule on request": { keep: { ...RULE, rule: "on-request" } },
  "a version kept already": { keep: { ...RULE, alreadyKept: true }, warnings: WARNINGS },
  "a version that can't be kept": {
    keep: {
      kind: "impossible",
      why: "A commit tag of v3 would be too long: a tag may have at most 75 characters for that.",
    },
  },
  "a name of somebody else's": { nameTaken: "registry.polly.example/genomics/aligner:v3", keep: RULE },
  "a new tag": { target: null, keep: { kind: "nothing" }, warnings: [] },
};

afterEach(() => {
  push.close();
  cleanup();
});

describe("the words of the push sheet", () => {
  it.each(Object.entries(plans))("are at most 60 before anything is opened: %s", async (_, changes) => {
    const backend = await started((made) => {
      const plan = made.transfers.plan.bind(made.transfers);
      made.transfers.plan = (...given) => ({ ...plan(...given), ...changes });
    });
    render(PushSheet);
    const [image] = backend.imageRows;
    openPush({
      imageId: image?.id ?? "",
      name: "aligner:dev",
      account: "registry.polly.example",
      repository: "genomics/aligner",
      namespace: null,
      tag: "v3",
    });
    await waitFor(() => expect([null, "loss"]).toContain(push.draft === null ? "none" : push.draft.blocked));
    await waitFor(() => expect(screen.getByTestId("push-target").textContent).toContain("v3"));
    const count = wordsShown(screen.getByTestId("push-sheet"));
    expect(count).toBeGreaterThan(12);
    expect(count).toBeLessThanOrEqual(60);
  });
});
