import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { app } from "../app/state.svelte";
import type { WayView } from "../backend/backend";
import { account, way } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { words } from "../messages";
import AccountSheets from "./AccountSheets.svelte";
import { accountSheet, openSignIn } from "./accounts.svelte";

const HOST = "registry.example";
let backend: FakeBackend;
let went: number;

async function opened(ways: WayView[], wanted: WayView): Promise<void> {
  backend = await started();
  went = 0;
  backend.accountRows = [account(HOST, { state: "signInChanged", ways, wanted })];
  await app.readAccounts();
  render(AccountSheets);
  const known = app.account(HOST);
  if (known) openSignIn(known, () => (went += 1));
  await settle();
}
const said = (testid: string): string => screen.getByTestId(testid).textContent?.replace(/\s+/g, " ").trim() ?? "";

const answers = (): unknown[][] =>
  backend.calls.filter((call) => call[0] === "approveSignIn").map((call) => call.slice(1));

describe("a registry that wants the sign-in another way", () => {
  beforeEach(() => opened([way("auth.example")], way("evil.example")));

  it("says where the secret went and where it is wanted, and sends nothing by itself", () => {
    expect(said("way-so-far")).toBe("So far your secret went to auth.example, for tokens");
    expect(said("way-now")).toBe("Now it is to be sent to evil.example, for tokens");
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
    const form = screen.getByText<HTMLButtonElement>(words.accounts.changedNo).form;
    await fireEvent.submit(form as HTMLFormElement);
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

describe("a host that stays the same", () => {
  const basic = way(HOST, true);
  const tokens = { ...basic, way: `bearer https://${HOST}` };

  it("is told apart by how the secret would go there", async () => {
    await opened([tokens], basic);
    expect(said("way-so-far")).toBe(`So far your secret went to ${HOST}, the registry itself, for tokens`);
    expect(said("way-now")).toBe(`Now it is to be sent to ${HOST}, the registry itself, with every request`);
  });

  it("is named with each way that leads to it", async () => {
    await opened([basic, { ...tokens, encrypted: false }], way("evil.example"));
    expect(said("way-so-far")).toBe(
      `So far your secret went to ${HOST}, the registry itself, with every request and ${HOST}, the registry itself, for tokens, without encryption`,
    );
  });
});
