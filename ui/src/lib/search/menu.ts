/** What can be done with a public image's row: one place for its menu, its keys and the palette. */
import type { SearchRow } from "../backend/backend";
import { words } from "../messages";
import { copyText } from "../shared/controls/copy";
import type { MenuItem } from "../shared/overlay/menu";
import { pathOf, publicImages } from "./search.svelte";

export function menuOf(row: SearchRow): MenuItem[] {
  const text = words.search;
  const path = pathOf(row);
  return [
    { label: text.open, testid: "menu-open-tags", shortcut: "Enter", choose: () => publicImages.open(row) },
    { label: text.pull, testid: "menu-pull-latest", shortcut: "P", choose: () => publicImages.pull(row) },
    {
      label: words.commands.copyPullLine,
      testid: "copy-pull",
      choose: () => void copyText(words.repository.pullLine(path, "latest")),
    },
    { label: text.copyName, testid: "copy-name", shortcut: "C", choose: () => void copyText(path) },
  ];
}
