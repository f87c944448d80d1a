// The door of the question whose registry an account is at, and what its sheet works on.

import { app, getBackend } from "../app/state.svelte";
import { asProblem, type KindView, type Problem, type VendorId } from "../backend/backend";
import { words } from "../messages";
import type { MenuItem } from "../shared/overlay/menu";

export class Kind {
  readonly account: string;
  view = $state.raw<KindView | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** The vendor's own command is being run. */
  busy = $state(false);

  constructor(account: string) {
    this.account = account;
  }

  host = $derived.by(() => app.account(this.account)?.host ?? "");
  /** Whose it counts as; null: that isn't known. */
  vendor = $derived.by(() => this.view?.chosen ?? this.view?.recognised ?? null);
  /** What a person can say of it: what it answers counts, the names, any other registry; then what can't be, and why. */
  choices = $derived.by((): MenuItem[] => {
    const named = (this.view?.choices ?? []).map(({ vendor, why }) => ({
      vendor,
      why,
      label: words.kinds.vendors[vendor],
    }));
    const last = ({ vendor, why }: (typeof named)[number]): number =>
      (vendor === "plain" ? 1 : 0) + (why === null ? 0 : 2);
    named.sort((a, b) => last(a) - last(b) || a.label.localeCompare(b.label));
    return [
      { label: words.kinds.again, choose: () => void this.choose(null), testid: "kind-again" },
      ...named.map(({ vendor, why, label }) => ({
        label,
        choose: () => void this.choose(vendor),
        testid: `kind-${vendor}`,
        ...(why === null ? {} : { why }),
      })),
    ];
  });

  read = (): Promise<void> => this.#take(getBackend().kind(this.account));

  /** Takes what a person says; null: what it answers counts again. Its lists are read anew, by its own interface or without. */
  async choose(vendor: VendorId | null): Promise<void> {
    await this.#take(getBackend().chooseKind({ account: this.account, vendor }));
    if (this.problem === null) this.#listAgain();
  }

  /** Lets the vendor's own command run for this account; its lists are read anew by it. */
  letRun = (organisation: string): Promise<void> =>
    this.#run(getBackend().letRun({ account: this.account, organisation: organisation.trim() || null }));

  letRunNoMore = (): Promise<void> => this.#run(getBackend().letRunNoMore(this.account));

  async #run(asked: Promise<KindView>): Promise<void> {
    this.busy = true;
    await this.#take(asked);
    this.busy = false;
    if (this.problem === null) this.#listAgain();
  }

  #listAgain(): void {
    void getBackend()
      .refreshRepositories(this.account)
      .catch(() => undefined); // its line says so
  }

  async #take(asked: Promise<KindView>): Promise<void> {
    try {
      this.view = await asked;
      this.problem = null;
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }
}

class Kinds {
  /** What the sheet works on; null while it is closed. */
  open = $state.raw<Kind | null>(null);

  close(): void {
    this.open = null;
  }
}

export const kinds = new Kinds();

/** Opens what is known of whose registry an account is at. */
export function openKind(account: string): void {
  kinds.open = new Kind(account);
  void kinds.open.read();
}
