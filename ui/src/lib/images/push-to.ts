/** "Push to…" of an image's row: the sheet where a registry can take it, else the way to add one. */
import { openAddRegistry } from "../accounts/accounts.svelte";
import { app } from "../app/state.svelte";
import type { ImageRow } from "../backend/backend";
import { openPush } from "../push/push.svelte";
import { likelyAccount } from "./images.svelte";

export function pushTo(row: ImageRow): void {
  const account = likelyAccount(row.name, app.accounts);
  if (!account) return openAddRegistry();
  openPush({ imageId: row.id, name: row.name, account: account.id, repository: null, namespace: null });
}
