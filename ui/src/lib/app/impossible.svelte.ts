// What can't be done at an account's registry, as the backend learnt it, with its reason: menus, buttons and drops read it. What
// isn't known to be impossible is offered.

import { SvelteMap } from "svelte/reactivity";
import type { Impossible, ImpossibleAct } from "../backend/backend";
import { getBackend } from "../backend/current";
import type { MenuItem } from "../shared/overlay/menu";
import { dispatch } from "./actions";

class Impossibles {
  readonly #known = new SvelteMap<string, readonly Impossible[]>();
  /** The accounts that were read, or are being read. */
  readonly #asked = new Set<string>();

  /** Says why something can't be done in a repository; null where nothing stands against it. */
  why(account: string, repository: string | null, act: ImpossibleAct): string | null {
    const all = this.#known.get(account) ?? [];
    const of = all.find((each) => each.act === act && (each.repository === null || each.repository === repository));
    return of?.why ?? null;
  }

  /** Reads what is known of an account, once. */
  want(account: string): void {
    if (this.#asked.has(account)) return;
    void this.read(account);
  }

  async read(account: string): Promise<void> {
    this.#asked.add(account);
    try {
      this.#known.set(account, await getBackend().impossible(account));
    } catch {
      this.#asked.delete(account); // what isn't known is offered
    }
  }

  /** Reads anew what was read: somebody may have signed in, who may do more or less. */
  again(): void {
    for (const account of [...this.#asked]) void this.read(account);
  }

  /** Begins anew: nothing is known. */
  reset(): void {
    this.#known.clear();
    this.#asked.clear();
  }
}

export const impossibles = new Impossibles();

/** Returns an item as it is, or, where something stands against it, as one that only says why. */
export function unless(why: string | null, item: MenuItem): MenuItem {
  return why === null ? item : { ...item, why, choose: () => dispatch("say", { text: why }) };
}
