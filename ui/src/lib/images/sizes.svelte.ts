/**
 * How the images' sizes are made up: asked in the background once the list stands there, and again when other images are
 * in it; one question at a time. Not here: when a list is read (`computer/list`), and how it is drawn.
 */
import { getBackend } from "../app/state.svelte";
import type { ImageRow, ImageSize } from "../backend/backend";

/** How long a list stands there before it is asked about (ms). */
const REST = 200;

/** An engine may know of none: then nothing keeps room for it. Remembered from one opening of the page to the next. */
let silent = $state(false);

export class Sizes {
  /** What is known, by the image's id. Of all others it isn't. */
  known = $state.raw<ReadonlyMap<string, ImageSize>>(new Map());
  /** Which images are on show, and of which it was told. */
  #listed = "";
  #told: string | null = null;
  #asking = false;
  #closed = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** The engine tells of some image, or wasn't asked yet. */
  get some(): boolean {
    return !silent;
  }

  /** Takes the list that is on show now. */
  listed(rows: readonly ImageRow[]): void {
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
    const asked = this.#listed;
    let sizes: readonly ImageSize[] = [];
    try {
      sizes = await getBackend().imageSizes();
    } catch {
      // The list says what is wrong with the engine.
    }
    this.#asking = false;
    if (this.#closed) return;
    this.known = new Map(sizes.map((size) => [size.id, size]));
    silent = sizes.length === 0;
    // Of one that tells nothing now it is asked again with the next list.
    this.#told = silent ? null : asked;
    if (this.#listed !== asked) void this.#ask();
  }
}
