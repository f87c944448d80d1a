import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { app } from "../app/state.svelte";
import type { RuleConsent } from "../backend/backend";
import { problem, type FakeBackend } from "../fake/fake";
import RepositoryPage from "../pages/repository/RepositoryPage.svelte";
import { ruleQuestion, ruleStanding, ruleWrites } from "./facts";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";

const consent = (changes: Partial<RuleConsent> = {}): RuleConsent => ({
  rule: "keep=push",
  keep: "push",
  rescue: false,
  author: "ana",
  answer: null,
  ...changes,
});

async function shown(prepare: (backend: FakeBackend) => void): Promise<FakeBackend> {
  const backend = await started(prepare);
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  render(RepositoryPage, { account, repository: ALIGNER });
  await waitFor(() => expect(screen.queryAllByTestId("tag-row").length).toBeGreaterThan(0));
  return backend;
}
const planted = (made: FakeBackend): void => made.abouts.plantRule(ALIGNER, "overwrite", "ana", true);
const body = (): HTMLElement => document.getElementById("repository-body") as HTMLElement;
const said = (): string => screen.getByTestId("rule-text").textContent ?? "";
const answers = (backend: FakeBackend): unknown[] =>
  backend.calls.filter(([name]) => name === "answerRule").map(([, order]) => order);

afterEach(() => {
  cleanup();
  app.tab = "tags";
});

describe("the words of a repository's rule", () => {
  it("name who it says set it, and ask for this computer", () => {
    expect(ruleQuestion(consent({ keep: "overwrite" }))).toBe(
      "This repository keeps old versions at each overwrite, set by, it says, ana. Let this computer do so?",
    );
    expect(ruleQuestion(consent({ author: null, rescue: true }))).toBe(
      "This repository keeps every version at its push and what others displace. Let this computer do so?",
    );
    expect(ruleQuestion(consent({ keep: null, rescue: true, author: null }))).toContain("keeps what others displace.");
  });

  it("tell each write, who sees it, and who may have written the rule", () => {
    expect(ruleWrites(consent({ keep: "overwrite" }))).toHaveLength(3);
    expect(ruleWrites(consent({ rescue: true }))).toHaveLength(5);
    expect(ruleWrites(consent()).at(-1)).toContain("Whoever may push here");
    const all = (["allow", "notHere", "later", null] as const).map((answer) => ruleStanding(consent({ answer })));
    expect(new Set(all).size).toBe(4);
  });
});

describe("the line on a repository's page", () => {
  it("asks, tells what it writes one click away, and passes axe", async () => {
    await shown(planted);
    expect(said()).toContain("set by, it says, ana. Let this computer do so?");
    expect(screen.getByTestId("rule-writes").hidden).toBe(true);
    await fireEvent.click(screen.getByTestId("rule-open"));
    expect(screen.getByTestId("rule-writes").hidden).toBe(false);
    expect(screen.getByTestId("rule-writes").textContent).toContain("gets a commit tag");
    const found = await axe.run(screen.getByTestId("rule"), { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it.each([
    ["allow", "by itself: you allowed it"],
    ["notHere", "you said so"],
    ["later", "asked again"],
  ] as const)("%s: the very rule is answered, and the line goes", async (given, standing) => {
    const backend = await shown(planted);
    await fireEvent.click(screen.getByTestId(`rule-${given}`));
    await waitFor(() => expect(screen.queryByTestId("rule")).toBeNull());
    const rule = "keep=overwrite; rescue=auto";
    expect(answers(backend)).toEqual([{ account: POLLY, repository: ALIGNER, rule, answer: given }]);
    app.setTab("about");
    await waitFor(() => expect(screen.getByTestId("rule-standing").textContent).toContain(standing));
  });

  it("stays while the pointer is over what it would push away, with what came of it", async () => {
    await shown(planted);
    await fireEvent.pointerEnter(body());
    await fireEvent.click(screen.getByTestId("rule-allow"));
    await waitFor(() => expect(said()).toBe("Allowed on this computer."));
    await fireEvent.pointerLeave(body());
    expect(screen.queryByTestId("rule")).toBeNull();
  });

  it("does not come while the pointer is over the rows", async () => {
    const backend = await shown(() => undefined);
    await fireEvent.pointerEnter(body());
    backend.abouts.plantRule(ALIGNER, "push", "mallory");
    backend.emit({ kind: "stale", what: { of: "about", account: POLLY, repository: ALIGNER } });
    await settle();
    expect(screen.queryByTestId("rule")).toBeNull();
    await fireEvent.pointerLeave(body());
    expect(said()).toContain("it says, mallory");
  });

  it("says why it was not answered", async () => {
    const backend = await shown(planted);
    backend.failing["answerRule"] = problem("The repository’s rule was changed meanwhile.", "changed");
    await fireEvent.click(screen.getByTestId("rule-allow"));
    await waitFor(() => expect(screen.getByTestId("rule-problem").textContent).toContain("changed meanwhile"));
    expect(screen.getByTestId("rule-allow")).toBeTruthy();
  });

  it("asks nothing where the repository's rule writes nothing by itself", async () => {
    await shown((made) => made.abouts.plantRule(ALIGNER, "on-request", "ana"));
    expect(screen.queryByTestId("rule")).toBeNull();
  });

  it("lets what was answered be answered otherwise", async () => {
    const backend = await shown(planted);
    await fireEvent.click(screen.getByTestId("rule-allow"));
    await waitFor(() => expect(screen.queryByTestId("rule")).toBeNull());
    app.setTab("about");
    await waitFor(() => screen.getByTestId("rule-turn"));
    await fireEvent.click(screen.getByTestId("rule-turn"));
    await waitFor(() => expect(screen.getByTestId("rule-standing").dataset["answer"]).toBe("notHere"));
    expect(answers(backend)).toHaveLength(2);
    backend.failing["answerRule"] = problem("The repository’s rule is another one by now.", "changed");
    await fireEvent.click(screen.getByTestId("rule-turn"));
    await waitFor(() => expect(screen.getByTestId("rule-turn-problem").textContent).toContain("another one by now"));
    expect(screen.getByTestId("rule-standing").dataset["answer"]).toBe("notHere");
  });
});
