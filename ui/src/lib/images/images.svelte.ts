/** The engine's images as the page shows them: read when it opens, and again when the backend says they changed. */
import { app, getBackend, onStale } from "../app/state.svelte";
import { asProblem, type AccountView, type ImageRow, type Problem } from "../backend/backend";
import { readName } from "../push/push.svelte";

class ImageArrival {
  /** Key of the image that the page shall show once it knows it. */
  key = $state<string | null>(null);
}

/** Where somebody was led who looked for an image. */
export const imageArrival = new ImageArrival();

export class ImagesView {
  /** Null until they were read once. */
  rows = $state.raw<readonly ImageRow[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  filter = $state("");
  /** Key of the row that has, or would get, the focus. */
  cursor = $state<string | null>(null);

  matching = $derived(matching(this.rows ?? [], this.filter));
  /** Index of the cursor's row; the first where it is gone; -1 in an empty list. */
  at = $derived.by(() => {
    const found = this.matching.findIndex((row) => row.key === this.cursor);
    return found >= 0 ? found : this.matching.length > 0 ? 0 : -1;
  });

  /** Reads, and listens until the returned function is called. */
  open(): () => void {
    const deaf = onStale(
      (what) => what.of === "images" || what.of === "engine",
      () => void this.read(),
    );
    void this.read();
    return deaf;
  }

  async read(): Promise<void> {
    try {
      const rows = await getBackend().images();
      this.rows = newestFirst(rows);
      this.problem = null;
      app.imageCount = rows.length;
    } catch (caught) {
      this.problem = asProblem(caught);
    }
  }

  /** Asks for the engine again, then for its images. */
  async refresh(): Promise<void> {
    try {
      await app.readEngine();
    } catch (caught) {
      this.problem = asProblem(caught);
    }
    await this.read();
  }

  /** Puts the cursor on an image; false where it is not there. */
  show(key: string): boolean {
    if (this.rows?.some((row) => row.key === key) !== true) return false;
    this.filter = "";
    this.cursor = key;
    return true;
  }

  move(step: number): void {
    const to = Math.min(this.matching.length - 1, Math.max(0, this.at + step));
    this.cursor = this.matching[to]?.key ?? null;
  }
}

/** Returns the rows whose name or id holds what was typed. */
export function matching(rows: readonly ImageRow[], typed: string): readonly ImageRow[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return rows;
  return rows.filter((row) => (row.name ?? "").toLowerCase().includes(wanted) || row.id.includes(wanted));
}

/** Parts a long name before its end, which tells images apart: the beginning gives way first. */
export function nameParts(name: string): { before: string; end: string } {
  const slash = name.lastIndexOf("/") + 1;
  return { before: name.slice(0, slash), end: name.slice(slash) };
}

/** Orders rows newest first, those without a time last. Stable. */
export function newestFirst(rows: readonly ImageRow[]): ImageRow[] {
  return [...rows].sort((a, b) => (b.created ?? -Infinity) - (a.created ?? -Infinity) || 0);
}

/**
 * Returns the account that "Push to…" begins with: the one the image's name speaks of, else the first that can be used.
 */
export function likelyAccount(name: string | null, accounts: readonly AccountView[]): AccountView | undefined {
  const usable = accounts.filter((account) => account.state !== "signedOut" && account.state !== "keychainUnavailable");
  const host = name === null ? null : readName(name).host;
  return usable.find((account) => account.host === host) ?? usable[0];
}
