/** What can be done with an image's row: one place for its menu, its keys and the palette. */
import type { ImagePlace, ImageRow } from "../backend/backend";
import { openSave } from "../computer/archives.svelte";
import { naming } from "../computer/naming.svelte";
import { removing } from "../computer/removing.svelte";
import { words } from "../messages";
import { copyText } from "../shared/controls/copy";
import { drag } from "../shared/drag/drag.svelte";
import type { MenuItem } from "../shared/overlay/menu";
import { pushTo } from "./push-to";

export function menuOf(image: ImageRow): MenuItem[] {
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
    { label: words.computer.save.menu, testid: "menu-save-image", shortcut: "S", choose: () => openSave([name ?? id]) },
    {
      label: words.computer.remove.menu,
      testid: "menu-remove-image",
      shortcut: "Delete",
      choose: () => removing.open({ kind: "rows", rows: [{ id, name }] }),
    },
  ];
}

/** Returns the line that pulls it in a terminal; null where no registry is known to have it under a tag. */
function pullLine(place: ImagePlace): string | null {
  if (place.kind !== "active") return null;
  return words.repository.pullLine(place.repository, place.tag);
}
