/** The engine's images as the page shows them: read when it opens, and again when the backend says they changed. */
import { app, getBackend, onStale } from "../app/state.svelte";
import { asProblem, type ImageFacts, type ImageRow, type Problem, type UsedBy } from "../backend/backend";
import { placeText } from "../computer/place";
import { words } from "../messages";
import { spoken } from "../messages/facts";
import { bytes, count, shortDigest, when } from "../messages/format";
import { Sight } from "../shared/list/sight";

export type ImageOrder = "newest" | "oldest" | "name" | "nameDown" | "largest" | "smallest";
export type ImageTab = "all" | "notPushed" | "dangling";

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
  tab = $state<ImageTab>("all");
  /** What was told of images that were in sight, by their id. */
  facts = $state.raw<ReadonlyMap<string, ImageFacts>>(new Map());
  readonly #sight = new Sight((ids) => void this.#ask(ids));

  notPushed = $derived((this.rows ?? []).filter(isNotPushed));
  dangling = $derived((this.rows ?? []).filter((row) => row.dangling));
  /** The rows of the part on show. */
  part: readonly ImageRow[] = $derived(
    { all: this.rows ?? [], notPushed: this.notPushed, dangling: this.dangling }[this.tab],
  );
  matching = $derived(matching(ordered(this.part, this.order), this.filter));
  /** Index of the cursor's row; the first where it is gone; -1 in an empty list. */
  at = $derived.by(() => {
    const found = this.matching.findIndex((row) => row.key === this.cursor);
    return found >= 0 ? found : this.matching.length > 0 ? 0 : -1;
  });

  /** Reads, and listens until the returned function is called. */
  open(): () => void {
    const deaf = onStale(
      (what) => what.of === "images" || what.of === "containers" || what.of === "engine",
      () => void this.read(),
    );
    void this.read();
    return () => {
      deaf();
      this.#sight.close();
    };
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

  /** Takes which rows are in sight: what the list doesn't tell is asked for these. */
  see(first: number, last: number): void {
    const unknown = this.matching.slice(first, last + 1).filter((row) => row.platforms.length === 0);
    this.#sight.see(unknown.map((row) => row.id));
  }

  async #ask(ids: string[]): Promise<void> {
    try {
      const told = await getBackend().imageFacts(ids);
      if (told.length === 0) return;
      const facts = new Map(this.facts);
      for (const each of told) facts.set(each.id, each);
      this.facts = facts;
    } catch {
      // The list says what is wrong with the engine.
    }
  }

  /** Puts the cursor on an image; false where it is not there. */
  show(key: string): boolean {
    const found = this.rows?.find((row) => row.key === key || row.id === key);
    if (found === undefined) return false;
    this.filter = "";
    this.tab = "all";
    this.cursor = found.key;
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

/** Tells whether an image with a name is in no registry, as far as anybody here knows. */
function isNotPushed({ place, name }: ImageRow): boolean {
  return name !== null && (place.kind === "notPushed" || place.kind === "newer");
}

/** Returns which containers use an image, in a few words. */
export function usedText({ names, more }: UsedBy): string {
  return more === 0 ? names.join(", ") : words.images.andMore(names.join(", "), count(more));
}

/** Returns what a row is called, in the words of the engine. */
export function nameOf(row: ImageRow): string {
  return row.name ?? words.shared.noName;
}

/** Returns what a row says when it is read aloud. */
export function spokenOf(row: ImageRow, now: number): string {
  const built = row.created === null ? null : words.images.builtWhen(when(row.created, now));
  const used = row.usedBy === null || row.usedBy.names.length === 0 ? null : words.images.usedBy(usedText(row.usedBy));
  return spoken([nameOf(row), shortDigest(row.id), built, bytes(row.size), used, placeText(row.place)]);
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
