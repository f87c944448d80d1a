/** What the build sheet says of its answers, as words. */
import { words } from "../messages";
import { blockedText as goingBlocked } from "../push/facts";
import type { Going } from "../push/going.svelte";
import type { Blocked, BuildDraft } from "./draft.svelte";

const text = words.making;

/** Returns why a build can't begin; null where it can. */
export function blockedText({ blocked }: Pick<BuildDraft, "blocked">): string | null {
  if (blocked === null) return null;
  return isOwn(blocked) ? text.blocked[blocked] : goingBlocked({ blocked });
}

function isOwn(blocked: Blocked): blocked is keyof typeof text.blocked {
  return blocked in text.blocked;
}

/** Returns what becomes of the tag once it is built; null where nothing is pushed, or nobody knows yet. */
export function followsText(going: Going | null): string | null {
  if (going === null || going.plan === null || going.planning) return null;
  const { repository, tag } = going.about;
  if (going.plan.target === null) return text.thenNew(tag, repository);
  return going.keeping.keeps ? text.thenKeeps(tag, repository) : text.thenReplaces(tag, repository);
}

/** Returns what the main button does. */
export function goText(going: Going | null, movesName: boolean): string {
  if (movesName) return text.goMove;
  if (going === null) return text.go;
  const target = going.plan?.target ?? null;
  if (target === null) return text.goPush;
  return going.keeping.keeps ? text.goKeep : text.goReplace(going.about.tag);
}
