// Chooses the backend: the desktop shell, or, while working on the interface in a plain browser, one from memory.

import type { Backend } from "./lib/backend/backend";
import { tauriBackend } from "./lib/backend/tauri";

export async function chooseBackend(): Promise<Backend> {
  // The branch and what it imports are dropped from a production build.
  if (import.meta.env.DEV && new URLSearchParams(location.search).has("fake")) {
    const { fromAddress } = await import("./lib/fake/address");
    return fromAddress(location.search);
  }
  return tauriBackend();
}
