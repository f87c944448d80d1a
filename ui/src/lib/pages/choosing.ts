/** The keys with which rows of a list are chosen: told to the palette, since the list itself hears them. */
import type { Command } from "../app/commands.svelte";
import { words } from "../messages";

const text = words.commands;

/** Returns a key of a list, as something that is only told. */
export function told(id: string, label: string, ...keys: string[]): Command {
  return { id, label, group: text.groups.moving, keys, onRow: true };
}

export function choosingKeys(): Command[] {
  return [
    told("choose", text.moving.choose, " "),
    told("range", text.moving.range, "Shift+ArrowUp", "Shift+ArrowDown"),
    told("all", text.moving.all, "Mod+A"),
  ];
}
