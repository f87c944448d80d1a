// The proxy of an account as it is typed. Nothing here knows how it is drawn.

import type { AccountView, ProxyOrder, ProxyView } from "../backend/backend";
import { words } from "../messages";

export class ProxyChoice {
  kind = $state<ProxyOrder["kind"]>("system");
  address = $state("");
  user = $state("");
  secret = $state("");
  /** What is used: what was taken last, else what the account has. */
  #used = $state.raw<ProxyView | null>(null);
  #order = $state.raw<ProxyOrder | null>(null);

  constructor(account: AccountView | undefined) {
    this.#used = account?.connection?.proxy ?? null;
    this.kind = this.#used?.kind ?? "system";
    if (this.#used?.kind === "own") [this.address, this.user] = [this.#used.address, this.#used.user ?? ""];
  }

  get ready(): boolean {
    return this.kind !== "own" || this.address.trim() !== "";
  }

  /** Tells whether its secret is known already. */
  get isKept(): boolean {
    return this.#used?.kind === "own" && this.#used.user !== null && this.#used.user === this.user;
  }

  /** What is said of it where it is folded away. */
  get says(): string {
    if (this.#used === null) return "";
    return this.#used.kind === "own" ? words.proxy.through(this.#used.address) : words.proxy.directly;
  }

  /** What is handed over; absent where nothing was changed. */
  get order(): ProxyOrder | undefined {
    return this.#order ?? undefined;
  }

  /** Takes what was typed. */
  take(): void {
    const [address, user, secret] = [this.address.trim(), this.user.trim(), this.secret];
    this.#order = this.kind === "own" ? { kind: "own", address, user, secret } : { kind: this.kind };
    this.#used = this.kind === "own" ? { kind: "own", address, user: user || null } : null;
    if (this.kind === "direct") this.#used = { kind: "direct" };
  }

  /** Lets go of its secret. */
  forget(): void {
    this.secret = "";
    this.#order = null;
  }
}
