import { render, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { app } from "../app/state.svelte";
import { account, way } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { words } from "../messages";
import AccountSheets from "./AccountSheets.svelte";
import { accountSheet, openSignIn } from "./accounts.svelte";

const HOST = "registry.example";
let backend: FakeBackend;
let went: number;

beforeEach(async () => {
  backend = await started();
  went = 0;
  const ways = [way("auth.example")];
  backend.accountRows = [account(HOST, { state: "signInChanged", ways, wanted: way("evil.example") })];
  await app.readAccounts();
  render(AccountSheets);
  const known = app.account(HOST);
  if (known) openSignIn(known, () => (went += 1));
  await settle();
});

const answers = (): unknown[][] =>
  backend.calls.filter((call) => call[0] === "approveSignIn").map((call) => call.slice(1));

describe("a registry that wants the sign-in another way", () => {
  it("says where the secret went and where it is wanted, and sends nothing by itself", () => {
    expect(screen.getByTestId("way-so-far").textContent).toContain("auth.example");
    expect(screen.getByTestId("way-now").textContent).toContain("evil.example");
    expect(screen.getByText(words.accounts.changedWarning(HOST))).toBeTruthy();
    expect(answers()).toEqual([]);
  });

  it("is agreed to by a press, and what was interrupted goes on", async () => {
    screen.getByTestId("approve-sign-in").click();
    await settle();
    expect(answers()).toEqual([[HOST, "bearer https://evil.example"]]);
    expect([app.account(HOST)?.state, went, accountSheet.open.kind]).toEqual(["signedIn", 1, "none"]);
  });

  it("is left as it is by Enter, which is never the yes", async () => {
    screen.getByText(words.accounts.changedNo).click();
    await settle();
    expect([answers(), accountSheet.open.kind, app.account(HOST)?.state]).toEqual([[], "none", "signInChanged"]);
  });

  it("can be tried as before", async () => {
    screen.getByTestId("only-as-before").click();
    await settle();
    expect(answers()).toEqual([[HOST, null]]);
  });

  it("agrees to nothing that came since the sheet was opened", async () => {
    backend.accountRows = [account(HOST, { state: "signInChanged", wanted: way("other.example") })];
    await app.readAccounts();
    await settle();
    expect(screen.queryByTestId("approve-sign-in")).toBeNull();
  });
});
