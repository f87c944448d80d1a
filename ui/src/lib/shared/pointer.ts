// Where the pointer is, for what comes and goes only while it is not over what it would push away.

import type { Attachment } from "svelte/attachments";

export class PointerRegion {
  /** The pointer is over the region. */
  over = false;
  readonly #left: () => void;

  /** Makes one that calls `left` whenever the pointer has left the region. */
  constructor(left: () => void) {
    this.#left = left;
  }

  /** Attached to the element that is the region. */
  readonly region: Attachment<HTMLElement> = (node) => {
    const enter = (): void => {
      this.over = true;
    };
    const leave = (): void => {
      this.over = false;
      this.#left();
    };
    node.addEventListener("pointerenter", enter);
    node.addEventListener("pointerleave", leave);
    return () => {
      node.removeEventListener("pointerenter", enter);
      node.removeEventListener("pointerleave", leave);
    };
  };
}
