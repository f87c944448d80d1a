/** The engine's images as the page shows them. */
import { app, getBackend } from "../app/state.svelte";
import type { ImageFacts, ImageRow, ImageSize, UsedBy } from "../backend/backend";
import { EngineList } from "../computer/list.svelte";
import { placeText } from "../computer/place";
import { words } from "../messages";
import { spoken } from "../messages/facts";
import { bytes, count, shortDigest, when } from "../messages/format";
import type { Choosing } from "../shared/list/choosing";
import { Selection } from "../shared/list/selection.svelte";
import { Sizes } from "./sizes.svelte";

export type ImageOrder = "newest" | "oldest" | "name" | "nameDown" | "largest" | "smallest";
export type ImageTab = "all" | "notPushed" | "dangling";

export class ImagesView extends EngineList<ImageRow, ImageFacts> implements Choosing {
  tab = $state<ImageTab>("all");
  order = $state<ImageOrder>("newest");
  readonly sizes = new Sizes();

  notPushed = $derived((this.rows ?? []).filter(isNotPushed));
  dangling = $derived((this.rows ?? []).filter((row) => row.dangling));
  /** The rows of the part on show. */
  part: readonly ImageRow[] = $derived(
    { all: this.rows ?? [], notPushed: this.notPushed, dangling: this.dangling }[this.tab],
  );
  override readonly matching = $derived(matching(ordered(this.part, this.order), this.filter));

  /** Keys of the rows that are chosen for one act. */
  readonly selection = new Selection(() => this.matching.map(({ key }) => key));
  /** These rows. */
  chosen: readonly ImageRow[] = $derived(this.matching.filter(({ key }) => this.selection.has(key)));

  override open(): () => void {
    this.sizes.open();
    const close = super.open();
    return () => {
      close();
      this.sizes.close();
    };
  }

  protected override keyOf(row: ImageRow): string {
    return row.key;
  }

  protected override list(): Promise<readonly ImageRow[]> {
    return getBackend().images();
  }

  protected override took(rows: readonly ImageRow[]): void {
    app.imageCount = rows.length;
    this.sizes.listed(rows);
    this.selection.keep(rows.map(({ key }) => key));
  }

  protected override tell(ids: string[]): Promise<readonly ImageFacts[]> {
    return getBackend().imageFacts(ids);
  }

  protected override lacks(row: ImageRow): boolean {
    return row.platforms.length === 0;
  }

  choosing(step: 1 | -1): boolean {
    const row = this.matching[this.at + step];
    if (row !== undefined) this.chooseTo(row.key);
    return row !== undefined;
  }

  chooseOne(): boolean {
    const row = this.matching[this.at];
    if (row !== undefined) this.selection.toggle(row.key);
    return row !== undefined;
  }

  /** Chooses every row from the cursor's to this one, which gets the cursor. */
  chooseTo(key: string): void {
    this.selection.extend(this.matching[this.at]?.key ?? key, key);
    this.cursor = key;
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

/** Returns how an image's size is made up, in a line. */
export function sizeText({ shared, unique }: ImageSize): string {
  return words.images.sizeOf(bytes(unique), shared === 0 ? null : bytes(shared));
}

/** Returns what a row says when it is read aloud. */
export function spokenOf(row: ImageRow, size: ImageSize | undefined, now: number): string {
  const built = row.created === null ? null : words.images.builtWhen(when(row.created, now));
  const used = row.usedBy === null || row.usedBy.names.length === 0 ? null : words.images.usedBy(usedText(row.usedBy));
  const own = size && words.images.uniqueOf(bytes(size.unique));
  return spoken([nameOf(row), shortDigest(row.id), built, bytes(row.size), own, used, placeText(row.place)]);
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
