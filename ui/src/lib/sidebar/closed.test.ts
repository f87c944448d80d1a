import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { accountSheet } from "../accounts/accounts.svelte";
import type { FakeBackend } from "../fake/fake";
import Sidebar from "./Sidebar.svelte";

const POLLY = "registry.polly.example";

afterEach(() => {
  accountSheet.close();
  cleanup();
});

const asked = (backend: FakeBackend): unknown[] =>
  backend.calls.filter(([name]) => name === "refreshRepositories").map(([, account]) => account);

it("an account whose secret is in the closed file says so, asks nothing, and goes on once the file is open", async () => {
  const backend = await started((given) => {
    given.signIns.file.passphrase = "correct horse";
    given.accountRows = given.accountRows.map((row) => (row.id === POLLY ? { ...row, state: "fileClosed" } : row));
  });
  render(Sidebar);
  await settle();
  const link = screen.getByTestId("open-encrypted");
  expect(link.textContent).toBe("open file");
  expect(link.title).toContain("is closed");
  expect(asked(backend)).not.toContain(POLLY);
  // What is known of it is shown all the same.
  expect(screen.getAllByText("aligner").length).toBeGreaterThan(0);
  await fireEvent.click(link);
  if (accountSheet.open.kind !== "file") throw new Error("the file is not asked for");
  accountSheet.open.file.passphrase = "correct horse";
  await accountSheet.open.file.open();
  await waitFor(() => expect(screen.queryByTestId("open-encrypted")).toBeNull());
  await waitFor(() => expect(asked(backend)).toContain(POLLY));
});
