// Calendar days as people type and read them: "9 nov", "2026-11", "today", ">2026-10-01", "sep..nov". Pure.
// Not here: what a day is compared with, and words. Grows by a further way of writing a day, never by a clock time.

/** Whole calendar days since 1 January 1970, in the zone given or the computer's own. */
export type Day = number;

/** Days from the first to the last, both included; endless where a side is infinite. */
export interface Days {
  first: Day;
  last: Day;
}

const MS = 86_400_000;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WHOLE = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (made === undefined) {
    made = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone });
    formats.set(zone, made);
  }
  return made;
}

/** Returns the calendar day that a time (seconds, UTC) falls on. */
export function dayOf(at: number, zone?: string): Day {
  const time = new Date(at * 1000);
  if (zone === undefined) return Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()) / MS;
  const [year = 0, month = 1, day = 1] = format(zone).format(time).split("-").map(Number);
  return Date.UTC(year, month - 1, day) / MS;
}

/** Returns a day of a calendar, from its year, month (from 0) and date; null where there is no such day. */
function exact(year: number, month: number, date: number): Days | null {
  const made = new Date(Date.UTC(year, month, date));
  if (made.getUTCMonth() !== month || made.getUTCDate() !== date) return null;
  const day = made.getTime() / MS;
  return { first: day, last: day };
}

function wholeMonth(year: number, month: number): Days {
  return { first: Date.UTC(year, month, 1) / MS, last: Date.UTC(year, month + 1, 1) / MS - 1 };
}

function monthOf(word: string): number {
  const short = MONTHS.indexOf(word);
  return short >= 0 ? short : word === "sept" ? 8 : WHOLE.indexOf(word);
}

/** Returns the last of such days that has begun: "nov" said in March is last year's. */
function latest(today: Day, of: (year: number) => Days | null): Days | null {
  const year = new Date(today * MS).getUTCFullYear();
  for (const each of [year, year - 1, year - 2, year - 3, year - 4]) {
    const days = of(each);
    if (days !== null && days.first <= today) return days;
  }
  return null;
}

/**
 * Reads one day, month or year: "today", "2026", "2026-11", "2026-11-09", "nov", "nov 2026", "9 nov", "nov 9", "9 nov
 * 2026".
 */
function single(text: string, today: Day): Days | null {
  if (text === "today") return { first: today, last: today };
  if (text === "yesterday") return { first: today - 1, last: today - 1 };
  const iso = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text);
  if (iso) return isoDays(Number(iso[1]), iso[2], iso[3]);
  const parts = /^(?:(\d{1,2})(?:st|nd|rd|th)? ?)?([a-z]+)(?: (\d{1,2}))?(?: (\d{4}))?$/.exec(text);
  const month = monthOf(parts?.[2] ?? "");
  if (!parts || month < 0 || (parts[1] && parts[3])) return null;
  const date = parts[1] ?? parts[3];
  const year = parts[4] === undefined ? null : Number(parts[4]);
  const of = (each: number): Days | null =>
    date === undefined ? wholeMonth(each, month) : exact(each, month, Number(date));
  return year === null ? latest(today, of) : of(year);
}

function isoDays(year: number, month?: string, date?: string): Days | null {
  if (year < 1970 || year > 2999) return null;
  if (month === undefined) return { first: Date.UTC(year, 0, 1) / MS, last: Date.UTC(year + 1, 0, 1) / MS - 1 };
  if (Number(month) < 1 || Number(month) > 12) return null;
  return date === undefined ? wholeMonth(year, Number(month) - 1) : exact(year, Number(month) - 1, Number(date));
}

/** Reads days as they were typed; null where the text says none. */
export function readDays(typed: string, now: number, zone?: string): Days | null {
  const text = typed.trim().toLowerCase().replace(/,/g, " ").replace(/\s+/g, " ");
  const today = dayOf(now, zone);
  const bound = /^(>=|<=|>|<) ?(.+)$/.exec(text);
  if (bound) {
    const days = single(bound[2] ?? "", today);
    if (days === null) return null;
    if (bound[1] === ">") return { first: days.last + 1, last: Infinity };
    if (bound[1] === ">=") return { first: days.first, last: Infinity };
    return { first: -Infinity, last: bound[1] === "<" ? days.first - 1 : days.last };
  }
  const range = /^(.*?) ?\.\. ?(.*)$/.exec(text);
  if (!range) return single(text, today);
  const [from = "", to = ""] = [range[1], range[2]];
  if (from === "" && to === "") return null;
  const first = from === "" ? { first: -Infinity, last: -Infinity } : single(from, today);
  const last = to === "" ? { first: Infinity, last: Infinity } : single(to, today);
  if (first === null || last === null) return null;
  // The other way round is meant the same.
  return first.first <= last.last ? { first: first.first, last: last.last } : { first: last.first, last: first.last };
}
