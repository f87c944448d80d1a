import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { problem, type FakeBackend } from "../fake/fake";
import KindSheets from "./KindSheets.svelte";
import { kinds, openKind } from "./kinds.svelte";

const POLLY = "registry.polly.example";

afterEach(() => {
  kinds.close();
  cleanup();
});

async function open(prepare?: (backend: FakeBackend) => void): Promise<FakeBackend> {
  const backend = await started(prepare);
  render(KindSheets);
  openKind(POLLY);
  await settle();
  return backend;
}
const said = (testid: string): string => screen.getByTestId(testid).textContent.replace(/\s+/g, " ").trim();
const parts = (): string[] =>
  screen.getAllByTestId("kind-part").map(({ dataset }) => `${dataset["part"]} ${dataset["means"]}`);

async function choose(item: string): Promise<void> {
  await fireEvent.click(screen.getByTestId("kind-change"));
  await fireEvent.click(screen.getByTestId(item));
  await settle();
}

it("says whose registry it is, and what of it goes by its own interface", async () => {
  await open();
  expect(said("kind-is")).toBe("Harbor, by what it answers");
  expect(parts()).toEqual([
    "list native",
    "describe byProtocol",
    "create byProtocol",
    "tagFacts native",
    "history byCommitTags",
    "deleteTag native",
    "deleteCommit byProtocol",
    "restore byCommitTags",
  ]);
  expect(said("kind-parts")).toContain("Harbor’s own interface");
  const found = await axe.run(screen.getByTestId("kind-sheet"), { rules: { "color-contrast": { enabled: false } } });
  expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
});

it("is corrected by hand, and what it answers counts again", async () => {
  const backend = await open();
  await choose("kind-plain");
  expect(said("kind-is")).toBe("OCI registry, chosen by hand");
  expect(said("kind-answers")).toBe("It answers as Harbor.");
  expect(parts().some((part) => part.endsWith("native"))).toBe(false);
  expect(backend.calls).toContainEqual(["refreshRepositories", POLLY]);
  await choose("kind-again");
  expect(said("kind-is")).toBe("Harbor, by what it answers");
  expect(screen.queryByTestId("kind-answers")).toBeNull();
  expect(backend.calls.filter(([call]) => call === "chooseKind").map(([, given]) => given)).toEqual([
    { account: POLLY, vendor: "plain" },
    { account: POLLY, vendor: null },
  ]);
});

it("says why one can’t be chosen, and doesn’t choose it", async () => {
  const backend = await open();
  await fireEvent.click(screen.getByTestId("kind-change"));
  const hub = screen.getByTestId("kind-hub");
  const order = screen.getAllByRole("menuitem", { hidden: true }).map(({ dataset }) => dataset["testid"]);
  expect(order).toEqual(
    ["again", "gitlab", "harbor", "polly", "pulp", "quay", "synapse", "plain", "ecr", "hub", "ghcr"].map(
      (each) => `kind-${each}`,
    ),
  );
  expect(hub.getAttribute("aria-disabled")).toBe("true");
  expect(hub.textContent).toContain("one address of its own");
  await fireEvent.click(hub);
  expect(backend.calls.some(([call]) => call === "chooseKind")).toBe(false);
});

it("says why something is not possible there", async () => {
  await open((backend) => (backend.kinds.impossible = { harbor: { deleteTag: "It lets nobody delete." } }));
  expect(parts()).toContain("deleteTag impossible");
  expect(said("kind-parts")).toContain("It lets nobody delete.");
});

it("says that it is not known yet, and what went wrong", async () => {
  const backend = await open((given) => (given.kinds.recognised = {}));
  expect(said("kind-is")).toContain("Not recognised yet");
  backend.failing.chooseKind = problem("The database can’t be read.");
  await choose("kind-quay");
  await waitFor(() => expect(said("kind-problem")).toContain("database"));
  expect(said("kind-is")).toContain("Not recognised yet");
});

it("runs the vendor’s own command once a person lets it, and no more once they stop it", async () => {
  const backend = await open((given) => (given.kinds.recognised = { [POLLY]: "polly" }));
  expect(parts()).toContain("list byProtocol");
  expect(screen.getByTestId("kind-command").dataset["runs"]).toBe("false");
  await fireEvent.input(screen.getByTestId("command-organisation"), { target: { value: " lab " } });
  await fireEvent.click(screen.getByTestId("command-run"));
  await settle();
  expect(said("kind-command")).toContain("Longshore runs polly for this registry.");
  expect(parts()).toContain("history native");
  expect(backend.calls).toContainEqual(["letRun", { account: POLLY, organisation: "lab" }]);
  expect(backend.calls).toContainEqual(["refreshRepositories", POLLY]);
  const found = await axe.run(screen.getByTestId("kind-sheet"), { rules: { "color-contrast": { enabled: false } } });
  expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  await fireEvent.click(screen.getByTestId("command-stop"));
  await settle();
  expect(parts()).toContain("list byProtocol");
  expect(backend.calls).toContainEqual(["letRunNoMore", POLLY]);
});

it("says that the command isn’t there, why it isn’t let run, and what it said last", async () => {
  const backend = await open((given) => {
    given.kinds.recognised = { [POLLY]: "polly" };
    given.kinds.commandProblem = problem("polly did not do it.");
  });
  backend.failing.letRun = problem("polly signs in to another registry.");
  await fireEvent.click(screen.getByTestId("command-run"));
  await waitFor(() => expect(said("kind-problem")).toContain("another registry"));
  expect(screen.queryByTestId("command-problem")).toBeNull();
  backend.kinds.mayRun = { [POLLY]: "lab" };
  openKind(POLLY);
  await settle();
  expect(said("command-problem")).toContain("polly did not do it.");
  backend.kinds.hasCommand = false;
  openKind(POLLY);
  await settle();
  expect(said("kind-command")).toContain("polly isn’t on this computer.");
});
