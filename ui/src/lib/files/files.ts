/**
 * Files and folders of the desktop that are dragged over the window: which place takes what. A folder is built, on a
 * repository with a push; an archive is loaded. Not here: what they are (the backend says), how a drag looks
 * (`shared/drag`). It grows by another kind of thing that can be dropped.
 */
import { settings } from "../app/settings.svelte";
import { onEvent } from "../app/state.svelte";
import type { AppEvent, Dropped } from "../backend/backend";
import { archives, openLoad } from "../computer/archives.svelte";
import { builds, openBuildHere } from "../making/build.svelte";
import { count, words } from "../messages";
import { drag, isFile, type DropTarget, type FilePayload, type Payload } from "../shared/drag/drag.svelte";

const text = words.computer.files;

/** Takes files wherever no repository is: a folder is built without a push, an archive is loaded. */
export const filesHere: DropTarget = {
  files: true,
  label: ({ kind, name }) => (kind === "archive" ? text.load(name ?? "") : text.build(name ?? "")),
  refuses: (payload) => {
    if (!isFile(payload)) return "";
    return payload.why ?? (isBusy(payload) ? text.closeFirst : null);
  },
  drop: (payload) => {
    if (payload.kind === "folder") {
      if (!builds.takeFolder(payload.path)) openBuildHere(payload.path);
    } else if (payload.kind === "archive") openLoad(payload.path);
  },
};

/** Says why a repository, or another place of a registry, can't take a file; null where it can, and of what is no file. */
export function whyNotFile(payload: Payload, isRepository: boolean): string | null {
  if (!isFile(payload)) return null;
  if (payload.why !== null) return payload.why;
  if (payload.kind === "archive") return text.onImages;
  return isRepository ? null : text.onRepository;
}

/** Tells whether a sheet is open that this would take the place of. */
function isBusy({ kind }: FilePayload): boolean {
  if (document.querySelector("dialog[open]") === null) return false;
  const takes = kind === "folder" ? builds.draft !== null && builds.watched === null : archives.loading !== null;
  return !takes;
}

/** Returns what is dragged; null where nothing was told of it. */
function payloadOf(files: readonly Dropped[]): FilePayload | null {
  const [first] = files;
  if (first === undefined) return null;
  if (files.length > 1) return { kind: "other", path: "", name: text.several(count(files.length)), why: text.one };
  return { kind: first.kind, path: first.path, name: first.name, why: first.why };
}

/** Takes what the desktop does with files over the window, until the returned function is called. */
export function hearFiles(): () => void {
  drag.everywhere = filesHere;
  const deaf = onEvent((event: AppEvent) => {
    if (event.kind !== "files") return;
    if (event.phase === "leave") return drag.cancel();
    // The shell knows nothing of the text's size.
    const larger = settings.values.textSize / 100;
    const [x, y] = [event.x / larger, event.y / larger];
    const payload = payloadOf(event.files);
    if (event.phase !== "drop") drag.foreign(payload, x, y);
    else if (payload !== null) drag.foreignDrop(payload, x, y);
    else drag.cancel();
  });
  return () => {
    deaf();
    drag.everywhere = null;
  };
}
