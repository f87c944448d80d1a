/** What the sheets of a build and of a commit say of their answers, as words. */
import { words } from "../messages";
import { bytes, count } from "../messages/format";
import { blockedText as goingBlocked } from "../push/facts";
import type { Going } from "../push/going.svelte";
import type { ChangeCount } from "../backend/backend";
import type { Blocked as CommitBlocked, CommitDraft } from "./commit-draft.svelte";
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

const said = words.making.commit;

/** Returns why nothing can be committed; null where it can. */
export function commitBlocked({ blocked }: Pick<CommitDraft, "blocked">): string | null {
  if (blocked === null) return null;
  return isCommits(blocked) ? said.blocked[blocked] : goingBlocked({ blocked });
}

function isCommits(blocked: CommitBlocked): blocked is keyof typeof said.blocked {
  return blocked in said.blocked;
}

/** Returns what changed in a container, in numbers: "14 added, 3 changed, 1 deleted"; empty where nothing did. */
export function changedText({ added, modified, deleted }: ChangeCount): string {
  const parts: [number, (count: string) => string][] = [
    [added, said.added],
    [modified, said.modified],
    [deleted, said.deleted],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, told]) => told(count(number)))
    .join(", ");
}

/** Returns what has to go up: what is known of its image's layers, and its changes. */
export function commitAmount(going: Going | null): string {
  if (going === null) return said.staysHere;
  if (going.plan === null) return "";
  const { atMost, newLayers } = going.plan;
  if (newLayers === 0) return said.onlyChanges;
  return atMost === null ? words.push.amountUnknown : said.atMost(bytes(atMost));
}

/** Returns what the main button does. */
export function commitGo(draft: CommitDraft): string {
  if (draft.going === null) return draft.asksName ? said.goMove : said.go;
  const target = draft.going.plan?.target ?? null;
  if (target === null) return said.goPush;
  return draft.going.keeping.keeps ? said.goKeep : said.goReplace(draft.going.about.tag);
}
