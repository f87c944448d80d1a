// Whether the palette is open, what was typed, what was found, and where an entry leads.

import { arrival } from "../app/arriving.svelte";
import { commands } from "../app/commands.svelte";
import { app, getBackend } from "../app/state.svelte";
import type { FoundName, ImageRow } from "../backend/backend";
import { imageArrival } from "../computer/arrival.svelte";
import { openSearch } from "../search/search.svelte";
import { openTyped } from "../repositories/path.svelte";
import { entriesOf, pathOf, publicOf, type Entry } from "./entries";

/** How long nothing more is typed before all names are walked (ms). */
const REST = 120;

class Palette {
  open = $state(false);
  typed = $state("");
  /** Key of the entry that was gone to; none yet: the first. What is found later doesn't change which one that is. */
  #chosen = $state<string | null>(null);
  #names = $state.raw<readonly FoundName[]>([]);
  #images = $state.raw<readonly ImageRow[]>([]);
  /** Settles when the first answer to what is typed now is there. */
  #answered: Promise<void> = Promise.resolve();
  #asked = 0;

  entries = $derived.by((): Entry[] => {
    if (!this.open) return [];
    const here = app.place.kind === "repository" ? app.place : null;
    const known = entriesOf(this.typed, {
      names: this.#names,
      accounts: app.accounts,
      images: this.#images,
      recent: app.recent,
      commands: commands.all(),
      here,
    });
    return [...known, ...pathOf(this.typed), ...publicOf(this.typed)];
  });

  /** Index of the entry that Enter takes; -1 where there is none. */
  at = $derived.by((): number => {
    const at = this.entries.findIndex((entry) => entry.key === this.#chosen);
    return at < 0 ? Math.min(0, this.entries.length - 1) : at;
  });

  show(): void {
    [this.open, this.typed, this.#chosen, this.#names, this.#images] = [true, "", null, [], []];
    if (app.engine?.kind !== "ready") return;
    const images = getBackend().images();
    images.then((rows) => (this.#images = rows)).catch(() => (this.#images = [])); // it finds all else
  }

  close(): void {
    this.open = false;
    this.#asked += 1;
  }

  type(typed: string): void {
    [this.typed, this.#chosen] = [typed, null];
    this.#asked += 1;
    this.#answered = this.#find(typed.trim(), this.#asked);
  }

  /** Asks for what begins so, which is there at once, and then for what has it inside. */
  async #find(typed: string, asked: number): Promise<void> {
    if (typed === "") {
      this.#names = [];
      return;
    }
    const take = (names: readonly FoundName[]): void => {
      if (asked === this.#asked) this.#names = names;
    };
    // A cache that can't be read is told by the page that needs it.
    take(
      await getBackend()
        .find(typed, false)
        .catch(() => []),
    );
    // All that is cached is walked once the fingers rest; Enter doesn't wait for it.
    setTimeout(() => {
      if (asked !== this.#asked) return;
      const whole = getBackend().find(typed, true);
      whole.then(take).catch(() => undefined);
    }, REST);
  }

  move(step: number): void {
    const last = this.entries.length - 1;
    const to = this.at + step;
    // A ring for single steps; a page stops at the ends.
    this.goTo(Math.abs(step) > 1 ? Math.min(Math.max(0, to), Math.max(0, last)) : to > last ? 0 : to < 0 ? last : to);
  }

  goTo(index: number): void {
    this.#chosen = this.entries[index]?.key ?? null;
  }

  /** Takes the entry under the cursor, once what was typed is answered. Returns it. */
  async enter(): Promise<Entry | undefined> {
    await this.#answered;
    return this.entries[this.at];
  }
}

export const palette = new Palette();

/** Tells whether an entry leads to another page, which gets the focus then. */
export function leads(entry: Entry): boolean {
  return entry.what.go !== "action";
}

/** Goes where an entry leads, or does what it says. */
export function take({ what }: Entry): void {
  switch (what.go) {
    case "repository":
      return app.go({ kind: "repository", account: what.account, repository: what.repository });
    case "tag":
      app.go({ kind: "repository", account: what.account, repository: what.repository });
      arrival.tag = { account: what.account, repository: what.repository, tag: what.tag ?? "" };
      return;
    case "account":
      return app.go({ kind: "repositories", account: what.account, namespace: null });
    case "image":
      app.go({ kind: "images" });
      imageArrival.key = what.image;
      return;
    case "search":
      return openSearch(what.typed);
    case "path":
      return void openTyped(what.typed);
    case "action":
      what.command.run?.();
  }
}
