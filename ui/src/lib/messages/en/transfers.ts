// Words of the activity bar.

import type { ItemState } from "../../backend/backend";

const items: Record<ItemState, string> = {
  waiting: "waiting",
  moving: "moving",
  unpacking: "unpacking",
  exists: "was there",
  done: "done",
};

export const transfers = {
  label: "Transfers",
  nothing: "Nothing is being moved",
  pulling: (name: string) => `Pulling ${name}`,
  pushing: (name: string) => `Pushing ${name}`,
  several: (count: number) => `Moving ${count} images`,
  progress: "Bytes moved",
  layer: (id: string) => `Layer ${id}`,
  left: (duration: string) => `${duration} left`,
  preparing: "getting ready",
  waitingFor: "waits for its turn",
  moreWaiting: (count: number) => `${count} more waiting`,
  open: "Show transfers",
  close: "Hide transfers",
  panel: "Transfers",
  moving: "Moving",
  pull: (name: string) => `Pull ${name}`,
  push: (name: string) => `Push ${name}`,
  items,
  cancel: "Cancel",
  cancelWhat: (what: string) => `Cancel: ${what}`,
  retry: "Retry",
  retryWhat: (what: string) => `Retry: ${what}`,
  again: "Open the sheet again",
  moveName: "Pull and move the name",
  dismiss: "Dismiss",
  dismissWhat: (what: string) => `Dismiss: ${what}`,
  pulledAs: (name: string) => `Pulled as ${name}`,
  pushedAs: (name: string, short: string | null) =>
    short === null ? `Pushed as ${name}` : `Pushed as ${name}, ${short}`,
  keptBy: (commitTag: string) => `The commit before is kept by ${commitTag}.`,
  keptLeft: (commitTag: string) => `The commit tag ${commitTag} was written already and stays.`,
  cancelled: "Cancelled",
  failed: "Failed",
  interrupted: "Longshore was closed before this ended.",
  failedSummary: (what: string) => `${what} failed`,
  cancelledSummary: (what: string) => `${what}: cancelled`,
  empty: "Transfers show here while they run and after they end.",
};
