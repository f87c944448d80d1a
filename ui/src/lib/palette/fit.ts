// How well a name answers what was typed, and which of its letters do. The backend has the same rule for what is cached
// (`crates/app/src/repositories/fit.rs`); both are tried with the examples beside this file.

import type { Fit } from "../backend/backend";

/** The best first. */
export const FITS: readonly Fit[] = ["exact", "beginning", "word", "inside", "letters"];

/** From which letter to which (not included). */
export type Span = [from: number, to: number];

interface Answer {
  fit: Fit;
  spans: Span[];
}

const wordsOf = (typed: string): string[] => typed.toLowerCase().split(/\s+/).filter(Boolean);

/** Tells how a name answers all the words: as well as it answers the one it answers worst; null: it doesn't. */
export function fitOf(typed: string, name: string): Fit | null {
  return answer(typed, name)?.fit ?? null;
}

/** Parts a name into what answers and what stands between. */
export function marked(typed: string, name: string): { text: string; mark: boolean }[] {
  const spans = (answer(typed, name)?.spans ?? []).sort((a, b) => a[0] - b[0]);
  const parts: { text: string; mark: boolean }[] = [];
  let at = 0;
  for (const [from, to] of spans) {
    if (to <= at) continue;
    if (from > at) parts.push({ text: name.slice(at, from), mark: false });
    const last = parts.at(-1);
    const text = name.slice(Math.max(at, from), to);
    if (last?.mark === true) last.text += text;
    else parts.push({ text, mark: true });
    at = to;
  }
  if (at < name.length) parts.push({ text: name.slice(at), mark: false });
  return parts;
}

function answer(typed: string, name: string): Answer | null {
  const low = name.toLowerCase();
  const spans: Span[] = [];
  let worst = -1;
  for (const word of wordsOf(typed)) {
    const found = ofWord(low, word);
    if (found === null) return null;
    spans.push(...found.spans);
    worst = Math.max(worst, FITS.indexOf(found.fit));
  }
  const fit = FITS[worst];
  return fit === undefined ? null : { fit, spans };
}

function ofWord(name: string, word: string): Answer | null {
  const last = name.lastIndexOf("/") + 1;
  const whole = (from: number, fit: Fit): Answer => ({ fit, spans: [[from, from + word.length]] });
  if (name === word) return whole(0, "exact");
  if (name.slice(last) === word) return whole(last, "exact");
  if (name.startsWith(word, last)) return whole(last, "beginning");
  if (name.startsWith(word)) return whole(0, "beginning");
  const first = name.indexOf(word);
  for (let at = first; at >= 0; at = name.indexOf(word, at + 1)) if (beginsWord(name, at)) return whole(at, "word");
  return first >= 0 ? whole(first, "inside") : ofLetters(name, word);
}

function ofLetters(name: string, word: string): Answer | null {
  const spans: Span[] = [];
  let next = 0;
  for (let at = 0; at < name.length && next < word.length; at += 1) {
    if (name[at] !== word[next] || (next === 0 && !beginsWord(name, at))) continue;
    spans.push([at, at + 1]);
    next += 1;
  }
  return next === word.length ? { fit: "letters", spans } : null;
}

/** Tells whether a word begins here: at the beginning, and after what is no letter and no digit. */
function beginsWord(name: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(name[at - 1] ?? "");
}
