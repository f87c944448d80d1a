/** "Push to…" of an image's row. */
import type { ImageRow } from "../backend/backend";
import { openPushTo } from "../push/push.svelte";

export function pushTo(row: ImageRow): void {
  openPushTo(row.id, row.name);
}
