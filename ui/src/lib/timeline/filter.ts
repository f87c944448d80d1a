/**
 * What was typed into the timeline's filter, as terms, and which rows they let through. Every term has to match;
 * a term that may be read in several ways ("2026-11" is a month and part of a tag) matches by any of them. Pure.
 */
import { dayOf, readDays, type Days } from "./days";

export interface Term {
  /** Part of a tag's name, in lower case; null where a name can't hold it. */
  tag: string | null;
  /** The first digits of a digest. */
  digest: string | null;
  days: Days | null;
}

/** What of a row is compared. */
export interface Matched {
  tags: readonly string[];
  digest: string | null;
  short: string;
  /** Seconds, UTC. */
  times: readonly number[];
}

/** A day is at most "3 sep 2025 .. 9 nov 2026". */
const LONGEST = 7;

function digestOf(word: string): string | null {
  const digits = word.replace(/^sha256:/, "");
  return /^[0-9a-f]{2,64}$/.test(digits) ? digits : null;
}

/** Reads what was typed; words that make up a date together are one term. */
export function readFilter(typed: string, now: number, zone?: string): Term[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const terms: Term[] = [];
  for (let at = 0; at < words.length;) {
    const { days, taken } = longest(words, at, now, zone);
    const word = words[at] ?? "";
    const alone = taken <= 1;
    terms.push({
      tag: alone ? word : null,
      digest: alone ? digestOf(word) : null,
      days,
    });
    at += Math.max(1, taken);
  }
  return terms;
}

/** Finds the most words from `at` on that say days together. */
function longest(words: string[], at: number, now: number, zone?: string): { days: Days | null; taken: number } {
  for (let taken = Math.min(LONGEST, words.length - at); taken >= 1; taken -= 1) {
    const days = readDays(words.slice(at, at + taken).join(" "), now, zone);
    if (days !== null) return { days, taken };
  }
  return { days: null, taken: 0 };
}

function term(each: Term, row: Matched, zone?: string): boolean {
  const { tag, digest, days } = each;
  if (tag !== null && row.tags.some((name) => name.toLowerCase().includes(tag))) return true;
  if (digest !== null) {
    const whole = row.digest === null ? row.short : row.digest.slice(row.digest.indexOf(":") + 1);
    // Where only 12 digits are known, more of them can't be told apart.
    if (whole.startsWith(digest) || (row.digest === null && digest.startsWith(whole))) return true;
  }
  if (days === null) return false;
  return row.times.some((at) => {
    const day = dayOf(at, zone);
    return day >= days.first && day <= days.last;
  });
}

/** Tells whether every term matches. */
export function matches(terms: readonly Term[], row: Matched, zone?: string): boolean {
  return terms.every((each) => term(each, row, zone));
}
