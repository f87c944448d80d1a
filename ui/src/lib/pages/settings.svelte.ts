/** What the page of settings does: fields that are typed into until they are left, and the question before a reset. */
import { isContext } from "../app/engines.svelte";
import { settings } from "../app/settings.svelte";
import { asProblem, type AppSettings, type Problem } from "../backend/backend";
import { words } from "../messages";

/** The settings that are typed. */
type Typed = "engine" | "downloads";

/** Returns what stands in a field. An engine that was chosen by the name of its context has no address of its own. */
function shown(name: Typed): string {
  const value = settings.values[name] ?? "";
  return name === "engine" && isContext(value) ? "" : value;
}

export class SettingsForm {
  engine = $state(shown("engine"));
  downloads = $state(shown("downloads"));
  /** Why what was typed can't be so, by field. */
  refused = $state.raw<Partial<Record<Typed, string>>>({});
  /** Why something else could not be changed. */
  problem = $state.raw<Problem | null>(null);
  /** The question before a reset is open. */
  asking = $state(false);
  /** What is read aloud. */
  said = $state("");

  /** Changes what is chosen, at once. */
  change(changes: Partial<AppSettings>): void {
    this.problem = null;
    settings.change(changes).catch((thrown: unknown) => (this.problem = asProblem(thrown)));
  }

  /** Chooses an engine of the list; the field says its address, where it has one. */
  chooseEngine(engine: string | null): void {
    this.change({ engine });
    this.forget("engine");
  }

  /** Takes what was typed; what can't be stays in its field, with the reason. */
  async type(name: Typed): Promise<void> {
    const typed = this[name].trim();
    if (typed === shown(name)) return this.#tell(name, undefined);
    try {
      await settings.change({ [name]: typed === "" ? null : typed });
      this.#tell(name, undefined);
      this[name] = shown(name);
    } catch (thrown) {
      const { message, hints } = asProblem(thrown);
      this.#tell(name, [message, ...hints].join(" "));
    }
  }

  /** Puts back into a field what is set. */
  forget(name: Typed): void {
    this[name] = shown(name);
    this.#tell(name, undefined);
  }

  /** Sets all as it is by itself, once that was asked. */
  async reset(): Promise<void> {
    this.asking = false;
    this.problem = null;
    try {
      await settings.reset();
      for (const name of ["engine", "downloads"] as const) this.forget(name);
      this.said = words.settings.resetDone;
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  #tell(name: Typed, why: string | undefined): void {
    this.refused = { ...this.refused, [name]: why };
  }
}
