/**
 * Every action there is at the moment, with its shortcut. One table, which the keys of the window, the palette and the
 * page of shortcuts read, so that none of them can tell what another doesn't do. Rooms offer what they can do while they
 * are on show. Not here: what is done (each room's own), and keys that only move the cursor of a list.
 */
import { untrack } from "svelte";
import type { MenuItem } from "../shared/overlay/menu";
import { isPressed, isTyping, mac, type Chord } from "../shared/keys";

export interface Command {
  /** Unique among all that are offered. */
  id: string;
  label: string;
  /** The heading it stands under on the page of shortcuts. */
  group: string;
  /** What it is done to, where the label doesn't say: a tag, a registry. Others' words. */
  of?: string;
  keys?: readonly Chord[];
  /** Absent: only told, as what a list does with its own keys. */
  run?: () => void;
  disabled?: boolean;
  /** The list hears its keys on the row under the cursor; else the window hears them anywhere. */
  onRow?: boolean;
  /** Done although a sheet is open. */
  always?: boolean;
  /** Left out of the palette: what makes no sense from there. */
  quiet?: boolean;
}

/** The palette's command, which the sidebar has a button for. */
export const JUMP = { id: "jump", keys: ["Mod+K"] } as const;

type Offer = () => readonly Command[];

class Commands {
  #offers = $state.raw<readonly Offer[]>([]);

  /** Offers commands until the returned function is called. What they are is asked each time. */
  offer(offer: Offer): () => void {
    // Rooms offer in effects, which must not run again for what others offer.
    const change = (made: (offers: readonly Offer[]) => readonly Offer[]): void =>
      untrack(() => void (this.#offers = made(this.#offers)));
    change((offers) => [...offers, offer]);
    return () => change((offers) => offers.filter((each) => each !== offer));
  }

  /** Returns all that are offered now, in the order in which they were. */
  all(): Command[] {
    return this.#offers.flatMap((offer) => offer());
  }

  /** Does what a button of another room stands for. */
  run(id: string): void {
    this.all()
      .find((command) => command.id === id)
      ?.run?.();
  }

  /** Does what a key of the window asks for; true where it was one. */
  hear(event: KeyboardEvent): boolean {
    if (event.defaultPrevented) return false;
    const typing = isTyping(event);
    const sheet = document.querySelector("dialog[open]") !== null;
    const found = this.all().find(
      ({ run, keys = [], onRow, always }) =>
        run !== undefined &&
        onRow !== true &&
        (!sheet || always === true) &&
        keys.some((chord) => !(typing && isText(chord)) && isPressed(chord, event)),
    );
    if (found === undefined) return false;
    event.preventDefault(); // also where it can't be done now: the web view has keys of its own
    if (found.disabled !== true) found.run?.();
    return true;
  }
}

/** Tells whether a chord means something else where one types: a sign, or, on a Mac, a step by a word. */
function isText(chord: Chord): boolean {
  return chord.length === 1 || (mac && chord.startsWith("Alt+"));
}

export const commands = new Commands();

/** Turns the menu of a row into commands, done to that row. */
export function ofRow(group: string, of: string, items: readonly MenuItem[]): Command[] {
  return items.map((item) => ({
    id: `row ${item.testid ?? ""} ${item.label}`,
    label: item.label,
    group,
    of,
    keys: item.shortcut === undefined ? [] : [item.shortcut],
    run: item.choose,
    disabled: item.disabled === true || item.why !== undefined,
    onRow: true,
  }));
}
