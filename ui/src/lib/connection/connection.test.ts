import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, expect, it, vi } from "vitest";
import { settle, started } from "../../test/start";
import { dispatch } from "../app/actions";
import { app } from "../app/state.svelte";
import { problem, type FakeBackend } from "../fake/fake";
import ConnectionSheets from "./ConnectionSheets.svelte";
import { connections, openCheck } from "./connection.svelte";

const POLLY = "registry.polly.example";

afterEach(() => {
  connections.close();
  cleanup();
  vi.restoreAllMocks();
});

async function open(prepare?: (backend: FakeBackend) => void): Promise<FakeBackend> {
  const backend = await started(prepare);
  app.go({ kind: "repository", account: POLLY, repository: "genomics/aligner" });
  render(ConnectionSheets);
  openCheck(POLLY);
  await settle();
  return backend;
}
const marks = (): string[] =>
  screen.getAllByTestId("check-line").map(({ dataset }) => `${dataset["probe"]} ${dataset["mark"]}`);
const checks = (backend: FakeBackend): unknown[][] =>
  backend.calls.filter(([call]) => call === "checkConnection").map(([, ...given]) => given);

it("shows the connection and what doesn’t work, and folds the rest away", async () => {
  const backend = await open();
  expect(checks(backend)).toEqual([[POLLY, "genomics/aligner", true]]);
  expect(marks()).toEqual([
    "reached good",
    "certificate good",
    "clock warn",
    "signedIn good",
    "catalog no",
    "delete no",
  ]);
  expect(screen.getByTestId("check-says").textContent).toContain("nothing was written");
  await fireEvent.click(screen.getByTestId("check-more"));
  expect(marks()).toHaveLength(16);
  expect(screen.queryByTestId("check-more")).toBeNull();
  const found = await axe.run(screen.getByTestId("check-sheet"), { rules: { "color-contrast": { enabled: false } } });
  expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
});

it("asks by an upload where a person says so alone", async () => {
  const backend = await open();
  expect(screen.queryByTestId("check-upload")).toBeNull();
  await fireEvent.click(screen.getByTestId("check-more"));
  expect(backend.calls.some(([call]) => call === "tryUpload")).toBe(false);
  await fireEvent.click(screen.getByTestId("check-upload"));
  await waitFor(() => expect(marks()).toContain("chunks good"));
  expect(screen.queryByTestId("check-upload")).toBeNull();
});

it("copies its report, and Enter leaves", async () => {
  const write = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: write } });
  await open();
  await fireEvent.click(screen.getByTestId("check-copy"));
  await waitFor(() => expect(screen.getByTestId("check-says").textContent).toBe("The report is copied"));
  expect(write).toHaveBeenCalledWith(expect.stringContaining("clock: It is 3 minutes behind"));
  vi.unstubAllGlobals();
  await fireEvent.click(screen.getByTestId("check-done"));
  expect(screen.queryByTestId("check-sheet")).toBeNull();
});

it("can be stopped while lines come, and says what went wrong", async () => {
  const backend = await open((given) => (given.checks.stuck = "catalog"));
  expect(marks().slice(0, 5)).toContain("catalog asking");
  expect(screen.queryByTestId("check-more")).toBeNull();
  await fireEvent.click(screen.getByTestId("check-stop"));
  expect(backend.calls).toContainEqual(["stopAsking", { of: "account", account: POLLY }]);
  connections.close();
  backend.failing.checkConnection = problem("The database can’t be read.");
  openCheck(POLLY);
  await waitFor(() => expect(screen.getByTestId("check-problem").textContent).toContain("database"));
});

it("opens from a line that says what went wrong", async () => {
  await started();
  render(ConnectionSheets);
  await settle();
  dispatch("checkConnection", { account: POLLY });
  await waitFor(() => expect(screen.getByTestId("check-sheet")).toBeTruthy());
});

it("looks lightly at an account that has signed in, and not at those that are there already", async () => {
  const backend = await started();
  render(ConnectionSheets);
  await settle();
  expect(checks(backend)).toEqual([]);
  backend.accountRows = backend.accountRows.map((row) =>
    row.state === "signedOut" ? { ...row, state: "signedIn" } : row,
  );
  await app.readAccounts();
  await settle();
  const out = backend.accountRows.find(({ host }) => host === "ghcr.io")?.id;
  expect(checks(backend)).toEqual([[out, null, false]]);
  backend.emit({ kind: "stale", what: { of: "answers", account: POLLY } });
  await settle();
  expect(checks(backend).at(-1)).toEqual([POLLY, null, false]);
});
