// The door of this room: which of its sheets is open. Other rooms open them from here and import nothing else.

import type { AccountView } from "../backend/backend";
import { goToPath } from "../app/opened-path";
import { app, getBackend } from "../app/state.svelte";
import { focusPage } from "../shared/overlay/focus";
import { ChangedSignIn } from "./changed.svelte";
import { AddressForm, type Prefill } from "./form.svelte";

type Open =
  | { kind: "none" }
  | { kind: "form"; form: AddressForm }
  | { kind: "changed"; changed: ChangedSignIn }
  | { kind: "remove"; account: AccountView };

class AccountSheet {
  open = $state.raw<Open>({ kind: "none" });

  close(): void {
    if (this.open.kind === "form") this.open.form.forget();
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
  if (!/[/:@]/.test(path)) return list(path);
  const opened = await getBackend()
    .openPath(account.id, `${account.host}/${path}`)
    .catch(() => null);
  if (opened === null || !goToPath({ ...opened, account: account.id })) list(null);
}

/**
 * Asks for the sign-in of an account again, or, where its registry wants it another way, for a yes to that; `then` goes
 * on with what was interrupted.
 */
export function openSignIn(account: AccountView, then?: () => void): void {
  accountSheet.close();
  const done = (): void => {
    accountSheet.close();
    then?.();
  };
  const known = app.account(account.id) ?? account;
  accountSheet.open =
    known.state === "signInChanged"
      ? { kind: "changed", changed: new ChangedSignIn(known, done) }
      : { kind: "form", form: new AddressForm({ account: known, done }) };
}

/** Asks before a registry leaves the sidebar. */
export function openRemove(account: AccountView): void {
  accountSheet.close();
  accountSheet.open = { kind: "remove", account };
}
