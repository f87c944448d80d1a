/** What can be done with a container's row: one place for its menu, its keys and the palette. */
import { app } from "../app/state.svelte";
import type { ContainerRow } from "../backend/backend";
import { imageArrival } from "../computer/arrival.svelte";
import { openCommit, openCommitAnywhere } from "../making/commit.svelte";
import { words } from "../messages";
import { copyText } from "../shared/controls/copy";
import { drag } from "../shared/drag/drag.svelte";
import type { MenuItem } from "../shared/overlay/menu";

export function menuOf(container: ContainerRow): MenuItem[] {
  const [text, commit] = [words.containers, words.making.commit];
  const { id, name, image, imageId } = container;
  return [
    { label: commit.menu, testid: "menu-commit", shortcut: "Enter", choose: () => openCommit(container) },
    { label: commit.andPush, testid: "menu-commit-push", choose: () => openCommitAnywhere(container) },
    {
      label: text.mark,
      testid: "menu-mark",
      shortcut: "Mod+X",
      choose: () => drag.mark({ kind: "container", id, name, image, imageId }),
    },
    {
      label: text.showImage,
      testid: "menu-show-image",
      // The engine lists no image that others are made on and that has no name.
      disabled: container.place === null,
      choose: () => showImage(imageId),
    },
    { label: text.copyName, testid: "copy-name", choose: () => void copyText(name) },
    { label: text.copyId, testid: "copy-id", choose: () => void copyText(id) },
  ];
}

function showImage(id: string): void {
  imageArrival.key = id;
  app.go({ kind: "images" });
}
