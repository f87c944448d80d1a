// The door of this room: which of its sheets is open. Other rooms open them from here and import nothing else.

import { asProblem, type AccountView, type Problem } from "../backend/backend";
import { hosted } from "../app/hosted.svelte";
import { goToPath } from "../app/opened-path";
import { app, getBackend } from "../app/state.svelte";
import { focusPage } from "../shared/overlay/focus";
import { words } from "../messages";
import { named } from "./along.svelte";
import { ChangedSignIn } from "./changed.svelte";
import { FileOpening } from "./encrypted.svelte";
import { whatStays } from "./facts";
import { AddressForm, type Prefill } from "./form.svelte";
import { HostDraft } from "./host.svelte";
import { Unhosting } from "./unhost.svelte";

type Open =
  | { kind: "none" }
  | { kind: "form"; form: AddressForm }
  | { kind: "changed"; changed: ChangedSignIn }
  | { kind: "file"; file: FileOpening }
  | { kind: "remove"; account: AccountView }
  | { kind: "host"; draft: HostDraft }
  | { kind: "unhost"; unhosting: Unhosting }
  | { kind: "along"; account: AccountView }
  | { kind: "stuck"; account: AccountView; problem: Problem; what: Stuck };

/** What could not be signed out whole: an account, or only the programs that were signed in along. */
export type Stuck = "account" | "programs";

class AccountSheet {
  open = $state.raw<Open>({ kind: "none" });

  close(): void {
    if (this.open.kind === "form") this.open.form.forget();
    if (this.open.kind === "file") this.open.file.forget();
    if (this.open.kind === "host") this.open.draft.close();
    this.open = { kind: "none" };
  }
}

export const accountSheet = new AccountSheet();

/** Opens "Add a registry"; `then` goes on with what it was needed for. */
export function openAddRegistry(prefill: Prefill = {}, then?: () => void): void {
  accountSheet.close();
  const form: AddressForm = new AddressForm({
    prefill,
    done: (made) => {
      const path = form.droppedPath;
      accountSheet.close();
      if (then !== undefined) then();
      else if (path !== null) void openPath(made, path);
    },
  });
  accountSheet.open = { kind: "form", form };
}

/**
 * Opens what stood behind the host that was typed: a repository with its tag or digest, or a namespace where it is one word
 * alone. What can be no path of a repository leads to the list.
 */
async function openPath(account: AccountView, path: string): Promise<void> {
  const list = (namespace: string | null): void => {
    app.go({ kind: "repositories", account: account.id, namespace });
    focusPage();
  };
  // An account that is for that alone lists nothing else.
  if (account.namespace === path) return list(null);
  if (!/[/:@]/.test(path)) return list(path);
  const opened = await getBackend()
    .openPath(account.id, `${account.host}/${path}`)
    .catch(() => null);
  if (opened === null || !goToPath({ ...opened, account: account.id })) list(null);
}

/**
 * Asks for the sign-in of an account again, or, where its registry wants it another way, for a yes to that, or for the
 * passphrase of the file that holds it; `then` goes on with what was interrupted.
 */
export function openSignIn(account: AccountView, then?: () => void): void {
  accountSheet.close();
  const done = (): void => {
    accountSheet.close();
    then?.();
  };
  const known = app.account(account.id) ?? account;
  if (known.state === "fileClosed") {
    accountSheet.open = { kind: "file", file: new FileOpening(done) };
    return;
  }
  accountSheet.open =
    known.state === "signInChanged"
      ? { kind: "changed", changed: new ChangedSignIn(known, done) }
      : { kind: "form", form: new AddressForm({ account: known, done }) };
}

/** Opens the sheet that starts a registry on this computer; what was started is shown. */
export function openHost(): void {
  accountSheet.close();
  const draft = new HostDraft((account) => {
    accountSheet.close();
    void hosted.read().catch(() => undefined); // its row says how it stands
    app.go({ kind: "repositories", account: account.id, namespace: null });
    focusPage();
  });
  accountSheet.open = { kind: "host", draft };
  void draft.open();
}

/** Asks before a registry leaves the sidebar; one that was started here leaves the computer with it. */
export function openRemove(account: AccountView): void {
  accountSheet.close();
  const registry = hosted.of(account);
  if (registry !== null) {
    const unhosting = new Unhosting(registry, () => accountSheet.close());
    accountSheet.open = { kind: "unhost", unhosting };
    void unhosting.open();
    return;
  }
  accountSheet.open = { kind: "remove", account };
}

/** Names the programs of this computer that were signed in along with an account. */
export function programsOf(account: AccountView): string {
  return named(account.programs, words.accounts.program);
}

/** Signs the programs of this computer in with the sign-in of an account. */
export function openAlong(account: AccountView): void {
  accountSheet.close();
  accountSheet.open = { kind: "along", account };
}

/** Signs out. What keeps it from being done whole is asked about; any other problem is thrown. */
export async function signOut(account: AccountView): Promise<void> {
  return asking(account, "account", () => getBackend().signOut(account.id, []));
}

/** Signs the programs out that were signed in along, in the same way. */
export async function signOutPrograms(account: AccountView): Promise<void> {
  return asking(account, "programs", () => getBackend().signOutPrograms(account.id, false));
}

async function asking(account: AccountView, what: Stuck, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
    await app.readAccounts();
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (whatStays(problem) === null) throw problem;
    await app.readAccounts();
    accountSheet.close();
    accountSheet.open = { kind: "stuck", account, problem, what };
  }
}
