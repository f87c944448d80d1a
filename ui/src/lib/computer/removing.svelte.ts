/**
 * The sheet that removes names and images of this computer: what would go, then one image after the other, each looked at
 * again by the backend. Closing it ends it after the image at hand. Not here: what may go (the backend says).
 */
import { getBackend } from "../app/state.svelte";
import { asProblem, type Problem, type RemoveItem, type RemovePlan, type RemoveRow } from "../backend/backend";

/** What was asked for: some rows, or all images that nothing holds. */
export type Asked = { kind: "rows"; rows: readonly RemoveRow[] } | { kind: "cleanUp" };

export class RemoveDraft {
  readonly asked: Asked;
  plan = $state.raw<RemovePlan | null>(null);
  problem = $state.raw<Problem | null>(null);
  planning = $state(false);
  /** How many were taken in hand; null before it began. */
  done = $state<number | null>(null);
  /** What stayed although it was to go, by the image's id. */
  failed = $state.raw<ReadonlyMap<string, Problem>>(new Map());
  #closed = false;

  /** What can go: an image that a container uses only loses names that are not its last. */
  goes: readonly RemoveItem[] = $derived((this.plan?.items ?? []).filter(canGo));

  constructor(asked: Asked) {
    this.asked = asked;
  }

  async ask(): Promise<void> {
    this.planning = true;
    this.problem = null;
    try {
      const { asked } = this;
      const backend = getBackend();
      this.plan = await (asked.kind === "rows" ? backend.planRemove([...asked.rows]) : backend.planCleanUp());
    } catch (caught) {
      this.problem = asProblem(caught);
    }
    this.planning = false;
  }

  /** Removes; true where all went. */
  async remove(): Promise<boolean> {
    if (this.done !== null) return false;
    this.done = 0;
    for (const item of this.goes) {
      if (this.#closed) return false;
      try {
        await getBackend().removeImage({ id: item.id, names: item.goes, whole: item.whole });
      } catch (caught) {
        this.failed = new Map([...this.failed, [item.id, asProblem(caught)]]);
      }
      this.done += 1;
    }
    return this.failed.size === 0;
  }

  close(): void {
    this.#closed = true;
  }
}

export function canGo({ whole, usedBy }: RemoveItem): boolean {
  return !whole || usedBy.names.length === 0;
}

class Removing {
  draft = $state.raw<RemoveDraft | null>(null);

  open(asked: Asked): void {
    this.draft?.close();
    this.draft = new RemoveDraft(asked);
    void this.draft.ask();
  }

  close(): void {
    this.draft?.close();
    this.draft = null;
  }
}

export const removing = new Removing();
