// Rows that the pointer is over stand still: what comes above them covers what stands there, until the pointer leaves.

import type { Attachment } from "svelte/attachments";

export class Still {
  /** The pointer is over the rows. */
  over = $state(false);

  /** Attached to what must not be pushed away. */
  readonly rows: Attachment<HTMLElement> = (node) => {
    const enter = (): void => void (this.over = true);
    const leave = (): void => void (this.over = false);
    node.addEventListener("pointerenter", enter);
    node.addEventListener("pointerleave", leave);
    return () => {
      node.removeEventListener("pointerenter", enter);
      node.removeEventListener("pointerleave", leave);
      leave();
    };
  };
}
