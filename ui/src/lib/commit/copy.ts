/** What can be copied of a tag or a commit: the same items in every menu. */
import { words } from "../messages";
import { copyText } from "../shared/controls/copy";
import type { MenuItem } from "../shared/overlay/menu";

export interface Paths {
  /** `host/ns/name:tag`, where a tag leads to it. */
  tagPath: string | null;
  /** `host/ns/name@sha256:…`. */
  digestPath: string | null;
  digest: string | null;
}

/** Returns the line that pulls it in a terminal; null where nothing leads to it. */
export function pullLine({ tagPath, digestPath }: Paths): string | null {
  const path = tagPath ?? digestPath;
  return path === null ? null : `${words.repository.dockerPull} ${path}`;
}

/** Returns an item that copies; it can't be chosen where there is nothing to copy. */
export function copyItem(
  label: string,
  copied: string | null,
  testid: string,
  after?: () => void,
  shortcut?: string,
): MenuItem {
  return {
    label,
    testid,
    disabled: copied === null,
    choose: () => void (copied !== null && copyText(copied).then((done) => done && after?.())),
    ...(shortcut === undefined ? {} : { shortcut }),
  };
}

/** Lists the items; `after` hears that something was copied. */
export function copyItems(paths: Paths, after?: () => void): MenuItem[] {
  const text = words.repository;
  return [
    copyItem(words.commands.copyPullLine, pullLine(paths), "copy-pull", after),
    copyItem(text.copyByTag, paths.tagPath, "copy-tag-path", after),
    copyItem(text.copyByDigest, paths.digestPath, "copy-digest-path", after, "C"),
    copyItem(text.copyDigest, paths.digest, "copy-digest", after),
  ];
}
