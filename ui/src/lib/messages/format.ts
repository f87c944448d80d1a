// Numbers, sizes and times as words. Every function is pure: "now" and the time zone are given, or are the computer's own.

import { shared } from "./en/shared";

const LANGUAGE = "en";
const THIN = "\u202f";
const FIXED = "\u00a0";
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(LANGUAGE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const ago = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" });
const rules = new Intl.PluralRules(LANGUAGE);

function thin(format: Intl.NumberFormat, value: number): string {
  return format
    .formatToParts(value)
    .map((part) => (part.type === "group" ? THIN : part.value))
    .join("");
}

/** Writes a whole number with thin separators: "10 000". */
export function count(value: number): string {
  return thin(whole, value);
}

/** Picks the form of a word that goes with a number. */
export function plural(value: number, forms: { one: string; other: string }): string {
  return rules.select(value) === "one" ? forms.one : forms.other;
}

function inUnit(bytes: number, unit: string): string {
  if (unit === "B") return count(bytes);
  return thin(tenths, bytes / (unit === "kB" ? 1e3 : 1e6));
}

function unitOf(bytes: number): string {
  if (bytes < 1000) return "B";
  return bytes < 100_000 ? "kB" : "MB";
}

/** Writes a size: "1 180.3 MB"; kB under 0.1 MB; whole bytes under 1 kB. */
export function bytes(value: number): string {
  const unit = unitOf(value);
  return inUnit(value, unit) + FIXED + unit;
}

/** Writes how much of a size: "189.2 of 411.9 MB", both in the unit of the whole. */
export function bytesOf(done: number, total: number): string {
  const unit = unitOf(total);
  return shared.of(inUnit(done, unit), inUnit(total, unit) + FIXED + unit);
}

/** Writes a speed: "38.4 MB/s". */
export function rate(perSecond: number): string {
  return `${bytes(perSecond)}/s`;
}

/** Writes a short span: "6 s", "4 min", "2 h 5 min". */
export function duration(seconds: number): string {
  const exact = Math.max(0, Math.round(seconds));
  if (exact < MINUTE) return `${exact}${FIXED}s`;
  const minutes = Math.round(exact / MINUTE);
  if (minutes < 60) return `${minutes}${FIXED}min`;
  const hours = `${Math.floor(minutes / 60)}${FIXED}h`;
  return minutes % 60 === 0 ? hours : `${hours} ${minutes % 60}${FIXED}min`;
}

/** Writes a longer span in words: "11 days", "5 weeks". */
export function span(seconds: number): string {
  const days = Math.max(0, Math.round(seconds / DAY));
  if (days < 1) return duration(seconds);
  if (days < 28) return shared.days(days);
  const weeks = Math.round(days / 7);
  if (weeks < 9) return shared.weeks(weeks);
  const months = Math.round(days / 30.4);
  return months < 24 ? shared.months(months) : shared.years(Math.round(days / 365));
}

interface Parts {
  year: number;
  month: string;
  day: number;
  clock: string;
}

/** Making one takes longer than using it a hundred times. */
const clocks = new Map<string | undefined, Intl.DateTimeFormat>();

function clockOf(zone: string | undefined): Intl.DateTimeFormat {
  let made = clocks.get(zone);
  if (made === undefined) {
    made = new Intl.DateTimeFormat("en-US", {
      year: "numeric",
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: zone,
    });
    clocks.set(zone, made);
  }
  return made;
}

function parts(at: number, zone?: string): Parts {
  const found = clockOf(zone).formatToParts(new Date(at * 1000));
  const get = (type: Intl.DateTimeFormatPartTypes): string => found.find((part) => part.type === type)?.value ?? "";
  return {
    year: Number(get("year")),
    month: get("month"),
    day: Number(get("day")),
    clock: `${get("hour")}:${get("minute")}`,
  };
}

/** Writes a day: "3 Sep", or "14 Nov 2025" where the year is not this one. */
export function date(at: number, now: number, zone?: string): string {
  const day = parts(at, zone);
  const year = day.year === parts(now, zone).year ? "" : ` ${day.year}`;
  return `${day.day} ${day.month}${year}`;
}

/** Writes a time for tables: relative up to 7 days, a date after that. */
export function when(at: number, now: number, zone?: string): string {
  const gone = now - at;
  if (gone < -MINUTE || gone >= 7 * DAY) return date(at, now, zone);
  if (gone < MINUTE) return shared.justNow;
  if (gone < HOUR) return shared.minutesAgo(Math.floor(gone / MINUTE));
  if (gone < DAY) return ago.format(-Math.floor(gone / HOUR), "hour");
  return ago.format(-Math.floor(gone / DAY), "day");
}

/** Writes a time for the timeline: local date and time, "9 Nov 16:40". */
export function dateTime(at: number, now: number, zone?: string): string {
  return `${date(at, now, zone)} ${parts(at, zone).clock}`;
}

/** Writes the time of day: "16:40", local. */
export function clock(at: number, zone?: string): string {
  return parts(at, zone).clock;
}

/** Writes the exact time, for the hover: "2026-11-09 14:40:12 UTC". */
export function utc(at: number): string {
  return `${new Date(at * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Returns the first 12 hex digits of a digest. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1).slice(0, 12);
}
