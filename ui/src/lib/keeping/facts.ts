// How a repository keeps, as words: pure functions of the fact and the time now.

import type { KeepRule, KeepView, Prune, PruneRow, RuleFrom } from "../backend/backend";
import { count, date, words } from "../messages";

const text = words.about.keep;

function howLong(prune: Prune): string {
  if (prune.kind === "all") return text.forAll;
  if (prune.kind === "last") return text.forLast(count(prune.commits), prune.commits === 1);
  return text.forDays(count(prune.days), prune.days === 1);
}

/** Returns who set a rule; null where nobody did. */
export function setBy(from: RuleFrom): string | null {
  if (from.kind === "nobody") return null;
  if (from.kind === "thisComputer") return text.setHere;
  return from.author === null ? text.setThere : text.setBy(from.author);
}

/** Returns the rule in one line: "Keeps the old commit at each overwrite, all of them". */
export function keepLine(keep: KeepView): string {
  if (keep.offForMe) return text.offForMe;
  if (keep.rule === null) return text.nobody;
  const parts = [text.ruleLow[keep.rule]];
  if (keep.rule !== "off") parts.push(howLong(keep.prune));
  if (keep.rule !== "off" && keep.rescue) parts.push(text.rescues);
  return parts.join(", ");
}

/** Returns when a commit was active: "3 Sep to 9 Nov". */
export function pruneSpan(row: PruneRow, now: number, zone?: string): string {
  const from = date(row.time, now, zone);
  return row.until === null ? words.about.prune.since(from) : words.about.prune.span(from, date(row.until, now, zone));
}

/** Returns the rule as a sheet tells it: "genomics/aligner keeps the old commit at each overwrite." */
export function ruleText(rule: KeepRule, repository: string): string {
  return rule === "push" ? words.push.rulePush(repository) : words.push.ruleOverwrite(repository);
}

/** Returns who set the rule, as a sentence: "Set by ana in this repository."; null where nobody did. */
export function setByText(from: RuleFrom): string | null {
  if (from.kind === "nobody") return null;
  if (from.kind === "thisComputer") return words.push.setHere;
  return from.author === null ? words.push.setThere : words.push.setBy(from.author);
}
