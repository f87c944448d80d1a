// The encrypted file on a later start: opened by its passphrase, or put aside where that is forgotten.

import { app, getBackend } from "../app/state.svelte";
import { asProblem, type Problem } from "../backend/backend";
import { words } from "../messages";

export class FileOpening {
  /** Whether the file is opened, or whether a new one is to be started; last, where the old one is. */
  step = $state<"open" | "anew" | "aside">("open");
  passphrase = $state("");
  problem = $state.raw<Problem | null>(null);
  missing = $state<string | null>(null);
  busy = $state(false);
  /** Where the file is that was put aside; null where there was none. */
  aside = $state.raw<string | null>(null);

  readonly #done: () => void;
  #closed = false;

  constructor(done: () => void) {
    this.#done = done;
  }

  /** Opens the file; all accounts in it go on. */
  async open(): Promise<void> {
    if (this.busy) return;
    this.missing = this.passphrase === "" ? words.encryptedFile.missing : null;
    if (this.missing !== null) return;
    await this.#acting(async () => {
      await getBackend().openEncryptedFile(this.passphrase);
      await app.readAccounts();
      if (!this.#closed) this.#done();
    });
  }

  /** Asks whether a new file is to be started. */
  askAnew(): void {
    this.problem = null;
    this.missing = null;
    this.passphrase = "";
    this.step = "anew";
  }

  /** Puts the file aside: its accounts are signed out, and the next one that is kept so begins a new one. */
  async startAnew(): Promise<void> {
    if (this.busy) return;
    await this.#acting(async () => {
      this.aside = await getBackend().putEncryptedFileAside();
      await app.readAccounts();
      this.step = "aside";
    });
  }

  async #acting(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await act();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.busy = false;
    }
  }

  forget(): void {
    this.#closed = true;
    this.passphrase = "";
  }
}
