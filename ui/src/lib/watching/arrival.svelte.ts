// Where a pressed notification leads: to a repository, a tag of it, and the sheet where something is left to be asked.

import { openMakeActive } from "../acts/acts.svelte";
import { arrival } from "../app/arriving.svelte";
import { app, onEvent } from "../app/state.svelte";
import type { AppEvent } from "../backend/backend";

/** Goes where a `show` event leads. */
export function arrive(event: Extract<AppEvent, { kind: "show" }>): void {
  const { account, repository, tag } = event;
  if (!app.account(account)) return; // it was removed meanwhile
  const at = app.place;
  const there = at.kind === "repository" && at.account === account && at.repository === repository;
  if (!there) app.go({ kind: "repository", account, repository });
  arrival.tag = { account, repository, tag };
  if (event.makeActive !== null) openMakeActive({ account, repository, tag, commit: event.makeActive });
}

/** Hears where pressed notifications lead until the returned function is called. */
export function hearArrivals(): () => void {
  return onEvent((event) => event.kind === "show" && arrive(event));
}
