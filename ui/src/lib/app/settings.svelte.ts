/**
 * What the person has set for the whole app, as the window knows it. A change holds at once; the backend keeps it, and says
 * what came of it. Not here: what a setting is called, and the page of them (`pages`).
 */
import type { AppSettings, Problem, SettingsView, ThemeChoice } from "../backend/backend";
import { getBackend } from "../backend/current";

/** The sizes of everything, in percent, that Ctrl + and − go through. */
export const SIZES = [50, 67, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300] as const;
const NORMAL = 100;

const NOTHING: SettingsView = {
  values: {
    theme: "system",
    textSize: NORMAL,
    watchMinutes: 5,
    pushKeeps: "asFits",
    engine: null,
    downloads: null,
    logRequests: false,
  },
  file: "",
  downloads: "",
  log: "",
  faults: "",
  problem: null,
};

class Settings {
  view = $state.raw<SettingsView>(NOTHING);
  /** What was told of the file and has been read: the same is not told again. */
  #dismissed = $state<string | null>(null);
  /** What the backend said last that is set: not what is still on its way to it, nor what it refused. */
  #confirmed: AppSettings = NOTHING.values;
  /** Changes that are on their way, one after the other: each carries all that is confirmed by then. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  get values(): AppSettings {
    return this.view.values;
  }

  /** What is to be told of the file; null where it was read, or nothing is. */
  get told(): Problem | null {
    const { problem } = this.view;
    return problem?.message === this.#dismissed ? null : problem;
  }

  /** Takes it that what is told of the file has been read. */
  dismiss(): void {
    this.#dismissed = this.view.problem?.message ?? null;
  }

  take(view: SettingsView): void {
    this.#confirmed = view.values;
    if (view.problem === null) this.#dismissed = null; // it comes back as news
    this.#show(view);
  }

  /** Changes some of it. Rejects with why it can't be so, and then all is as it was. */
  change(changes: Partial<AppSettings>): Promise<void> {
    this.#show({ ...this.view, values: { ...this.values, ...changes } });
    return this.#order(() => getBackend().setSettings({ ...this.#confirmed, ...changes }));
  }

  /** Sets all as it is by itself. */
  reset(): Promise<void> {
    return this.#order(() => getBackend().resetSettings());
  }

  /** Draws everything one size larger (1) or smaller (−1), or as it was at first (0). */
  async resize(step: -1 | 0 | 1): Promise<void> {
    const now = this.values.textSize;
    const next = step > 0 ? SIZES.find((size) => size > now) : SIZES.findLast((size) => size < now);
    const wanted = step === 0 ? NORMAL : next;
    if (wanted !== undefined) await this.change({ textSize: wanted });
  }

  #show(view: SettingsView): void {
    this.view = view;
    dress(view.values.theme);
  }

  async #order(ask: () => Promise<SettingsView>): Promise<void> {
    this.#waiting += 1;
    const asked = this.#last.then(ask).then((view) => {
      this.#confirmed = view.values;
      return view;
    });
    this.#last = asked.catch(() => undefined);
    try {
      const view = await asked;
      // What was changed meanwhile is on its way, and is not taken back for a moment.
      if (this.#waiting === 1) this.take(view);
    } catch (thrown) {
      const there = await getBackend()
        .settings()
        .catch(() => null);
      if (there !== null && this.#waiting === 1) this.take(there);
      throw thrown;
    } finally {
      this.#waiting -= 1;
    }
  }
}

/** Draws the page light or dark. */
function dress(theme: ThemeChoice): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
}

export const settings = new Settings();
