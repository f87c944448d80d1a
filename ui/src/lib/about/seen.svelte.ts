// Carrying what this computer has seen: an export to a file, an import from one.

import { getBackend } from "../app/state.svelte";
import { asProblem, type Exported, type Imported, type Problem } from "../backend/backend";
import { words } from "../messages";

/** Larger files are refused before they are read. */
export const LARGEST = 32 * 1024 * 1024;

export class Seen {
  readonly account: string;
  readonly repository: string;
  busy = $state<"export" | "import" | null>(null);
  /** The file that is being read. */
  reading = $state("");
  exported = $state.raw<Exported | null>(null);
  imported = $state.raw<Imported | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Why the file was not read. */
  refused = $state<string | null>(null);

  constructor(account: string, repository: string) {
    this.account = account;
    this.repository = repository;
  }

  async export(all: boolean): Promise<void> {
    await this.#do("export", async () => {
      const backend = getBackend();
      this.exported = await (all ? backend.exportSeen(null, null) : backend.exportSeen(this.account, this.repository));
    });
  }

  async import(file: File): Promise<void> {
    await this.#do("import", async () => {
      if (file.size > LARGEST) {
        this.refused = words.about.seen.tooLarge(file.name);
        return;
      }
      this.reading = file.name;
      let text: string;
      try {
        text = await file.text();
      } catch {
        this.refused = words.about.seen.unreadable(file.name);
        return;
      }
      this.imported = await getBackend().importSeen(text);
    });
  }

  async #do(what: "export" | "import", act: () => Promise<void>): Promise<void> {
    if (this.busy !== null) return;
    this.busy = what;
    this.exported = null;
    this.imported = null;
    this.problem = null;
    this.refused = null;
    try {
      await act();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.busy = null;
      this.reading = "";
    }
  }
}
