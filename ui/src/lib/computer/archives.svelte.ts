/**
 * The sheets that save images to a file and load them from one: where to, what from, and what would move. Not here: the
 * bytes (a task of the backend). It grows by another form of archive.
 */
import { getBackend } from "../app/state.svelte";
import { asProblem, type LoadPlan, type Problem } from "../backend/backend";

/** How long nothing more is typed before a file is looked at (ms). */
const REST = 250;

/** Images that are to be saved. */
export class SaveDraft {
  /** Names, or ids of what has none. */
  readonly images: readonly string[];
  /** Empty: the downloads. */
  folder = $state("");
  problem = $state.raw<Problem | null>(null);
  sending = $state(false);

  constructor(images: readonly string[]) {
    this.images = images;
  }

  /** Begins; true where the order was taken. */
  async go(): Promise<boolean> {
    if (this.sending) return false;
    [this.sending, this.problem] = [true, null];
    const folder = this.folder.trim();
    try {
      await getBackend().startSave({ images: [...this.images], folder: folder === "" ? null : folder });
      return true;
    } catch (caught) {
      this.problem = asProblem(caught);
      return false;
    } finally {
      this.sending = false;
    }
  }
}

/** A file that is to be loaded. */
export class LoadDraft {
  path = $state("");
  plan = $state.raw<LoadPlan | null>(null);
  looking = $state(false);
  problem = $state.raw<Problem | null>(null);
  sending = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  constructor(path: string) {
    this.path = path;
    void this.look();
  }

  get ready(): boolean {
    return this.plan !== null && !this.looking && !this.sending;
  }

  /** Looks after a rest: the path was typed. */
  changed(): void {
    clearTimeout(this.#timer);
    this.#round += 1;
    [this.problem, this.plan, this.looking] = [null, null, this.path.trim() !== ""];
    this.#timer = setTimeout(() => void this.look(), REST);
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    const path = this.path.trim();
    const round = (this.#round += 1);
    this.looking = path !== "";
    if (path === "") return;
    try {
      const plan = await getBackend().planLoad(path);
      if (round === this.#round) [this.plan, this.problem] = [plan, null];
    } catch (caught) {
      if (round === this.#round) [this.plan, this.problem] = [null, asProblem(caught)];
    } finally {
      if (round === this.#round) this.looking = false;
    }
  }

  /** Begins; true where the order was taken. */
  async go(): Promise<boolean> {
    const { plan } = this;
    if (plan === null || !this.ready) return false;
    [this.sending, this.problem] = [true, null];
    try {
      await getBackend().startLoad({ path: plan.path, moves: plan.taken.map(({ name }) => name) });
      return true;
    } catch (caught) {
      this.problem = asProblem(caught);
      return false;
    } finally {
      this.sending = false;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#round += 1;
  }
}

class Archives {
  saving = $state.raw<SaveDraft | null>(null);
  loading = $state.raw<LoadDraft | null>(null);

  close(): void {
    this.loading?.close();
    [this.saving, this.loading] = [null, null];
  }
}

export const archives = new Archives();

/** Opens the sheet that saves images, by their names, or ids. */
export function openSave(images: readonly string[]): void {
  archives.close();
  archives.saving = new SaveDraft(images);
}

/** Opens the sheet that loads an archive. */
export function openLoad(path = ""): void {
  archives.close();
  archives.loading = new LoadDraft(path);
}
