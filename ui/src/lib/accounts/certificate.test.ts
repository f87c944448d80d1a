import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { app } from "../app/state.svelte";
import type { AccountView, NewAccount } from "../backend/backend";
import { account } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { words } from "../messages";
import AccountSheets from "./AccountSheets.svelte";
import { accountSheet, openAddRegistry, openSignIn } from "./accounts.svelte";

const HOST = "own-ca.example:5443";
const FILE = "/home/ana/lab-ca.crt";
let backend: FakeBackend;

beforeEach(async () => {
  backend = await started();
  render(AccountSheets);
});
afterEach(() => accountSheet.close());

const said = (testid: string): string => screen.getByTestId(testid).textContent.replace(/\s+/g, " ").trim();
const press = (testid: string): Promise<unknown> => fireEvent.click(screen.getByTestId(testid));
const fill = (testid: string, value: string): Promise<unknown> =>
  fireEvent.input(screen.getByTestId(testid), { target: { value } });

async function answers(): Promise<void> {
  await waitFor(() => expect(screen.getByTestId("diagnosis").dataset["kind"]).toBe("answers"));
}

/** Signs in, and returns what was handed over. */
async function signIn(): Promise<NewAccount> {
  await fill("user", "ana");
  await fill("secret", "right");
  await press("sign-in");
  await waitFor(() => expect(screen.queryByTestId("registry-sheet")).toBeNull());
  return backend.calls.find(([name]) => name === "addAccount")?.[1] as NewAccount;
}

describe("a registry that this computer does not trust", () => {
  it("shows its certificate, and asks for nothing else before that", async () => {
    openAddRegistry({ text: HOST });
    await screen.findByTestId("certificate");
    expect(said("diagnosis")).toBe(`Nobody this computer trusts vouches for ${HOST}.`);
    expect(said("certificate")).toContain(
      `For CN=${HOST}, O=Polly Lab Names ${HOST}, registry.lab and 2 more From CN=Polly Lab Root CA 2, O=Polly Lab Valid 2026-01-01 – 2027-12-31 SHA-256`,
    );
    expect(said("fingerprint")).toMatch(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    for (const gone of ["user", "secret", "found-registry"]) expect(screen.queryByTestId(gone)).toBeNull();
    expect(screen.getByTestId<HTMLButtonElement>("sign-in").disabled).toBe(true);
    const found = await axe.run(screen.getByTestId("registry-sheet"), {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(found.violations.map(({ id }) => id)).toEqual([]);
  });

  it("is added by the file of its authority, typed or chosen", async () => {
    backend.archives.chosen = FILE;
    for (const chosen of [false, true]) {
      backend.calls = [];
      openAddRegistry({ text: chosen ? "own-ca.elsewhere.example" : HOST });
      await screen.findByTestId("certificate");
      if (chosen) await press("authority-choose");
      else {
        await fill("authority-file", FILE);
        expect(screen.getByTestId("sign-in").textContent.trim()).toBe(words.certificate.useFile);
        await press("sign-in");
      }
      await answers();
      expect(said("trusted-by")).toBe(words.certificate.byFile(FILE));
      await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("user")));
      expect(await signIn()).toMatchObject({ connection: { authority: FILE } });
    }
  });

  it("says under the field why a file does not help", async () => {
    openAddRegistry({ text: HOST });
    await screen.findByTestId("certificate");
    await fill("authority-file", "lab-ca.crt");
    await press("sign-in");
    await screen.findByText("Type the whole path of the file.");
    expect(screen.getByTestId("certificate")).toBeTruthy();
    await fill("authority-file", "/home/ana/other.crt");
    expect(screen.queryByText("Type the whole path of the file.")).toBeNull();
    await press("sign-in");
    await waitFor(() => expect(said("diagnosis")).toBe(`That file doesn’t vouch for ${HOST}.`));
    await press("trust-certificate");
    await answers();
    expect(said("trusted-by")).toBe(words.certificate.alone);
    const { connection } = await signIn();
    expect(Object.keys(connection ?? {})).toEqual(["trusted"]);
  });

  it("forgets what was given where another address is typed", async () => {
    openAddRegistry({ text: HOST });
    await fireEvent.click(await screen.findByTestId("trust-certificate"));
    await answers();
    await fill("address", "own-ca.elsewhere.example");
    await screen.findByTestId("certificate");
    expect(said("certificate")).toContain("own-ca.elsewhere.example");
    // What is no address has no certificate.
    await fill("address", "two words");
    await waitFor(() => expect(said("diagnosis")).toContain("This is not an address"));
    expect(screen.queryByTestId("certificate")).toBeNull();
    expect(screen.getByTestId("secret")).toBeTruthy();
  });

  it("is trusted by a folder of Docker’s, which is named", async () => {
    backend.signIns.certificates.folders[HOST] = `/etc/docker/certs.d/${HOST}`;
    openAddRegistry({ text: HOST });
    await answers();
    expect(said("trusted-by")).toBe(`Trusted by /etc/docker/certs.d/${HOST}`);
    expect((await signIn()).connection).toBeUndefined();
  });

  it("is shown what a folder of Docker’s has, which vouches for nothing by that", async () => {
    backend.signIns.certificates.pairs["registry.example"] = "/etc/docker/certs.d/registry.example";
    openAddRegistry({ text: "registry.example" });
    await answers();
    expect(said("shown-from")).toBe(
      "Shown the certificate in /etc/docker/certs.d/registry.example where it asks for one",
    );
    expect(screen.queryByTestId("trusted-by")).toBeNull();
  });

  it("may want to see a certificate as well", async () => {
    openAddRegistry({ text: "mutual.example" });
    await screen.findByTestId("certificate");
    await fill("authority-file", FILE);
    await press("sign-in");
    await screen.findByTestId("client-certificate");
    expect(said("diagnosis")).toContain("lets nobody in without a certificate");
    await fill("client-file", "/home/ana/me.cert");
    expect(screen.getByTestId<HTMLButtonElement>("sign-in").disabled).toBe(true);
    await fill("client-key", "/home/ana/me.key");
    await press("sign-in");
    await answers();
    expect((await signIn()).connection).toEqual({
      authority: FILE,
      client: { certificate: "/home/ana/me.cert", key: "/home/ana/me.key" },
    });
  });
});

describe("a token service that this computer does not trust", () => {
  it("shows its certificate, and whose that is; it is trusted there alone", async () => {
    openAddRegistry({ text: "tokens.example" });
    await screen.findByTestId("certificate");
    const service = "auth.tokens.example";
    expect(said("diagnosis")).toBe(
      `Nobody this computer trusts vouches for ${service}. tokens.example has sign-ins checked at ${service}.`,
    );
    expect(said("trust-certificate")).toBe(`Trust this certificate for ${service} only`);
    const trusted = said("fingerprint").slice(-95);
    await press("trust-certificate");
    await answers();
    expect(said("trusted-by")).toBe(words.certificate.atService(service));
    expect((await signIn()).connection).toEqual({ services: [{ host: service, trusted }] });
  });
});

describe("a proxy of one’s own", () => {
  it("is typed where it is folded away, and its secret is let go of", async () => {
    openAddRegistry({ text: "registry.example" });
    await answers();
    await press("proxy-options");
    await fireEvent.change(screen.getByTestId("proxy-kind"), { target: { value: "own" } });
    expect(screen.getByTestId<HTMLButtonElement>("use-proxy").disabled).toBe(true);
    await fill("proxy-address", "proxy.lab:3128");
    await fill("proxy-user", "ana");
    await fill("proxy-secret", "wrong");
    await press("use-proxy");
    await waitFor(() => expect(said("diagnosis")).toContain("wants a sign-in"));
    await fill("proxy-secret", "right");
    await press("use-proxy");
    await answers();
    expect(said("proxy-says")).toBe("Through proxy.lab:3128");
    const found = await axe.run(screen.getByTestId("registry-sheet"), {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(found.violations.map(({ id }) => id)).toEqual([]);
    const { connection } = await signIn();
    expect(connection?.proxy).toEqual({ kind: "own", address: "proxy.lab:3128", user: "ana", secret: "right" });
  });

  it("of an account is changed without signing in again", async () => {
    const proxy = { kind: "own", address: "http://proxy.lab", user: "ana" } as const;
    const connection = { authority: null, trusted: null, client: null, services: [], proxy };
    backend.accountRows = [account("registry.example", { connection })];
    await app.readAccounts();
    openSignIn(app.accounts[0] as AccountView);
    await answers();
    expect(said("proxy-says")).toBe("Through http://proxy.lab");
    await press("proxy-options");
    await fireEvent.change(screen.getByTestId("proxy-kind"), { target: { value: "direct" } });
    await press("use-proxy");
    await waitFor(() => expect(screen.queryByTestId("registry-sheet")).toBeNull());
    expect(app.accounts[0]?.connection?.proxy).toEqual({ kind: "direct" });
  });
});

describe("a certificate that changed", () => {
  async function opened(): Promise<void> {
    const connection = { authority: null, trusted: "AB:CD", client: null, services: [], proxy: null };
    backend.accountRows = [account(HOST, { state: "certificate", connection })];
    await app.readAccounts();
    openSignIn(app.accounts[0] as AccountView);
    await screen.findByTestId("certificate");
  }

  it("is said, and trusted only by a press; the sign-in stays", async () => {
    await opened();
    expect(said("diagnosis")).toContain("shows another certificate than you trusted");
    await press("trust-certificate");
    await waitFor(() => expect(screen.queryByTestId("registry-sheet")).toBeNull());
    expect(app.accounts[0]?.state).toBe("signedIn");
    expect(backend.calls.filter(([name]) => name === "signIn")).toEqual([]);
  });

  it("may be answered by the file of an authority", async () => {
    await opened();
    await fill("authority-file", "/home/ana/other.crt");
    await press("sign-in");
    await waitFor(() => expect(said("diagnosis")).toBe(`That file doesn’t vouch for ${HOST}.`));
    await fill("authority-file", FILE);
    await press("sign-in");
    await waitFor(() => expect(screen.queryByTestId("registry-sheet")).toBeNull());
    expect(app.accounts[0]?.connection).toEqual({
      authority: FILE,
      trusted: null,
      client: null,
      services: [],
      proxy: null,
    });
  });
});
