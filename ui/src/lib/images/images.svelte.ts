/** The engine's images as the page shows them: read when it opens, and again when the backend says they changed. */
import { app, getBackend, onStale } from "../app/state.svelte";
import { asProblem, type ImageRow, type Problem } from "../backend/backend";
import { words } from "../messages";
import { behindText, spoken } from "../messages/facts";
import { bytes, shortDigest, when } from "../messages/format";

export type ImageOrder = "newest" | "oldest" | "name" | "nameDown" | "largest" | "smallest";

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
  /** It is being read. */
  reading = $state(false);
  #readings = 0;
  filter = $state("");
  /** Key of the row that has, or would get, the focus. */
  cursor = $state<string | null>(null);

  order = $state<ImageOrder>("newest");

  matching = $derived.by(() => matching(ordered(this.rows ?? [], this.order), this.filter));
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
    this.#readings += 1;
    this.reading = true;
    try {
      const rows = await getBackend().images();
      this.rows = rows;
      this.problem = null;
      app.imageCount = rows.length;
    } catch (caught) {
      this.problem = asProblem(caught);
    }
    this.#readings -= 1;
    this.reading = this.#readings > 0;
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

/** Returns what a row is called, in the words of the engine. */
export function nameOf(row: ImageRow): string {
  return row.name ?? words.shared.noName;
}

/** Returns what a row says when it is read aloud. */
export function spokenOf(row: ImageRow, now: number): string {
  const { place } = row;
  const where = {
    notPushed: () => words.images.notPushed,
    known: () => (place.kind === "known" ? words.images.known(place.repository) : ""),
    active: () => (place.kind === "active" ? words.repository.here.activeOf(place.tag) : ""),
    older: () => (place.kind === "older" ? behindText(place.tag, place) : ""),
  }[place.kind]();
  const built = row.created === null ? null : words.images.builtWhen(when(row.created, now));
  return spoken([nameOf(row), shortDigest(row.id), built, bytes(row.size), where]);
}

/** Returns how many letters of a name are the path to its end, which tells images apart. */
export function pathOf(name: string): number {
  return name.lastIndexOf("/") + 1;
}

const byName = new Intl.Collator("en", { numeric: true });

/** Orders rows; those of which it is not known stand last either way. Stable. */
export function ordered(rows: readonly ImageRow[], order: ImageOrder): ImageRow[] {
  const times = (down: boolean) => (a: ImageRow, b: ImageRow) => {
    if (a.created === null || b.created === null) return Number(a.created === null) - Number(b.created === null);
    return down ? b.created - a.created : a.created - b.created;
  };
  const names = (down: boolean) => (a: ImageRow, b: ImageRow) => {
    if (a.name === null || b.name === null) return Number(a.name === null) - Number(b.name === null);
    return down ? byName.compare(b.name, a.name) : byName.compare(a.name, b.name);
  };
  const compare = {
    newest: times(true),
    oldest: times(false),
    name: names(false),
    nameDown: names(true),
    largest: (a: ImageRow, b: ImageRow) => b.size - a.size,
    smallest: (a: ImageRow, b: ImageRow) => a.size - b.size,
  }[order];
  return [...rows].sort(compare);
}
