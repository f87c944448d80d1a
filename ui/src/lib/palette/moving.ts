// The keys with which one moves in any list, told on the page of shortcuts. The lists hear them (`shared/list/grid.ts`).

import type { Command } from "../app/commands.svelte";
import { words } from "../messages";

const text = words.commands;

export function movingKeys(): Command[] {
  const told = (id: string, label: string, keys: string[]): Command => ({
    id,
    label,
    group: text.groups.moving,
    keys,
    onRow: true,
  });
  return [
    told("step", text.moving.step, ["ArrowUp", "ArrowDown"]),
    told("page", text.moving.page, ["PageUp", "PageDown"]),
    told("end", text.moving.end, ["Home", "End"]),
    told("unfold", text.moving.unfold, ["ArrowRight", "ArrowLeft"]),
    told("open", text.moving.open, ["Enter"]),
    told("menu", text.moving.menu, ["ContextMenu", "Shift+F10"]),
    told("leave", text.moving.leave, ["Escape"]),
  ];
}
