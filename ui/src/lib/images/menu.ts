/** What can be done with an image's row: one place for its menu, its keys and the palette. */
import type { ImagePlace, ImageRow } from "../backend/backend";
import { openSave } from "../computer/archives.svelte";
import { naming } from "../computer/naming.svelte";
import { removing } from "../computer/removing.svelte";
import { words } from "../messages";
import { count } from "../messages/format";
import { copyText } from "../shared/controls/copy";
import { drag } from "../shared/drag/drag.svelte";
import { withoutKey, type MenuItem } from "../shared/overlay/menu";
import { pushTo } from "./push-to";

/** So many images go into one archive, as the backend has it. */
export const SAVED_AT_ONCE = 200;

/** Lists what can be done with a row; where it is one of those that are chosen, they are what is saved and removed. */
export function menuOf(image: ImageRow, chosen: readonly ImageRow[]): MenuItem[] {
  if (chosen.some(({ key }) => key === image.key)) return [...ofAny(image), ...ofChosen(chosen)];
  // The keys are of those that are chosen: beside another row's items none is shown.
  return [...ofAny(image), ...ofRow(image).map((item) => (chosen.length === 0 ? item : withoutKey(item)))];
}

/** Lists what the keys do on a row, and the palette offers: what is chosen goes before it, wherever it is. */
export function keysOf(image: ImageRow, chosen: readonly ImageRow[]): MenuItem[] {
  return [...ofAny(image), ...(chosen.length > 0 ? ofChosen(chosen) : ofRow(image))];
}

/** Lists what is done to the row alone, whatever is chosen. */
function ofAny(image: ImageRow): MenuItem[] {
  const text = words.images;
  const { id, name } = image;
  const line = pullLine(image.place);
  const copy = (label: string, what: string | null, testid: string): MenuItem => ({
    label,
    testid,
    disabled: what === null,
    choose: () => void (what !== null && copyText(what)),
  });
  return [
    { label: text.pushTo, testid: "menu-push-to", shortcut: "Enter", choose: () => pushTo(image) },
    {
      label: text.mark,
      testid: "menu-mark",
      shortcut: "Mod+X",
      choose: () => drag.mark({ kind: "image", id, name }),
    },
    {
      label: words.computer.name.menu,
      testid: "menu-tag",
      shortcut: "T",
      choose: () => naming.open({ id, name }),
    },
    copy(words.commands.copyPullLine, line, "copy-pull"),
    copy(text.copyName, name, "copy-name"),
    copy(text.copyDigest, image.digests[0] ?? null, "copy-digest"),
    copy(text.copyId, id, "copy-id"),
  ];
}

function ofRow(image: ImageRow): MenuItem[] {
  return [
    {
      ...{ label: words.computer.save.menu, testid: "menu-save-image", shortcut: "S" },
      choose: () => save([image]),
    },
    {
      ...{ label: words.computer.remove.menu, testid: "menu-remove-image", shortcut: "Delete" },
      choose: () => remove([image]),
    },
  ];
}

function ofChosen(chosen: readonly ImageRow[]): MenuItem[] {
  const { computer } = words;
  const number = count(chosen.length);
  return [
    {
      ...{ label: computer.save.chosen(number), testid: "menu-save-chosen", shortcut: "S" },
      disabled: !canSave(chosen),
      choose: () => save(chosen),
    },
    {
      ...{ label: computer.remove.chosen(number), testid: "menu-remove-chosen", shortcut: "Delete" },
      choose: () => remove(chosen),
    },
  ];
}

/** Returns the names of images, or ids of what has none, each once. */
export function named(rows: readonly ImageRow[]): string[] {
  return [...new Set(rows.map(({ name, id }) => name ?? id))];
}

/** Tells whether images fit in one archive. */
export function canSave(rows: readonly ImageRow[]): boolean {
  return named(rows).length <= SAVED_AT_ONCE;
}

export function save(rows: readonly ImageRow[]): void {
  openSave(named(rows));
}

export function remove(rows: readonly ImageRow[]): void {
  removing.open({ kind: "rows", rows: rows.map(({ id, name }) => ({ id, name })) });
}

/** Returns the line that pulls it in a terminal; null where no registry is known to have it under a tag. */
function pullLine(place: ImagePlace): string | null {
  if (place.kind !== "active") return null;
  return words.repository.pullLine(place.repository, place.tag);
}
