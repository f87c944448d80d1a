/** What the sheets of this room say of their plans, as words. */
import type { DeleteItem, DeleteOutcome, DeletePlan, PlannedDelete, TimeFact } from "../backend/backend";
import { words } from "../messages";
import { isOfCommit, tableTime } from "../messages/facts";
import { bytes, count, shortDigest } from "../messages/format";
import { readCommitTag } from "../messages/names";

const text = words.acts.del;

/** What a list of items is: the words differ for each. */
export type Sort = "tag" | "commit" | "kept" | "mixed";

export function sortOf(items: readonly DeleteItem[]): Sort {
  const sorts = new Set(items.map((item) => sortOfOne(item)));
  const [only] = sorts;
  return sorts.size === 1 && only !== undefined ? only : "mixed";
}

function sortOfOne(item: DeleteItem): Exclude<Sort, "mixed"> {
  if (item.kind === "commit") return "commit";
  return readCommitTag(item.name) === null ? "tag" : "kept";
}

/** Names an item as a person knows it: a tag's name, a commit's first digits. */
export function itemName(item: DeleteItem): string {
  if (item.kind === "commit") return shortDigest(item.digest);
  return readCommitTag(item.name)?.short ?? item.name;
}

/** Tells whether all items are one: several commit tags of one commit are one commit that is kept. */
function isOne(items: readonly DeleteItem[]): boolean {
  return sortOf(items) === "kept" ? new Set(items.map(itemName)).size === 1 : items.length === 1;
}

export function deleteTitle(items: readonly DeleteItem[]): string {
  const [sort, first] = [sortOf(items), items[0]];
  if (first !== undefined && isOne(items)) {
    const one = { tag: text.titleTag, commit: text.titleCommit, kept: text.titleKept, mixed: text.titleMixed }[sort];
    return one(itemName(first));
  }
  const many = { tag: text.titleTags, commit: text.titleCommits, kept: text.titleKepts, mixed: text.titleMixed }[sort];
  return many(count(items.length));
}

/** Returns the red button's words. */
export function deleteVerb(items: readonly DeleteItem[]): string {
  const [sort, many] = [sortOf(items), items.length > 1];
  if (sort === "kept") return text.goKept;
  if (sort === "mixed") return text.goMixed(count(items.length));
  if (sort === "tag") return many ? text.goTags(count(items.length)) : text.goTag;
  return many ? text.goCommits(count(items.length)) : text.goCommit;
}

/** Returns how old it is: "pushed 5 hours ago", "built 3 Sep". */
export function pushedText(time: TimeFact, now: number): string {
  const told = tableTime(time, now);
  return isOfCommit(time) ? told : words.repository.pushed(told);
}

/** Returns what is known of one item besides its name. */
export function itemFacts(planned: PlannedDelete, now: number): string {
  return [planned.time ? pushedText(planned.time, now) : null, planned.size === null ? null : bytes(planned.size)]
    .filter((part) => part !== null)
    .join(" · ");
}

/** Returns what the registry gets back. */
export function freedText({ freed, shared }: Pick<DeletePlan, "freed" | "shared">): string {
  if (freed > 0) return text.freedMost(bytes(freed));
  return shared > 0 ? text.freedShared(text.sharedToo(bytes(shared))) : text.freedNone;
}

/** Returns what a deletion came to: "Deleted nightly.", "Deleted 2 of 3." */
export function deletedText(items: readonly DeleteItem[], outcome: DeleteOutcome): string {
  const [sort, first] = [sortOf(items), items[0]];
  if (outcome.done === 0) return text.doneNone;
  if (outcome.done < items.length) return text.donePart(count(outcome.done), count(items.length));
  if (first !== undefined && isOne(items)) {
    return sort === "kept" ? text.doneKept(itemName(first)) : text.doneOne(itemName(first));
  }
  const many = { tag: text.doneTags, commit: text.doneCommits, kept: text.doneKepts, mixed: text.doneMixed }[sort];
  return many(count(items.length));
}

/** Returns what an undo came to. */
export function undoneText(items: readonly DeleteItem[], back: DeleteOutcome): string {
  const [undo, first] = [words.acts.undo, items[0]];
  const of = back.done + back.failed.length;
  if (back.done === 0) return undo.doneNone;
  if (back.failed.length > 0) return undo.donePart(count(back.done), count(of));
  return items.length === 1 && first !== undefined ? undo.doneOne(itemName(first)) : undo.doneMany(count(back.done));
}
