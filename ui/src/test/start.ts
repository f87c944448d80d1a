// Starts the window's shared state on a backend from memory, and ends it with the test.

import { afterEach } from "vitest";
import { startApp } from "../lib/app/state.svelte";
import { FakeBackend, type FakeOptions } from "../lib/fake/fake";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

export async function started(prepare: (backend: FakeBackend) => void = () => undefined, options: FakeOptions = {}) {
  const backend = new FakeBackend(options);
  prepare(backend);
  ends.push(await startApp(backend));
  return backend;
}

/** Lets everything that waits for an answer from memory go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
