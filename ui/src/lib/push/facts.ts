/** What the push sheet says of its plan, as words. */
import type { PushImage, PushTarget } from "../backend/backend";
import { words } from "../messages";
import { tableTime } from "../messages/facts";
import { bytes, count, shortDigest, when } from "../messages/format";
import type { PushDraft } from "./draft.svelte";

const text = words.push;

/** Names the image in the sheet's title. */
export function imageLabel(draft: Pick<PushDraft, "name" | "image">): string {
  return draft.name ?? text.image(shortDigest(draft.image));
}

/** Returns what has to go up: "at most 24.1 MB in 2 new layers". */
export function amountText({ plan, planning }: Pick<PushDraft, "plan" | "planning">): string {
  if (plan === null) return planning ? text.planning : "";
  if (plan.newLayers === 0) return text.nothingNew;
  if (plan.atMost === null) return text.amountUnknown;
  return text.atMost(bytes(plan.atMost), text.layers(count(plan.newLayers), plan.newLayers === 1));
}

/** Returns what is known of what the tag points at: "2 hours ago · 412.6 MB". */
export function targetFacts(target: PushTarget, now: number): string {
  return [target.time ? tableTime(target.time, now) : null, target.size === null ? null : bytes(target.size)]
    .filter((part) => part !== null)
    .join(" · ");
}

/** Returns what is known of what is pushed: "built 8 min ago · 1 180.3 MB unpacked". */
export function imageFacts(image: PushImage, now: number): string {
  const size = text.unpacked(bytes(image.size));
  return image.created === null ? size : `${text.built(when(image.created, now))} · ${size}`;
}
