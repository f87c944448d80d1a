// Words of the activity bar, of its list, and of the question before the window closes.

import type { ItemState } from "../../backend/backend";

const items: Record<ItemState, string> = {
  waiting: "waiting",
  moving: "moving",
  retrying: "tries again",
  unpacking: "unpacking",
  exists: "was there",
  done: "done",
};

const commitTags = (count: string, one: boolean): string => (one ? "1 commit tag" : `${count} commit tags`);

export const transfers = {
  label: "Activity",
  pulling: (name: string) => `Pulling ${name}`,
  pushing: (name: string) => `Pushing ${name}`,
  /** Where a transfer comes from, and where it goes. */
  route: (from: string, to: string) => `${from} → ${to}`,
  thisComputer: "this computer",
  /** The engine tries again: how much had moved then, which try this is, and after how many it gives up. */
  triesAgain: (at: string, attempt: number, of: number | null) =>
    `Connection lost at ${at}; the engine tries again, ${of === null ? `try ${attempt}` : `${attempt} of ${of}`}`,
  triesFirst: (attempt: number, of: number | null) =>
    `Nothing got through yet; the engine tries again, ${of === null ? `try ${attempt}` : `${attempt} of ${of}`}`,
  several: (count: number) => `Moving ${count} images`,
  progress: "Bytes moved",
  counted: "Items done",
  layer: (id: string) => `Layer ${id}`,
  left: (duration: string) => `${duration} left`,
  preparing: "getting ready",
  waitingFor: "waits for its turn",
  moreWaiting: (count: number) => `${count} more waiting`,
  open: "Show activity",
  close: "Hide activity",
  panel: "Activity",
  moving: "Moving",
  items,
  cancel: "Cancel",
  cancelWhat: (what: string) => `Cancel: ${what}`,
  stop: "Stop",
  stopWhat: (what: string) => `Stop: ${what}`,
  retry: "Retry",
  retryWhat: (what: string) => `Retry: ${what}`,
  undo: "Undo",
  undoWhat: (what: string) => `Undo: ${what}`,
  again: "Open the sheet again",
  moveName: "Pull and move the name",
  openRepository: "Open its repository",
  menu: (what: string) => `Actions for ${what}`,
  clearFinished: "Clear finished",
  dismiss: "Dismiss",
  dismissWhat: (what: string) => `Dismiss: ${what}`,
  pulledAs: (name: string) => `Pulled as ${name}`,
  pushedAs: (name: string, short: string | null) =>
    short === null ? `Pushed as ${name}` : `Pushed as ${name}, ${short}`,
  keptBy: (commitTag: string) => `The commit before is kept by ${commitTag}.`,
  keptLeft: (commitTag: string) => `The commit tag ${commitTag} was written already and stays.`,
  cancelled: "Cancelled",
  stopped: "Stopped",
  failed: "Failed",
  interrupted: "Longshore was closed before this ended.",
  unlisted: "What came of it is not known: it is no longer listed.",
  failedSummary: (what: string) => `${what} failed`,
  cancelledSummary: (what: string) => `${what}: cancelled`,
  stoppedSummary: (what: string) => `${what}: stopped`,
  empty: "Transfers show here while they run and after they end.",
  /** What takes away and puts back: title while it is listed, words while it runs, words at its end. */
  delete: {
    of: (name: string) => `Delete in ${name}`,
    tag: (name: string, tag: string) => `Delete ${name}:${tag}`,
    kept: (name: string) => `Stop keeping in ${name}`,
    running: (count: string) => (count === "" ? "Deleting" : `Deleting ${count}`),
    none: "Nothing was deleted",
    part: (done: string, of: string) => `Deleted ${done} of ${of}`,
    one: (name: string) => `Deleted ${name}`,
    noLonger: (short: string) => `${short} is no longer kept`,
    all: (count: string) => `Deleted ${count}`,
  },
  prune: {
    of: (name: string) => `Prune ${name}`,
    running: (count: string) => (count === "" ? "Removing commit tags" : `Removing ${count} commit tags`),
    none: "Nothing was removed",
    part: (done: string, of: string) => `Removed ${done} of ${of} commit tags`,
    all: (count: string, one: boolean) => `Removed ${commitTags(count, one)}`,
  },
  putBack: {
    of: (name: string) => `Put back in ${name}`,
    running: (count: string) => (count === "" ? "Putting back" : `Putting back ${count}`),
    none: "Nothing could be put back",
    part: (done: string, of: string) => `Put back ${done} of ${of}`,
    all: (count: string, one: boolean) => (one ? "It is back" : `${count} are back`),
  },
  build: {
    of: (name: string, place: string | null) => (place === null ? `Build ${name}` : `Build ${name} for ${place}`),
    running: (name: string, so: string) => (so === "" ? `Building ${name}` : `Building ${name}, ${so}`),
    made: (short: string, name: string | null, then: boolean) =>
      `Built ${short}${name === null ? "" : ` as ${name}`}${then ? "; its push follows" : ""}`,
    steps: "Show steps",
    stepsOf: (what: string) => `Show steps: ${what}`,
  },
  commit: {
    of: (name: string, place: string | null) => (place === null ? `Commit ${name}` : `Commit ${name} for ${place}`),
    running: (name: string) => `Committing ${name}`,
    made: (short: string, name: string | null, then: boolean) =>
      `Committed as ${name ?? short}${then ? "; its push follows" : ""}`,
    stopped: "Stopped; the engine may end it by itself",
  },
  archive: {
    save: (image: string) => `Save ${image}`,
    saveSome: (count: string) => `Save ${count} images`,
    load: (file: string) => `Load ${file}`,
    saving: (what: string) => `Saving ${what}`,
    loading: (file: string) => `Loading ${file}`,
    images: (count: string) => `${count} images`,
    saved: (path: string, bytes: string) => `Saved to ${path}, ${bytes}`,
    loaded: (names: string) => `Loaded ${names}`,
    loadedMore: (names: string, count: string) => `Loaded ${names} and ${count} more`,
    loadedNothing: "Loaded; the engine names no image",
    copyPath: "Copy path of the file",
  },
  couldNot: (count: string) => `${count} could not be done`,
  failures: "What could not be done",
  closing: {
    titleTransfers: "Close while images are moving?",
    titleDeletions: "Close during a deletion?",
    titleBuilds: "Close during a build?",
    titleCommits: "Close while an image is made?",
    titleUndos: "Close while something is put back?",
    titleMixed: "Close while work is under way?",
    transfers: (running: number) =>
      running === 1
        ? "One transfer is under way. It stops, and its row offers Retry when you open Longshore again."
        : `${running} transfers are under way. They stop, and their rows offer Retry when you open Longshore again.`,
    deletions: (running: number) =>
      running === 1
        ? "A deletion runs. It stops after the item at hand; its row tells what went when you open Longshore again."
        : `${running} deletions run. They stop after the item at hand; their rows tell what went when you open Longshore again.`,
    undos: (running: number) =>
      running === 1
        ? "A deletion is being undone. That stops after the item at hand; its row offers the rest when you open Longshore again."
        : `${running} deletions are being undone. That stops after the item at hand; their rows offer the rest when you open Longshore again.`,
    builds: (running: number) =>
      running === 1
        ? "A build runs. It stops, and its row offers Retry when you open Longshore again."
        : `${running} builds run or wait. They stop, and their rows offer Retry when you open Longshore again.`,
    commits: (running: number) =>
      running === 1
        ? "A container is committed. That stops, and its row offers Retry when you open Longshore again."
        : `${running} containers are committed. That stops, and their rows offer Retry when you open Longshore again.`,
    others: (running: number) =>
      running === 1 ? "One task is under way. It stops." : `${running} tasks are under way. They stop.`,
    stay: "Stay open",
    leave: "Stop and close",
  },
};
