import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { arrival } from "../app/arriving.svelte";
import { app } from "../app/state.svelte";
import type { FoundRegistry, NewAccount } from "../backend/backend";
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

async function pickAndSign(): Promise<void> {
  await fireEvent.click(screen.getByTestId("sign-in"));
  await waitFor(() => expect(screen.queryByTestId("registry-sheet")).toBeNull());
}

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

  it("uses a sign-in that lies on this computer where it lies, once it is picked", async () => {
    openAddRegistry();
    const rows = (): HTMLElement[] => screen.queryAllByTestId("found-registry");
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    expect(rows().map((row) => row.textContent.replace(/\s+/g, " ").trim())).toContain("quay.io/lab · robot Podman");
    const pick = async (text: string): Promise<void> => {
      const row = rows().find((each) => each.textContent.includes(text)) as HTMLElement;
      row.focus();
      await fireEvent.click(row);
      await waitFor(() => expect(screen.getByTestId("diagnosis").dataset["kind"]).toBe("answers"));
    };
    await pick("Docker config, gcloud");
    expect(await said("picked")).toBe(
      "The sign-in stays with docker-credential-gcloud, which is asked when it is used. Type it instead",
    );
    expect(await said("way")).toContain("Your secret goes to europe-docker.pkg.dev");
    expect(await said("kept")).toBe(words.accounts.staysThere);
    expect(screen.queryByTestId("secret")).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("sign-in")));

    // Whoever would rather type it does, and what was found can be picked again.
    await fireEvent.click(screen.getByTestId("type-instead"));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("user")));
    expect(screen.getByTestId<HTMLInputElement>("address").value).toBe("europe-docker.pkg.dev");
    await pick("Docker config, gcloud");
    const found = await axe.run(screen.getByTestId("registry-sheet"), {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(found.violations.map(({ id }) => id)).toEqual([]);

    await pickAndSign();
    const given = backend.calls.find(([name]) => name === "addAccount")?.[1];
    expect(given).toMatchObject({ address: "europe-docker.pkg.dev", user: "", secret: "", from: "docker gcloud" });
    expect((given as NewAccount).agreed).toHaveLength(1);
    expect(app.accounts.at(-1)).toMatchObject({ source: "dockerConfig" });
  });

  it("names the helper too, while nobody answers: it may wait for the person", async () => {
    openAddRegistry({ found: backend.foundRows[2] as FoundRegistry });
    await waitFor(() => expect(screen.getByTestId("diagnosis").dataset["kind"]).toBe("answers"));
    backend.addAccount = () => new Promise(() => undefined);
    await fireEvent.click(screen.getByTestId("sign-in"));
    backend.silent({ of: "signIn" }, { kind: "waiting" });
    expect(await said("sign-in-waits")).toContain(
      "docker-credential-gcloud or europe-docker.pkg.dev hasn’t answered yet.",
    );
  });

  it("offers of what lies on this computer what the address may become", async () => {
    openAddRegistry();
    const hosts = (): (string | undefined)[] =>
      screen.queryAllByTestId("found-registry").map((row) => row.dataset["host"]);
    await waitFor(() => expect(hosts().length).toBeGreaterThan(3));
    for (const [typed, left] of [
      ["Quay", ["quay.io", "quay.io"]],
      ["https://quay.io/lab/tool", ["quay.io", "quay.io"]],
      ["elsewhere", []],
    ] as const) {
      await fireEvent.input(screen.getByTestId("address"), { target: { value: typed } });
      expect(hosts()).toEqual(left);
    }
  });

  it("offers an account of a path nothing that is kept for another one", async () => {
    openSignIn(account("quay.io", { namespace: "team", state: "signedOut" }));
    await waitFor(() => expect(screen.queryAllByTestId("found-registry")).toHaveLength(1));
    expect(await said("found-registry")).toBe("quay.io · ana Docker config");
  });

  it("says whose sign-in stays where, and lets go of it where another address is typed", async () => {
    openAddRegistry({ found: backend.foundRows[3] as FoundRegistry });
    expect(await said("picked")).toBe("The sign-in of robot stays in Podman. Type it instead");
    expect(await said("dropped-path")).toContain("lab opens after the sign-in");
    await fireEvent.input(screen.getByTestId("address"), { target: { value: "other.example" } });
    expect(screen.queryByTestId("picked")).toBeNull();
    expect(screen.getByTestId("secret")).toBeTruthy();
  });

  it("of an account that signs in again offers what lies on this computer for it alone", async () => {
    openSignIn(account("quay.io", { state: "sourceGone", source: "dockerConfig" }));
    await waitFor(() => expect(screen.getAllByTestId("found-registry")).toHaveLength(2));
    await fireEvent.click(screen.getAllByTestId("found-registry")[0] as HTMLElement);
    expect(await said("picked")).toContain("The sign-in of ana stays in Docker config.");
    await waitFor(() => expect(screen.getByTestId("diagnosis").dataset["kind"]).toBe("answers"));
    expect(screen.getByTestId<HTMLButtonElement>("sign-in").disabled).toBe(false);
  });

  it("shows a name in another alphabet beside the one that is used", async () => {
    openAddRegistry({ text: "xn--bcher-kva.example" });
    expect(await said("readable")).toBe(`${words.accounts.otherAlphabet} bücher.example`);
    expect(screen.getByTestId<HTMLInputElement>("address").value).toBe("xn--bcher-kva.example");
  });

  it("opens what stood behind the host, its digest too", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    openAddRegistry({ text: `other.example/lab/tool@${digest}` });
    await waitFor(() => expect(screen.getByTestId("diagnosis").dataset["kind"]).toBe("answers"));
    await fireEvent.click(screen.getByTestId("sign-in"));
    await waitFor(() => expect(app.place).toMatchObject({ kind: "repository", repository: "lab/tool" }));
    expect(arrival.digest).toMatchObject({ repository: "lab/tool", digest });
    arrival.digest = null;
  });
});
