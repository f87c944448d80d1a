// The door of the sheet "Open a path": what is typed into it, and where it leads. The palette opens one without it.

import { openAddRegistry } from "../accounts/accounts.svelte";
import { dispatch } from "../app/actions";
import { goToPath } from "../app/opened-path";
import { app, getBackend } from "../app/state.svelte";
import { asProblem, type OpenedPath, type Problem } from "../backend/backend";

export class PathForm {
  /** The account that a path without a host is of; null: none. */
  readonly account: string | null;
  text = $state("");
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  #done: () => void;

  constructor(account: string | null, done: () => void) {
    this.account = account;
    this.#done = done;
  }

  ready = $derived.by(() => !this.busy && this.text.trim() !== "");

  /** Goes there. Whether it can be a path, the backend says in words. */
  async submit(): Promise<void> {
    if (!this.ready) return;
    this.busy = true;
    this.problem = null;
    try {
      const opened = await getBackend().openPath(this.account, this.text.trim());
      this.#done();
      lead(opened, this.text.trim());
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.busy = false;
    }
  }
}

class Opening {
  /** What the sheet works on; null while it is closed. */
  form = $state.raw<PathForm | null>(null);

  close(): void {
    this.form = null;
  }
}

export const opening = new Opening();

/** Opens "Open a path", of an account where one is given. */
export function openPathSheet(account: string | null): void {
  opening.form = new PathForm(account, () => opening.close());
}

/** Opens what was typed somewhere else; what can't be a path is told. */
export async function openTyped(text: string): Promise<void> {
  const here = "account" in app.place ? app.place.account : null;
  try {
    lead(await getBackend().openPath(here, text), text);
  } catch (thrown) {
    const problem = asProblem(thrown);
    dispatch("say", { text: problem.message, problem });
  }
}

/** Goes there, by way of adding its registry where there is no account of it yet. */
function lead(opened: OpenedPath, text: string): void {
  if (!goToPath(opened)) openAddRegistry({ text });
}
