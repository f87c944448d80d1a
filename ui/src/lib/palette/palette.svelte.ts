// Whether the palette is open, what was typed, what was found, and where an entry leads.

import { commands } from "../app/commands.svelte";
import { app, getBackend } from "../app/state.svelte";
import type { FoundName, ImageRow } from "../backend/backend";
import { imageArrival } from "../images/images.svelte";
import { arrival } from "../watching/arrival.svelte";
import { entriesOf, type Entry } from "./entries";

class Palette {
  open = $state(false);
  typed = $state("");
  /** Index of the entry that Enter takes. */
  at = $state(0);
  #names = $state.raw<readonly FoundName[]>([]);
  #images = $state.raw<readonly ImageRow[]>([]);
  /** Settles when the first answer to what is typed now is there. */
  #answered: Promise<void> = Promise.resolve();
  #asked = 0;

  entries = $derived.by((): Entry[] => {
    if (!this.open) return [];
    const here = app.place.kind === "repository" ? app.place : null;
    return entriesOf(this.typed, {
      names: this.#names,
      accounts: app.accounts,
      images: this.#images,
      recent: app.recent,
      commands: commands.all(),
      here,
    });
  });

  show(): void {
    [this.open, this.typed, this.at, this.#names] = [true, "", 0, []];
    if (app.engine?.kind !== "ready") return;
    const images = getBackend().images();
    images.then((rows) => (this.#images = rows)).catch(() => (this.#images = [])); // it finds all else
  }

  close(): void {
    this.open = false;
    this.#asked += 1;
  }

  type(typed: string): void {
    [this.typed, this.at] = [typed, 0];
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
    if (asked !== this.#asked) return;
    const whole = getBackend().find(typed, true);
    whole.then(take).catch(() => undefined);
  }

  move(step: number): void {
    const last = this.entries.length - 1;
    const to = this.at + step;
    // A ring for single steps; a page stops at the ends.
    this.at = Math.abs(step) > 1 ? Math.min(Math.max(0, to), Math.max(0, last)) : to > last ? 0 : to < 0 ? last : to;
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
    case "action":
      what.command.run?.();
  }
}
