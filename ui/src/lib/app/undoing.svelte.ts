/**
 * Putting back what a deletion took. A deletion offers *Undo* in more than one place (the line at the bottom, its row
 * in the activity list, the sheet that pruned), and is put back once.
 */
import { getBackend } from "./state.svelte";
import { ended, removed, type Removed } from "./waiting";

class Undoing {
  /** Deletions that are being put back, or were. */
  taken = $state.raw<ReadonlySet<string>>(new Set());

  /** Begins to put one back; resolves with the task's id. */
  async begin(undo: string): Promise<string> {
    this.taken = new Set([...this.taken, undo]);
    try {
      const id = await getBackend().undoDelete(undo);
      ended(id).then(
        ({ outcome }) => (outcome?.kind === "removed" && outcome.undo === null) || this.#offer(undo),
        () => this.#offer(undo),
      );
      return id;
    } catch (caught) {
      this.#offer(undo);
      throw caught;
    }
  }

  /** Puts one back, and resolves with what came of it. */
  async run(undo: string): Promise<Removed> {
    return removed(await this.begin(undo));
  }

  /** Notes that it, or a part of it, can still be put back. */
  #offer(undo: string): void {
    this.taken = new Set([...this.taken].filter((each) => each !== undo));
  }
}

export const undoing = new Undoing();
