// How a repository keeps, as words: pure functions of the fact and the time now.

import type { KeepRule, KeepView, Prune, PruneRow, RuleConsent, RuleFrom } from "../backend/backend";
import { count, date, words } from "../messages";

const text = words.about.keep;

function howLong(prune: Prune): string {
  if (prune.kind === "all") return text.forAll;
  if (prune.kind === "last") return text.forLast(count(prune.commits), prune.commits === 1);
  return text.forDays(count(prune.days), prune.days === 1);
}

/** Says what may happen to a commit that is not kept, and until when it stays where that is known. */
export function withoutText({ without, until }: { without: string; until?: number }, now: number): string {
  return until === undefined ? without : `${without} ${words.push.untilThen(date(until, now))}`;
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

/** Returns the rule that a sheet asks about, and whom it names: "This repository’s rule (ana’s, it says): at every push." */
export function ruleAsks(rule: KeepRule, from: RuleFrom): string {
  const { ruleAsks: says, atPush, atOverwrite } = words.push;
  return says(from.kind === "repository" ? from.author : null, rule === "push" ? atPush : atOverwrite);
}

/** Returns who set the rule, as a sentence: "Set in this repository by, it says, ana."; null where nobody did. */
export function setByText(from: RuleFrom): string | null {
  if (from.kind === "nobody") return null;
  if (from.kind === "thisComputer") return words.push.setHere;
  return from.author === null ? words.push.setThere : words.push.setBy(from.author);
}

const rule = words.about.rule;

/** Returns what a repository's rule does, as the middle of a sentence. */
function does({ keep, rescue }: RuleConsent): string {
  if (keep !== "overwrite" && keep !== "push") return rule.rescue;
  return rescue ? rule.rescueToo(rule[keep]) : rule[keep];
}

/** Returns the question whether this computer may follow a repository's rule by itself. */
export function ruleQuestion(consent: RuleConsent): string {
  const what = does(consent);
  return consent.author === null ? rule.ask(what) : rule.askBy(what, consent.author);
}

/** Returns what this computer would write by itself because of a rule, a sentence each. */
export function ruleWrites({ keep, rescue }: RuleConsent): string[] {
  const told: string[] = [];
  if (keep === "overwrite" || keep === "push") told.push(rule.displaced);
  if (keep === "push") told.push(rule.pushed);
  if (rescue) told.push(rule.rescued);
  return [...told, rule.seen, rule.who];
}

/** Returns how a repository's rule stands on this computer. */
export function ruleStanding({ answer }: RuleConsent): string {
  if (answer === null) return rule.isOpen;
  return { allow: rule.isAllowed, notHere: rule.isNotHere, later: rule.isLater }[answer];
}
