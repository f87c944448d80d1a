// Where a sign-in is kept once the keychain could not take it. Nothing here knows how it is drawn.

import { getBackend } from "../app/state.svelte";
import type { EncryptedFileView, Keep, Problem } from "../backend/backend";
import { words } from "../messages";

/** The fewest characters of a new passphrase, as the backend has it. */
const SHORTEST = 8;

export class KeepChoice {
  where = $state<Keep["kind"]>("keychain");
  /** Why the keychain could not take it; a choice shows from then on. */
  refused = $state.raw<Problem | null>(null);
  /** The encrypted file, as far as it was asked about. */
  file = $state.raw<EncryptedFileView | null>(null);
  passphrase = $state("");
  again = $state("");

  /** How often the passphrase is typed: a new one twice, and none where the file is open. */
  get asks(): 0 | 1 | 2 {
    if (this.where !== "encryptedFile" || this.file?.open) return 0;
    return this.file?.there ? 1 : 2;
  }

  /** Returns what is still wrong with what was typed; null where nothing is. */
  get missing(): string | null {
    const text = words.encryptedFile;
    if (this.asks === 0) return null;
    if (this.passphrase === "") return text.missing;
    if (this.asks === 1) return null;
    if ([...this.passphrase.trim()].length < SHORTEST) return text.short(SHORTEST);
    return this.passphrase === this.again ? null : text.differ;
  }

  /** What is handed over. */
  get order(): Keep {
    if (this.where !== "encryptedFile") return { kind: this.where };
    return { kind: "encryptedFile", passphrase: this.asks === 0 ? null : this.passphrase };
  }

  /** The keychain could not take it. */
  async refuse(problem: Problem): Promise<void> {
    this.refused = problem;
    await this.look();
  }

  /** Asks how the encrypted file stands now. */
  async look(): Promise<void> {
    this.file = await getBackend()
      .encryptedFile()
      .catch(() => null);
  }

  forget(): void {
    this.passphrase = "";
    this.again = "";
  }
}
