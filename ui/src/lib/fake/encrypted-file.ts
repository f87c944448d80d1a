// The encrypted file of sign-ins of the backend from memory.

import type { EncryptedFileView, Keep } from "../backend/backend";
import { problem } from "./problem";

export class FakeEncryptedFile {
  /** Its passphrase; null where there is no file. */
  passphrase: string | null = null;
  isOpen = false;
  /** Whether this computer has no keychain at all. */
  noKeychain = false;

  view(): EncryptedFileView {
    const there = this.passphrase !== null;
    return { there, open: this.isOpen, offered: there || this.noKeychain };
  }

  open(passphrase: string): void {
    if (this.passphrase === null) throw problem("The encrypted file is no longer here.", "encryptedFile");
    if (this.passphrase !== passphrase) {
      const hints = ["Type it again. If it is forgotten, start a new file and sign in anew."];
      throw problem("This passphrase doesn’t open the encrypted file.", "encryptedFile", { hints });
    }
    this.isOpen = true;
  }

  keep(keep: Keep): void {
    if (keep.kind === "keychain" && this.noKeychain) {
      const hints = ["Start one and try again, or keep the sign-in elsewhere."];
      throw problem("This computer has no keychain that can be reached.", "keychain", { hints });
    }
    if (keep.kind !== "encryptedFile" || (keep.passphrase === null && this.isOpen)) return;
    if (keep.passphrase === null) throw problem("The encrypted file with this sign-in is closed.", "encryptedFile");
    this.passphrase ??= keep.passphrase;
    this.open(keep.passphrase);
  }

  putAside(): string | null {
    const was = this.passphrase;
    [this.passphrase, this.isOpen] = [null, false];
    return was === null ? null : "/home/ana/.local/share/dev.longshore.app/sign-ins.old-1.age";
  }
}
