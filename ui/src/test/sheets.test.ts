// Every sheet is read before its button is pressed, so it is short: the words are counted here, its height in the real
// window (tests/e2e/sheets.rs).

import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDescribe } from "../lib/about/about.svelte";
import AboutSheets from "../lib/about/AboutSheets.svelte";
import AccountSheets from "../lib/accounts/AccountSheets.svelte";
import {
  accountSheet,
  openAddRegistry,
  openAlong,
  openHost,
  openRemove,
  openSignIn,
  signOut,
} from "../lib/accounts/accounts.svelte";
import { KNOWN } from "../lib/accounts/known";
import { acts, openDelete, openMakeActive } from "../lib/acts/acts.svelte";
import ActSheets from "../lib/acts/ActSheets.svelte";
import { hosted } from "../lib/app/hosted.svelte";
import { app } from "../lib/app/state.svelte";
import type { AccountView } from "../lib/backend/backend";
import { account, digest, way } from "../lib/fake/data";
import type { FakeBackend } from "../lib/fake/fake";
import { problem } from "../lib/fake/problem";
import { connections, openCheck } from "../lib/connection/connection.svelte";
import ConnectionSheets from "../lib/connection/ConnectionSheets.svelte";
import { kinds, openKind } from "../lib/kinds/kinds.svelte";
import KindSheets from "../lib/kinds/KindSheets.svelte";
import KeepingSheets from "../lib/keeping/KeepingSheets.svelte";
import { keepingSheet, openKeep, openPrune } from "../lib/keeping/sheets.svelte";
import { openCreate } from "../lib/repositories/creating.svelte";
import { openPathSheet } from "../lib/repositories/path.svelte";
import RepositorySheets from "../lib/repositories/RepositorySheets.svelte";
import { started } from "./start";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";
const MOST = 60;
let backend: FakeBackend;

beforeEach(async () => {
  backend = await started();
});
afterEach(() => {
  acts.closeActive();
  acts.closeDelete();
  keepingSheet.close();
  accountSheet.close();
  connections.close();
  kinds.close();
  cleanup();
});

/** Counts what is read: names of repositories and digests count as one word each, as for a reader; not a menu, closed. */
function wordsOf(sheet: HTMLElement): string[] {
  const copy = sheet.cloneNode(true) as HTMLElement;
  for (const each of copy.querySelectorAll("[hidden], [aria-hidden=true], [role=menu], option, svg")) each.remove();
  return (copy.textContent ?? "").split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
}

async function short(testid: string, busy = (): boolean => false): Promise<void> {
  const sheet = await screen.findByTestId(testid);
  await waitFor(() => expect(busy()).toBe(false));
  await waitFor(() => expect(sheet.querySelector(".soft")).toBeNull());
  const read = wordsOf(sheet);
  expect(read.length, read.join(" ")).toBeLessThanOrEqual(MOST);
  expect(read.length).toBeGreaterThan(4);
}

describe("a sheet", () => {
  it("that adds a registry is short", async () => {
    render(AccountSheets);
    openAddRegistry({ text: "ghcr.io", user: "ana" });
    await short("registry-sheet");
  });

  it("that starts from a name is short, whichever it is", async () => {
    render(AccountSheets);
    openAddRegistry();
    backend.foundRows = [];
    await short("registry-sheet");
    for (const { id, address } of KNOWN) {
      openAddRegistry({ text: address, known: id });
      if (address !== "") {
        await waitFor(() => expect(screen.getByTestId("diagnosis").dataset["kind"]).toBe("answers"));
      }
      await short("registry-sheet");
    }
  });

  it("that starts a registry on this computer is short, and so is the one that takes it away", async () => {
    render(AccountSheets);
    openHost();
    await fireEvent.click(await screen.findByTestId("host-asks"));
    await short("host-sheet");
    backend.hosting.rows = [
      {
        id: "one",
        host: POLLY,
        by: "program",
        name: "zot",
        folder: "/srv/registry",
        state: "running",
        problem: null,
      },
    ];
    await hosted.read();
    const account = app.account(POLLY);
    if (account) openRemove(account);
    await fireEvent.click(await screen.findByTestId("unhost-data"));
    await short("unhost-sheet");
  });

  it("that says whose registry it is is short", async () => {
    render(KindSheets);
    openKind(POLLY);
    await screen.findByTestId("kind-parts");
    await short("kind-sheet");
    backend.kinds.recognised = { [POLLY]: "polly" };
    openKind(POLLY);
    await screen.findByTestId("kind-command");
    await short("kind-sheet");
  });

  it("that signs in is short", async () => {
    render(AccountSheets);
    const account = app.account(POLLY);
    if (account) openSignIn(account);
    await short("registry-sheet");
  });

  it("that signs the command line in is short", async () => {
    render(AccountSheets);
    const account = app.account(POLLY);
    if (account) openAlong(account);
    await short("along-sheet");
  });

  it("that signs out anyway is short", async () => {
    render(AccountSheets);
    backend.signIns.stuck = [problem("This computer has no keychain that can be reached.", "keychain")];
    const account = app.account(POLLY);
    if (account) await signOut(account);
    await short("stuck-sheet");
  });

  it("that offers an encrypted file is short", async () => {
    backend.signIns.file.noKeychain = true;
    render(AccountSheets);
    openAddRegistry({ text: "ghcr.io", user: "ana", secret: "right" });
    await screen.findByTestId("way");
    await fireEvent.click(screen.getByTestId("sign-in"));
    await fireEvent.click(await screen.findByTestId("keychain-file"));
    await screen.findByTestId("passphrase-again");
    await short("registry-sheet");
  });

  it("that opens the encrypted file is short, and the one that starts it anew", async () => {
    backend.signIns.file.passphrase = "correct horse";
    backend.accountRows = backend.accountRows.map((row) => ({ ...row, state: "fileClosed" }));
    await app.readAccounts();
    render(AccountSheets);
    openSignIn(app.accounts[0] as AccountView);
    await fireEvent.input(await screen.findByTestId("passphrase"), { target: { value: "wrong" } });
    await fireEvent.click(screen.getByTestId("open-file"));
    await screen.findByTestId("problem");
    await short("file-sheet");
    await fireEvent.click(screen.getByTestId("file-anew"));
    await short("file-sheet");
    await fireEvent.click(await screen.findByTestId("start-anew"));
    await screen.findByTestId("aside-done");
    await short("file-sheet");
  });

  it("that shows a certificate is short", async () => {
    render(AccountSheets);
    openAddRegistry({ text: "own-ca.polly.example:5443" });
    await screen.findByTestId("certificate");
    await short("registry-sheet");
  });

  it("that asks for a certificate is short", async () => {
    backend.signIns.certificates.folders = {};
    render(AccountSheets);
    openAddRegistry({ text: "mutual.polly.example" });
    await fireEvent.click(await screen.findByTestId("trust-certificate"));
    await screen.findByTestId("client-certificate");
    await short("registry-sheet");
  });

  it("of a certificate that changed is short", async () => {
    const own = "own-ca.polly.example";
    backend.accountRows = [
      account(own, {
        state: "certificate",
        connection: { authority: null, trusted: "AB", client: null, services: [], proxy: null },
      }),
    ];
    await app.readAccounts();
    render(AccountSheets);
    openSignIn(app.accounts[0] as AccountView);
    await screen.findByTestId("certificate");
    await short("registry-sheet");
  });

  it("of a sign-in that changed is short", async () => {
    const wanted = way("auth.elsewhere.example");
    backend.accountRows = backend.accountRows.map((row) =>
      row.id === POLLY ? { ...row, state: "signInChanged", ways: [way(POLLY, true)], wanted } : row,
    );
    await app.readAccounts();
    render(AccountSheets);
    const account = app.account(POLLY);
    if (account) openSignIn(account);
    await short("sign-in-changed-sheet");
  });

  it("that removes a registry is short", async () => {
    render(AccountSheets);
    const account = app.account(POLLY);
    if (account) openRemove(account);
    await short("remove-sheet");
  });

  it("that deletes is short", async () => {
    render(ActSheets);
    openDelete({ account: POLLY, repository: ALIGNER, items: [{ kind: "tag", name: "v1" }] });
    await short("delete-sheet", () => acts.deleting?.planning ?? true);
  });

  it("that makes active is short", async () => {
    render(ActSheets);
    openMakeActive({ account: POLLY, repository: ALIGNER, tag: "v3", commit: digest("2e04bfa1e576") });
    await short("active-sheet", () => acts.active?.planning ?? true);
  });

  it("that changes how older versions are kept is short", async () => {
    render(KeepingSheets);
    openKeep({ account: POLLY, repository: ALIGNER }, backend.abouts.keepOf(ALIGNER));
    await short("keep-sheet");
  });

  it("that prunes is short", async () => {
    render(KeepingSheets);
    openPrune({ account: POLLY, repository: ALIGNER }, { kind: "all" });
    await short("prune-sheet");
  });

  it("that makes a repository is short", async () => {
    render(RepositorySheets);
    openCreate(POLLY, "genomics");
    await short("create-sheet");
  });

  it("of the connection check is short", async () => {
    render(ConnectionSheets);
    openCheck(POLLY);
    await short("check-sheet", () => connections.check?.running ?? true);
  });

  it("that opens a path is short", async () => {
    render(RepositorySheets);
    openPathSheet(POLLY);
    await short("path-sheet");
  });

  it("that describes a repository is short", async () => {
    render(AboutSheets);
    openDescribe({ account: POLLY, repository: ALIGNER }, await backend.about(POLLY, ALIGNER));
    await short("describe-sheet");
  });
});
