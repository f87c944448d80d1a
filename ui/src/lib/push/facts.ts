/** What the push sheet says of its plan, as words. */
import type { PushImage, PushTarget } from "../backend/backend";
import { words } from "../messages";
import { tableTime } from "../messages/facts";
import { bytes, count, shortDigest, when } from "../messages/format";
import type { PushDraft } from "./draft.svelte";
import type { Going } from "./going.svelte";
import type { Place } from "./place-choice.svelte";

const text = words.push;

/** Names the image in the sheet's title. */
export function imageLabel(draft: Pick<PushDraft, "name" | "image">): string {
  return draft.name ?? text.image(shortDigest(draft.image));
}

/** Returns what has to go up: "at most 24.1 MB". */
export function amountText({ plan }: Pick<PushDraft, "plan">): string {
  if (plan === null) return "";
  if (plan.newLayers === 0) return text.nothingNew;
  return plan.atMost === null ? text.amountUnknown : text.atMost(bytes(plan.atMost));
}

/** Returns in how many layers that goes, for the hover; null where nothing goes. */
export function amountHint({ plan }: Pick<PushDraft, "plan">): string | null {
  if (plan === null || plan.newLayers === 0) return null;
  return text.layers(count(plan.newLayers), plan.newLayers === 1);
}

/** Returns why the sheet can't be sent; null where it can. */
export function blockedText(draft: Pick<Going, "blocked">): string | null {
  return draft.blocked === null ? null : text.blocked[draft.blocked];
}

/** Returns what the main button does, as it will be. */
export function goText(draft: Pick<PushDraft, "plan" | "asksName" | "about" | "keeping">): string {
  if (draft.asksName) return text.leaveName;
  const { plan } = draft;
  if (plan?.newRepository) return text.goCreate;
  if (!plan?.target || plan.target.sameImage) return text.go;
  return draft.keeping.keeps ? text.goKeep : text.goReplace(draft.about.tag);
}

/** Returns how old what the tag points at is: "2 hours ago"; empty where nobody knows. */
export function targetAge(target: PushTarget, now: number): string {
  return target.time ? tableTime(target.time, now) : "";
}

/** Returns how old what is pushed is: "built 8 min ago"; empty where nobody knows. */
export function imageAge(image: PushImage, now: number): string {
  return image.created === null ? "" : text.built(when(image.created, now));
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

/** Returns why a place stands in the list: "pushed 2 days ago as v1", "signed out"; empty where it is only listed. */
export function placeNote({ account, likely }: Place, now: number): string {
  const notes = text.choose;
  const away = account.state === "signedOut" ? [notes.signedOut] : [];
  if (likely === null) return away.join("");
  const ago = likely.at === null ? "" : when(likely.at, now);
  const told = {
    pushed: notes.pushed(ago, likely.tag ?? ""),
    pulled: notes.pulled(ago, likely.tag ?? ""),
    namePushed: notes.namePushed(ago, likely.tag ?? ""),
    named: notes.named,
    sameName: notes.sameName,
    recent: notes.recent(ago),
  }[likely.why];
  return [told, ...away].join(" · ");
}
