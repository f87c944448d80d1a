// The backend that the window was started with. It is held here, below all folders, since even a problem's *Details*
// ask it something; whoever stands above `app` takes it from there.

import type { Backend } from "./backend";

let backend: Backend | null = null;

/** Returns the backend that the window was started with. */
export function getBackend(): Backend {
  if (backend === null) throw new Error("the window was not started");
  return backend;
}

/** Holds the backend that the window is started with. */
export function setBackend(on: Backend): void {
  backend = on;
}
