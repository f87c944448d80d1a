/** What can be done with an image's row: one place for its menu, its keys and the palette. */
import type { ImagePlace, ImageRow } from "../backend/backend";
import { openSave } from "../computer/archives.svelte";
import { naming } from "../computer/naming.svelte";
import { removing } from "../computer/removing.svelte";
import { words } from "../messages";
import { count } from "../messages/format";
import { copyText } from "../shared/controls/copy";
import { drag } from "../shared/drag/drag.svelte";
import type { MenuItem } from "../shared/overlay/menu";
import { pushTo } from "./push-to";

/** So many images go into one archive, as the backend has it. */
export const SAVED_AT_ONCE = 200;

/** Lists what can be done with a row; where rows are chosen, they are what is saved and removed. */
export function menuOf(image: ImageRow, chosen: readonly ImageRow[] = []): MenuItem[] {
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
    ...(chosen.length > 0 ? ofChosen(chosen) : ofRow(image)),
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
function named(rows: readonly ImageRow[]): string[] {
  return [...new Set(rows.map(({ name, id }) => name ?? id))];
}

/** Tells whether they fit in one archive. */
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
