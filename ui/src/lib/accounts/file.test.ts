import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import { app } from "../app/state.svelte";
import type { AccountView } from "../backend/backend";
import { account } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { problem } from "../fake/problem";
import { started } from "../../test/start";
import { accountSheet, openSignIn, signOut } from "./accounts.svelte";
import AccountSheets from "./AccountSheets.svelte";

const PASSPHRASE = "correct horse";
let backend: FakeBackend;

beforeEach(async () => {
  backend = await started();
  backend.signIns.file.passphrase = PASSPHRASE;
  backend.accountRows = ["one.example", "two.example"].map((host) => account(host, { state: "fileClosed" }));
  await app.readAccounts();
  render(AccountSheets);
});
afterEach(() => {
  accountSheet.close();
  cleanup();
});

const states = (): string[] => app.accounts.map(({ state }) => state);
const type = (value: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId("passphrase"), { target: { value } });

it("one passphrase opens the file for all accounts in it, and what was interrupted goes on", async () => {
  let went = 0;
  openSignIn(app.accounts[0] as AccountView, () => (went += 1));
  const sheet = await screen.findByTestId("file-sheet");
  expect(sheet.textContent).toContain("one.example, two.example");
  await fireEvent.click(screen.getByTestId("open-file"));
  expect(sheet.textContent).toContain("Type the passphrase");
  await type("wrong");
  await fireEvent.click(screen.getByTestId("open-file"));
  expect((await screen.findByTestId("problem")).textContent).toContain("doesn’t open");
  expect([states(), went]).toEqual([["fileClosed", "fileClosed"], 0]);
  await type(PASSPHRASE);
  await fireEvent.click(screen.getByTestId("open-file"));
  await waitFor(() => expect(went).toBe(1));
  expect(states()).toEqual(["signedIn", "signedIn"]);
  expect(screen.queryByTestId("file-sheet")).toBeNull();
});

it("a new file is started only after a yes, and the old one is told where it stays", async () => {
  openSignIn(app.accounts[0] as AccountView);
  await fireEvent.click(await screen.findByTestId("file-anew"));
  expect(backend.calls.some(([name]) => name === "putEncryptedFileAside")).toBe(false);
  await fireEvent.click(await screen.findByTestId("start-anew"));
  await screen.findByTestId("aside-done");
  expect(screen.getByTestId("file-sheet").textContent).toContain("sign-ins.old-1.age");
  expect(states()).toEqual(["signedOut", "signedOut"]);
});

it("signing out while it is closed is asked about, and says what stays", async () => {
  backend.signIns.stuck = [problem("The encrypted file with this sign-in is closed.", "encryptedFile")];
  await signOut(app.accounts[0] as AccountView);
  const sheet = await screen.findByTestId("stuck-sheet");
  expect(sheet.textContent).toContain("stays in the encrypted file");
  await fireEvent.click(screen.getByTestId("sign-out-anyway"));
  await waitFor(() => expect(states()[0]).toBe("signedOut"));
});
