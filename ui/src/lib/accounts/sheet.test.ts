import { render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { account, way } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { words } from "../messages";
import AccountSheets from "./AccountSheets.svelte";
import { accountSheet, openAddRegistry, openSignIn } from "./accounts.svelte";

const HOST = "registry.example";
let backend: FakeBackend;

beforeEach(async () => {
  backend = await started();
  render(AccountSheets);
});
afterEach(() => accountSheet.close());

async function said(testid: string): Promise<string> {
  const found = await screen.findByTestId(testid);
  return found.textContent?.replace(/\s+/g, " ").trim() ?? "";
}

describe("the sheet of a sign-in", () => {
  it("says whom the secret goes to, and how", async () => {
    backend.signIns.tokenServices[HOST] = "auth.example";
    openAddRegistry({ text: HOST, user: "ana" });
    expect(await said("way")).toBe("Your secret goes to auth.example, for tokens");
    expect(screen.queryByTestId("way-so-far")).toBeNull();
  });

  it("says nothing of it where nothing was given: no secret goes anywhere", async () => {
    openAddRegistry({ text: HOST });
    await waitFor(() => expect(screen.getByTestId("diagnosis").dataset["kind"]).toBe("answers"));
    expect(screen.queryByTestId("way")).toBeNull();
  });

  it("sets beside it where the secret went so far, though the host is the same", async () => {
    const basic = way(HOST, true);
    openSignIn(account(HOST, { ways: [{ ...basic, way: `bearer https://${HOST}` }] }));
    expect(await said("way")).toBe(`Your secret goes to ${HOST}, the registry itself, with every request`);
    expect(await said("way-so-far")).toBe(`So far your secret went to ${HOST}, the registry itself, for tokens`);
    expect(screen.getByText(words.accounts.wayElsewhere)).toBeTruthy();
  });

  it("shows a name in another alphabet beside the one that is used", async () => {
    openAddRegistry({ text: "xn--bcher-kva.example" });
    expect(await said("readable")).toBe(`${words.accounts.otherAlphabet} bücher.example`);
    expect(screen.getByTestId<HTMLInputElement>("address").value).toBe("xn--bcher-kva.example");
  });
});
