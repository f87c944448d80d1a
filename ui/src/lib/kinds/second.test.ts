import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, expect, it, vi } from "vitest";
import { settle, started } from "../../test/start";
import type { FakeBackend } from "../fake/fake";
import { RIGHT_TOKEN } from "../fake/kinds";
import ActProblem from "../problems/ActProblem.svelte";
import KindSheets from "./KindSheets.svelte";
import { kinds, openKind } from "./kinds.svelte";
import { openSecond, seconds } from "./second.svelte";

const POLLY = "registry.polly.example";

afterEach(() => {
  kinds.close();
  seconds.close();
  cleanup();
});

async function quay(prepare?: (backend: FakeBackend) => void): Promise<FakeBackend> {
  const backend = await started((given) => {
    given.kinds.recognised = { [POLLY]: "quay" };
    prepare?.(given);
  });
  render(KindSheets);
  return backend;
}
const said = (testid: string): string => screen.getByTestId(testid).textContent.replace(/\s+/g, " ").trim();
const type = (value: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId("second-secret"), { target: { value } });
async function save(): Promise<void> {
  await fireEvent.click(screen.getByTestId("second-save"));
  await settle();
}

it("is offered where a vendor tells more with it, tried before it is kept, and removed", async () => {
  const backend = await quay();
  openKind(POLLY);
  await settle();
  expect(said("second-line")).toBe("Quay tells more with an application token. Add it…");
  await fireEvent.click(screen.getByTestId("second-open"));
  await settle();
  expect(screen.queryByTestId("kind-sheet")).toBeNull();
  expect(said("second-to")).toBe(`It is sent only to ${POLLY}, and kept where your other sign-ins are.`);
  expect(screen.queryByTestId("second-user")).toBeNull();
  expect(screen.getByTestId<HTMLInputElement>("second-secret").type).toBe("password");
  const found = await axe.run(screen.getByTestId("second-sheet"), { rules: { "color-contrast": { enabled: false } } });
  expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);

  await save();
  expect(screen.getByTestId("second-sheet").textContent).toContain("Type the token.");
  await type("wrong");
  await save();
  expect(said("second-problem")).toContain("doesn’t take this token");
  expect(backend.calls.filter(([call]) => call === "giveSecond")).toHaveLength(1);
  await type(RIGHT_TOKEN);
  await save();
  // The sheet it came from is there again, and says that there is one.
  expect(screen.queryByTestId("second-sheet")).toBeNull();
  await waitFor(() => expect(said("second-line")).toBe("Quay uses your application token too. Change…"));
  expect(backend.calls).toContainEqual(["refreshRepositories", POLLY]);
  // What goes by its own interface now is read anew.
  expect(backend.calls.filter(([call]) => call === "kind")).toHaveLength(2);

  await fireEvent.click(screen.getByTestId("second-open"));
  await settle();
  expect(screen.getByTestId("second-state").dataset["state"]).toBe("given");
  expect(screen.getByTestId<HTMLInputElement>("second-secret").value).toBe("");
  await fireEvent.click(screen.getByTestId("second-remove"));
  await settle();
  await waitFor(() => expect(said("second-line")).toContain("Quay tells more"));
});

it("says that it is no longer taken, and is offered nowhere else", async () => {
  const backend = await quay((given) => (given.kinds.seconds = { [POLLY]: "refused" }));
  openKind(POLLY);
  await settle();
  expect(said("second-line")).toBe("Quay no longer accepts your application token. Change…");
  kinds.close();
  backend.kinds.recognised = {};
  openKind(POLLY);
  await settle();
  expect(screen.queryByTestId("second-line")).toBeNull();
});

it("answers what needs it, which goes on once it is there", async () => {
  await quay();
  const again = vi.fn();
  const problem = { code: "secondSignIn" as const, message: "It needs one.", hints: [], detail: null };
  render(ActProblem, { problem: { ...problem }, account: POLLY, onretry: again, testid: "act-problem" });
  await fireEvent.click(screen.getByTestId("act-second"));
  await settle();
  await type(RIGHT_TOKEN);
  await save();
  expect(again).toHaveBeenCalledOnce();
  openSecond(POLLY);
  await settle();
  expect(said("second-state")).toContain("One is kept.");
});
