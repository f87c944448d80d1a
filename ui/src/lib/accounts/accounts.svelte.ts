// The door of this room: which of its sheets is open. Other rooms open them from here and import nothing else.

import type { AccountView } from "../backend/backend";
import { arrival } from "../app/arriving.svelte";
import { app } from "../app/state.svelte";
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
      else if (path !== null) openPath(made, path);
    },
  });
  accountSheet.open = { kind: "form", form };
}

/** Opens what stood behind the host that was typed: a repository and its tag, or a namespace where it is one word alone. */
function openPath(account: AccountView, path: string): void {
  const repository = path.replace(/[:@].*$/, "");
  if (repository.includes("/") || repository !== path) {
    app.go({ kind: "repository", account: account.id, repository });
    const tag = /^:([^@]+)/.exec(path.slice(repository.length))?.[1];
    if (tag !== undefined) arrival.tag = { account: account.id, repository, tag };
  } else app.go({ kind: "repositories", account: account.id, namespace: repository });
  focusPage();
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
