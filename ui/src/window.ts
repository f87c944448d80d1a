// What stands in the window: read once its parts are drawn (`main.ts`).

import { mount } from "svelte";
import App from "./App.svelte";
import type { Backend } from "./lib/backend/backend";

/** Fills the window. */
export function fill(target: HTMLElement, backend: Backend): void {
  mount(App, { target, props: { backend } });
}
