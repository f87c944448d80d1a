/**
 * How the images' sizes are made up: asked in the background once the list stands there, and again when other images are
 * in it; one question at a time. Not here: when a list is read (`computer/list`), and how it is drawn.
 */
import { app, getBackend } from "../app/state.svelte";
import type { ImageRow, ImageSize } from "../backend/backend";

/** How long a list stands there before it is asked about (ms). */
const REST = 200;

/** What is known of the engine in use, by the image's id; kept from one opening of the page to the next. */
let known = $state.raw<ReadonlyMap<string, ImageSize>>(new Map());
/** An engine may know of none: then nothing keeps room for it. */
let silent = $state(false);
/** The engine that was asked. */
let engine: string | null = null;

/** Forgets what is known: another engine is used. */
export function forgetSizes(): void {
  [known, silent, engine] = [new Map(), false, null];
}

export class Sizes {
  /** Which images are on show, and of which it was told. */
  #listed = "";
  #told: string | null = null;
  #asking = false;
  #closed = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** What is known, by the image's id. Of all others it isn't. */
  get known(): ReadonlyMap<string, ImageSize> {
    return known;
  }

  /** The engine tells of some image, or hasn't answered yet. */
  get some(): boolean {
    return !silent;
  }

  /** Takes the list that is on show now. */
  listed(rows: readonly ImageRow[]): void {
    const used = app.engine?.kind === "ready" ? app.engine.id : null;
    if (used !== null && used !== engine) {
      forgetSizes();
      this.#told = null;
      engine = used;
    }
    this.#listed = rows.map(({ id, size }) => `${id} ${size}`).join();
    if (this.#listed === this.#told || this.#listed === "") return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#ask(), REST);
  }

  open(): void {
    this.#closed = false;
  }

  /** Asks for nothing more. */
  close(): void {
    clearTimeout(this.#rest);
    this.#closed = true;
  }

  async #ask(): Promise<void> {
    if (this.#asking || this.#closed) return;
    this.#asking = true;
    const [asked, whose] = [this.#listed, engine];
    const answer = await answered();
    this.#asking = false;
    if (this.#closed) return;
    const sizes = whose === engine ? answer : null; // what another engine tells is of its images
    if (sizes !== null) {
      known = new Map(sizes.map((size) => [size.id, size]));
      silent = sizes.length === 0;
    }
    // Of one that tells nothing, or gives no answer now, it is asked again with the next list.
    this.#told = sizes === null || silent ? null : asked;
    if (this.#listed !== asked) void this.#ask();
  }
}

/** Returns what the engine tells; null where it gave no answer, of which the list says what is wrong. */
async function answered(): Promise<readonly ImageSize[] | null> {
  try {
    return await getBackend().imageSizes();
  } catch {
    return null;
  }
}
