/** Which image a repository gets: the engine's images, the newest first. */
import { asProblem, type Backend, type ImageRow, type Problem } from "../backend/backend";
import { shortDigest } from "../messages/format";

/** An image that was chosen. */
export interface Chosen {
  imageId: string;
  name: string | null;
}

export class ImageChoice {
  readonly repository: string;
  typed = $state("");
  /** Null until they were read. */
  rows = $state.raw<readonly ImageRow[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  readonly #door: Pick<Backend, "images">;
  readonly #take: (chosen: Chosen) => void;

  constructor(door: Pick<Backend, "images">, repository: string, take: (chosen: Chosen) => void) {
    [this.#door, this.repository, this.#take] = [door, repository, take];
    void this.read();
  }

  /** The images by what the list calls them. */
  readonly images = $derived(new Map(newest(this.rows ?? []).map((row) => [row.name ?? shortDigest(row.id), row])));
  readonly options = $derived.by(() => {
    const wanted = this.typed.trim().toLowerCase();
    const fits = ([name, row]: [string, ImageRow]): boolean =>
      name.toLowerCase().includes(wanted) || row.id.includes(wanted);
    return [...this.images].filter(fits).map(([name]) => name);
  });

  async read(): Promise<void> {
    try {
      [this.rows, this.problem] = [await this.#door.images(), null];
    } catch (caught) {
      this.problem = asProblem(caught);
    }
  }

  take(option: string): void {
    const row = this.images.get(option);
    if (row) this.#take({ imageId: row.id, name: row.name });
  }
}

function newest(rows: readonly ImageRow[]): ImageRow[] {
  return [...rows].sort((a, b) => (b.created ?? -Infinity) - (a.created ?? -Infinity) || 0);
}
