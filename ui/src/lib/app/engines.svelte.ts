/**
 * The engines there are to choose from. They are asked who they are when somebody looks at them, and never by a timer. Not
 * here: the one that is used (`app.engine`), and where they are shown (`computer`, `pages`).
 */
import type { EnginePlace, EngineRow } from "../backend/backend";
import { getBackend } from "../backend/current";
import { words } from "../messages";
import { settings } from "./settings.svelte";

const text = words.engines;
/** What the ids of contexts begin with. */
const CONTEXT = "context:";

class Engines {
  rows = $state.raw<readonly EngineRow[]>([]);
  /** They are being asked. */
  looking = $state(false);
  /** The id of the one that is set; null: the first that answers. Settings may write its address in another way than the list. */
  readonly chosen = $derived.by(() => {
    const set = settings.values.engine;
    if (set === null || this.rows.some((row) => row.id === set)) return set;
    return this.rows.find((row) => row.chosen)?.id ?? set;
  });
  /** Those that answered, but for the one that is used: where else something can be pulled to. */
  readonly others = $derived(this.rows.filter((row) => !row.used && row.state.kind === "answers"));

  /** Reads what is known of them; nothing is asked. */
  async read(): Promise<void> {
    this.rows = await getBackend().engines();
  }

  /** Asks all of them who they are. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await getBackend().lookForEngines();
      await this.read();
    } finally {
      this.looking = false;
    }
  }

  /** Chooses one; null: the first that answers. */
  async choose(id: string | null): Promise<void> {
    await settings.change({ engine: id });
    await this.read();
  }

  /** Returns what an engine is called, listed or not. */
  nameOf(id: string): string {
    const row = this.rows.find((each) => each.id === id);
    return row?.name ?? (id.startsWith(CONTEXT) ? id.slice(CONTEXT.length) : id);
  }
}

export const engines = new Engines();

/** Tells whether an engine was chosen by the name of its context. */
export function isContext(id: string): boolean {
  return id.startsWith(CONTEXT);
}

/** Returns where an engine is. */
export function placeText(place: EnginePlace): string {
  return place.kind === "here" ? text.here : text.there(place.host, place.way);
}

/** Returns what is said of an engine behind its name: what it is, where, and why it does not answer. */
export function factsText({ state, place }: EngineRow): string {
  const product = state.kind === "answers" ? text.answers(state.name, state.version) : null;
  const silent = state.kind === "answers" ? null : state.kind === "silent" ? state.problem.message : text[state.kind];
  return [product, placeText(place), silent].filter((part) => part !== null).join(" · ");
}
