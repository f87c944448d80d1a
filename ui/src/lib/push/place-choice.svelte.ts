/**
 * Where an image may go: the likely repositories first, then all that are listed. Nothing is invented; a new repository
 * is made by a button that says so.
 */
import { accountsFor } from "../app/accounts";
import { readRepositories } from "../app/repository-list";
import { onStale } from "../app/state.svelte";
import type { AccountView, LikelyPlace } from "../backend/backend";
import { foreign } from "../messages/foreign";
import { suggest } from "./names";

/** A repository that can be chosen. */
export interface Place {
  account: AccountView;
  repository: string;
  likely: LikelyPlace | null;
}

/** What becomes of the choice. */
export interface Going {
  to: (place: Place) => void;
  /** A repository that isn't listed: a new one, as far as is known; in the registry that was typed, where one was. */
  make: (repository: string, account: AccountView | null) => void;
}

interface Opened {
  /** The image's name; null where it has none. */
  label: string | null;
  likely: readonly LikelyPlace[];
  /** Those that the list is of: one where the image was dropped on it. */
  accounts: readonly AccountView[];
  /** The namespace dropped on. */
  namespace: string | null;
  going: Going;
}

export class PlaceChoice {
  readonly label: string | null;
  readonly namespace: string | null;
  typed = $state("");
  #listed = $state.raw<readonly Place[]>([]);
  readonly #likely: readonly Place[];
  readonly #accounts: readonly AccountView[];
  readonly #going: Going;

  constructor({ label, likely, accounts, namespace, going }: Opened) {
    [this.label, this.namespace, this.#accounts, this.#going] = [label, namespace, accounts, going];
    this.#likely = likely.flatMap((place) => {
      const account = accounts.find((one) => one.id === place.account);
      const inside = namespace === null || place.repository.startsWith(`${namespace}/`);
      return account && inside ? [{ account, repository: place.repository, likely: place }] : [];
    });
  }

  /** Every place by its path, the likely ones first. */
  readonly places = $derived.by(() => {
    const all = new Map<string, Place>();
    for (const place of [...this.#likely, ...this.#listed]) {
      const path = this.#pathOf(place);
      if (!all.has(path)) all.set(path, place);
    }
    return all;
  });

  /** The paths that fit what is typed: as they came, or those that begin with it first. */
  readonly options = $derived.by(() => {
    const paths = [...this.places.keys()];
    if (this.typed.trim() === "") return paths;
    return this.#fitting(paths);
  });

  /** The repository that would be made: what was typed, where it could be one and none is called so. */
  readonly fresh = $derived.by(() => {
    const host = this.#typedAccount?.host;
    const typed = this.typed.trim().slice(host === undefined ? 0 : host.length + 1);
    const start = this.namespace === null ? "" : `${this.namespace}/`;
    const name = typed.startsWith(start) ? typed : start + typed;
    const taken = [...this.places.values()].some((place) => place.repository === typed || place.repository === name);
    return taken ? start : name;
  });

  /** The account whose registry was typed before the name. */
  get #typedAccount(): AccountView | undefined {
    const typed = this.typed.trim();
    const [host] = this.#accounts.map((account) => account.host).filter((each) => typed.startsWith(`${each}/`));
    return host === undefined ? undefined : accountsFor(this.#accounts, host, typed.slice(host.length + 1))[0];
  }

  /** Returns the path that tells places of all registries apart, and of accounts that share one. */
  #pathOf({ account, repository }: Place): string {
    const several = this.#accounts.filter(({ host }) => host === account.host).length > 1;
    const path = `${account.host}/${repository}`;
    return several && account.user !== null ? `${path} · ${foreign(account.user)}` : path;
  }

  /** Reads what is listed, and reads it again where that changed. */
  open(): () => void {
    const read = (): void => void this.#read();
    read();
    return onStale((what) => what.of === "repositories", read);
  }

  take(path: string): void {
    const place = this.places.get(path);
    if (place) this.#going.to(place);
  }

  make(): void {
    this.#going.make(this.fresh, this.#typedAccount ?? null);
  }

  #fitting(paths: readonly string[]): readonly string[] {
    const typed = this.typed.trim();
    const byName = new Map<string, string[]>();
    for (const path of paths) {
      const name = this.places.get(path)?.repository ?? path;
      byName.set(name, [...(byName.get(name) ?? []), path]);
    }
    const named = suggest([...byName.keys()], typed, byName.size, false).flatMap((name) => byName.get(name) ?? []);
    const exact = byName.get(typed) ?? [];
    const rest = suggest(paths, typed, paths.length, false);
    return [...new Set([...exact, ...named, ...rest])];
  }

  async #read(): Promise<void> {
    const lists = await Promise.all(
      this.#accounts.map(async (account) => {
        const list = await readRepositories(account.id).catch(() => null);
        return (list?.names ?? []).map((repository) => ({ account, repository, likely: null }));
      }),
    );
    const inside = (place: Place): boolean =>
      this.namespace === null || place.repository.startsWith(`${this.namespace}/`);
    this.#listed = lists.flat().filter(inside);
  }
}
