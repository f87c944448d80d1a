import { render, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { app } from "../app/state.svelte";
import { account } from "../fake/data";
import { problem } from "../fake/problem";
import type { FakeBackend } from "../fake/fake";
import { words } from "../messages";
import RemoveSheet from "./RemoveSheet.svelte";

let backend: FakeBackend;

beforeEach(async () => {
  backend = await started();
});

function open(host: string): void {
  render(RemoveSheet, { account: account(host), onclose: () => undefined });
}

const removed = (): unknown[][] => backend.calls.filter((call) => call[0] === "removeAccount");

describe("removing a registry", () => {
  it("leaves what was seen where nobody ticks to forget it", async () => {
    open("ghcr.io");
    expect(screen.getByText(words.accounts.removeSeen)).toBeTruthy();
    screen.getByTestId("remove-registry").click();
    await settle();
    expect(removed()).toEqual([["removeAccount", "ghcr.io", false, []]]);
  });

  it("forgets what was seen where that is ticked, and says so before", async () => {
    app.folded = ["ghcr.io", "ghcr.io/team", "docker.synapse.org"];
    open("ghcr.io");
    screen.getByTestId("forget-seen").click();
    await settle();
    expect(screen.getByText(words.accounts.removeForgotten)).toBeTruthy();
    screen.getByTestId("remove-registry").click();
    await settle();
    expect(removed()).toEqual([["removeAccount", "ghcr.io", true, []]]);
    expect(app.folded).toEqual(["docker.synapse.org"]);
  });

  it("asks once more where the keychain can't be asked, and says what stays", async () => {
    backend.signIns.stuck = [problem("This computer has no keychain that can be reached.", "keychain")];
    open("ghcr.io");
    screen.getByTestId("remove-registry").click();
    await settle();
    expect(screen.getByText(words.accounts.stuckKeychain)).toBeTruthy();
    const button = screen.getByTestId("remove-registry");
    expect(button.textContent.trim()).toBe(words.accounts.removeAnyway);
    button.click();
    await settle();
    expect(
      removed()
        .map((call) => call[3])
        .at(-1),
    ).toEqual(["keychain"]);
    expect(app.account("ghcr.io")).toBeUndefined();
  });

  it("offers it only for the last account of a host", async () => {
    backend.accountRows.push(account("ghcr.io", { id: "other" }));
    await app.readAccounts();
    open("ghcr.io");
    expect(screen.queryByTestId("forget-seen")).toBeNull();
    expect(screen.getByText(words.accounts.removeShared("ghcr.io"))).toBeTruthy();
  });
});
