import { render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { app } from "../app/state.svelte";
import { account } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { problem } from "../fake/problem";
import { words } from "../messages";
import AccountSheets from "./AccountSheets.svelte";
import { accountSheet, openAddRegistry, openAlong, openSignIn, signOut, signOutPrograms } from "./accounts.svelte";

const HOST = "lab.example";
let backend: FakeBackend;

beforeEach(async () => {
  backend = await started();
});
afterEach(() => accountSheet.close());

const asked = (name: string): unknown[][] => backend.calls.filter((call) => call[0] === name);
const click = async (testid: string): Promise<void> => {
  screen.getByTestId(testid).click();
  await settle();
};

async function adding(): Promise<void> {
  render(AccountSheets);
  openAddRegistry({ text: HOST, user: "ana", secret: "s3cret" });
  await settle();
}

describe("signing the command line in too", () => {
  it("is done where it is ticked, after the account is there", async () => {
    await adding();
    expect(screen.getByText("Sign the Docker command line and Podman in too")).toBeTruthy();
    expect(asked("programsKeep")).toEqual([]);
    await click("along");
    expect(asked("programsKeep")).toEqual([["programsKeep", HOST]]);
    await click("sign-in");
    expect(asked("signInPrograms")).toEqual([["signInPrograms", HOST, false]]);
    expect(app.account(HOST)?.programs).toEqual(["docker", "podman"]);
    expect(screen.queryByTestId("registry-sheet")).toBeNull();
  });

  it("is not done unasked, nor offered where there is no sign-in or no program", async () => {
    await adding();
    await click("sign-in");
    expect(asked("signInPrograms")).toEqual([]);
    backend.signIns.programs = [];
    openAddRegistry({ text: "other.example", user: "ana", secret: "s3cret" });
    await settle();
    expect(screen.queryByTestId("along")).toBeNull();
    backend.signIns.programs = ["docker"];
    openAddRegistry({ text: "third.example" });
    await settle();
    expect(screen.queryByTestId("along")).toBeNull();
  });

  it("asks before a secret is kept in plain text", async () => {
    backend.signIns.plainIn = ["/home/ana/.docker/config.json"];
    await adding();
    await click("along");
    expect(screen.getByTestId("along-plain").textContent).toContain("/home/ana/.docker/config.json");
    expect(screen.getByTestId<HTMLButtonElement>("sign-in").disabled).toBe(true);
    await click("along-plain-yes");
    await click("sign-in");
    expect(asked("signInPrograms")).toEqual([["signInPrograms", HOST, true]]);
  });

  it("tells whose sign-in it replaces", async () => {
    backend.signIns.programUsers = ["bob"];
    await adding();
    await click("along");
    expect(screen.getByTestId("along-replaces").textContent).toContain("bob");
  });

  it("leaves what is signed in alone where a registry is added once more", async () => {
    backend.accountRows.push(account(HOST, { programs: ["docker"] }));
    await app.readAccounts();
    await adding();
    await click("sign-in");
    expect(asked("addAccount")).toHaveLength(1);
    expect(asked("signOutPrograms")).toEqual([]);
  });

  it("that fails leaves the account there, says so, and goes on", async () => {
    await adding();
    await click("along");
    backend.failing.signInPrograms = problem("Docker was not signed in along with it.", "program");
    await click("sign-in");
    expect(app.account(HOST)).toBeTruthy();
    expect(screen.getByText("Docker was not signed in along with it.")).toBeTruthy();
    expect(screen.getByTestId("sign-in").textContent.trim()).toBe(words.accounts.goOn);
    await click("sign-in");
    expect(asked("addAccount")).toHaveLength(1);
    expect(screen.queryByTestId("registry-sheet")).toBeNull();
  });

  it("is done anew with a new secret, and taken back where the tick is taken away", async () => {
    const row = account(HOST, { programs: ["docker"] });
    backend.accountRows.push(row);
    await app.readAccounts();
    render(AccountSheets);
    for (const keeps of [true, false]) {
      openSignIn(row);
      await settle();
      expect(screen.getByTestId<HTMLInputElement>("along").checked).toBe(true);
      const { open } = accountSheet;
      if (open.kind === "form") open.form.secret = "new";
      await settle();
      if (!keeps) await click("along");
      await click("sign-in");
    }
    expect(asked("signInPrograms")).toHaveLength(1);
    expect(asked("signOutPrograms")).toHaveLength(1);
  });

  it("can be done later, by a sheet of its own", async () => {
    const row = account(HOST);
    backend.accountRows.push(row);
    await app.readAccounts();
    render(AccountSheets);
    openAlong(row);
    await settle();
    await click("along-sign-in");
    expect(app.account(HOST)?.programs).toEqual(["docker", "podman"]);
    expect(screen.queryByTestId("along-sheet")).toBeNull();
    backend.signIns.programs = [];
    openAlong(row);
    await settle();
    expect(screen.getByText(words.accounts.alongNone)).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>("along-sign-in").disabled).toBe(true);
  });
});

describe("signing out where the keychain can't be asked", () => {
  it("asks, and is done anyway where that is said", async () => {
    const row = account(HOST);
    backend.accountRows.push(row);
    await app.readAccounts();
    render(AccountSheets);
    backend.signIns.stuck = [problem("This computer has no keychain that can be reached.", "keychain")];
    await signOut(row);
    await settle();
    expect(screen.getByText(words.accounts.stuckKeychain)).toBeTruthy();
    expect(app.account(HOST)?.state).toBe("signedIn");
    await click("sign-out-anyway");
    expect(app.account(HOST)?.state).toBe("signedOut");
    expect(screen.queryByTestId("stuck-sheet")).toBeNull();
  });

  it("asks of each problem by itself", async () => {
    const row = account(HOST, { programs: ["docker"] });
    backend.accountRows.push(row);
    await app.readAccounts();
    render(AccountSheets);
    backend.signIns.stuck = [problem("No keychain.", "keychain"), problem("Docker was not signed out.", "program")];
    await signOut(row);
    await settle();
    await click("sign-out-anyway");
    expect(screen.getByText(words.accounts.stuckProgram)).toBeTruthy();
    expect(app.account(HOST)?.state).toBe("signedIn");
    await click("sign-out-anyway");
    expect(app.account(HOST)?.state).toBe("signedOut");
  });

  it("leaves a program signed in that can't be asked", async () => {
    const row = account(HOST, { programs: ["docker"] });
    backend.accountRows.push(row);
    await app.readAccounts();
    render(AccountSheets);
    backend.signIns.stuck = [problem("Docker was not signed out.", "program")];
    await signOutPrograms(row);
    await settle();
    await click("sign-out-anyway");
    expect(asked("signOutPrograms").map((call) => call[2])).toEqual([false, true]);
    expect(app.account(HOST)?.programs).toEqual([]);
  });

  it("throws what has another reason", async () => {
    const row = account(HOST);
    backend.signIns.stuck = [problem("It can’t be written.", "other")];
    await expect(signOut(row)).rejects.toMatchObject({ code: "other" });
    expect(accountSheet.open.kind).toBe("none");
  });
});
