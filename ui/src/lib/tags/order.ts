/**
 * The orders of the tags table, as pure functions.
 *
 * Versions follow semantic versioning as far as tags do: a `v` in front, one to many numbers, a prerelease
 * behind a dash (or glued on, as in `1.2.0rc1`). What is no version comes after all versions, by name.
 */
import type { TagOrder, TagRow } from "../backend/backend";

/** A tag read as a version. Numbers stay text, so that twenty digits compare as well as two. */
export interface Version {
  numbers: string[];
  prerelease: string[];
}

const VERSION = /^v?(\d+(?:\.\d+)*)(?:-([0-9a-z.\-_+]+)|((?:a|b|c|rc|alpha|beta|pre|dev)\.?\d*))?$/i;
const byName = new Intl.Collator("en", { numeric: true });

/** Reads a tag as a version; null where it is none. */
export function parseVersion(tag: string): Version | null {
  const found = VERSION.exec(tag);
  if (!found?.[1]) return null;
  const rest = found[2]?.split("+")[0] ?? found[3]?.replace(/^([a-z]+)\.?(\d+)$/i, "$1.$2") ?? "";
  return {
    numbers: found[1].split(".").map((part) => part.replace(/^0+(?=\d)/, "")),
    prerelease: rest === "" ? [] : rest.split("."),
  };
}

function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparePart(a: string, b: string): number {
  const numeric = /^\d+$/;
  const [na, nb] = [numeric.test(a), numeric.test(b)];
  if (na && nb) return compareNumbers(a.replace(/^0+(?=\d)/, ""), b.replace(/^0+(?=\d)/, ""));
  if (na !== nb) return na ? -1 : 1; // a number ranks below a word
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares two versions for ascending order, as semantic versioning has it; missing numbers count as zero. */
export function compareVersions(a: Version, b: Version): number {
  for (let n = 0; n < Math.max(a.numbers.length, b.numbers.length); n += 1) {
    const order = compareNumbers(a.numbers[n] ?? "0", b.numbers[n] ?? "0");
    if (order !== 0) return order;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) {
    return b.prerelease.length - a.prerelease.length; // a release ranks above its prereleases
  }
  for (let n = 0; n < Math.max(a.prerelease.length, b.prerelease.length); n += 1) {
    const [pa, pb] = [a.prerelease[n], b.prerelease[n]];
    if (pa === undefined) return -1;
    if (pb === undefined) return 1;
    const order = comparePart(pa, pb);
    if (order !== 0) return order;
  }
  return 0;
}

/** Compares two names, with numbers inside them read as numbers. */
export function compareNames(a: string, b: string): number {
  return byName.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

interface Read {
  row: TagRow;
  version: Version | null;
}

function read(row: TagRow): Read {
  return { row, version: parseVersion(row.name) };
}

/** Compares two tags by version; what is no version stands after all versions, by name, either way round. */
function compareRead(a: Read, b: Read, up: boolean): number {
  if (a.version && b.version) {
    const order = compareVersions(b.version, a.version);
    return (
      (up ? -order : order) ||
      // `1`, `1.0` and `1.0.0` rank the same: the more general first.
      a.version.numbers.length - b.version.numbers.length ||
      compareNames(a.row.name, b.row.name)
    );
  }
  if (a.version || b.version) return a.version ? -1 : 1;
  return compareNames(a.row.name, b.row.name);
}

/** Compares by a number of which it may not be known: then the row stands last, either way round. */
function compareBy(a: number | null | undefined, b: number | null | undefined, down: boolean): number {
  const [one, other] = [a ?? null, b ?? null];
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return down ? other - one : one - other;
}

/**
 * Returns by what a row is ordered in time: a time that was only noticed stands at what it is known to be newer than, so
 * that it never stands above what may be newer.
 */
function placeOf({ time }: TagRow): number | null {
  if (time === null) return null;
  return time.kind === "by" ? (time.after ?? null) : time.at;
}

/** Compares two rows as an order has them; zero where it can't tell them apart. */
export function compareRows(a: TagRow, b: TagRow, order: TagOrder): number {
  switch (order) {
    case "version":
    case "versionUp":
      return compareRead(read(a), read(b), order === "versionUp");
    case "name":
      return compareNames(a.name, b.name);
    case "nameDown":
      return compareNames(b.name, a.name);
    case "newest":
    case "oldest":
      return compareBy(placeOf(a), placeOf(b), order === "newest");
    case "largest":
    case "smallest":
      return compareBy(a.size, b.size, order === "largest");
  }
}

/** Tells whether an order needs what is only known of a tag once it was asked for. */
export function needsFacts(order: TagOrder): boolean {
  return order === "newest" || order === "oldest" || order === "largest" || order === "smallest";
}

/**
 * Puts new rows where they belong among rows that stand in an order, behind what they can't be told from. A search for each
 * new row and one walk: the rows that are there are not compared with each other.
 */
export function insertRows(rows: readonly TagRow[], fresh: readonly TagRow[], order: TagOrder): TagRow[] {
  const before = new Map<number, TagRow[]>();
  for (const row of orderRows(fresh, order)) {
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = rows[middle];
      if (other !== undefined && compareRows(other, row, order) <= 0) low = middle + 1;
      else high = middle;
    }
    const here = before.get(low);
    if (here === undefined) before.set(low, [row]);
    else here.push(row);
  }
  const all: TagRow[] = [];
  rows.forEach((row, at) => {
    for (const one of before.get(at) ?? []) all.push(one);
    all.push(row);
  });
  for (const one of before.get(rows.length) ?? []) all.push(one);
  return all;
}

/** Orders the rows as asked for. Stable: what can't be told apart stays in the registry's order. */
export function orderRows(rows: readonly TagRow[], order: TagOrder): TagRow[] {
  if (order !== "version" && order !== "versionUp") return [...rows].sort((a, b) => compareRows(a, b, order));
  const up = order === "versionUp";
  return rows
    .map(read)
    .sort((a, b) => compareRead(a, b, up))
    .map((entry) => entry.row);
}

/** Tells whether nothing was ever learnt of a row: it has no place in an order by facts. */
export function isUnknown(row: TagRow): boolean {
  return !row.resolved && !row.deleted && row.digest === null;
}

/** Counts the rows of which nothing was ever learnt: while there are any, an order by facts is unfinished. */
export function undated(rows: readonly TagRow[]): number {
  return rows.reduce((count, row) => (isUnknown(row) ? count + 1 : count), 0);
}

/** Counts the tags that are there; a deleted one keeps its row for a while. */
export function present(rows: readonly TagRow[]): number {
  return rows.reduce((count, row) => (row.deleted ? count : count + 1), 0);
}

/** Tells whether most rows are unknown: an order by facts would say more than it knows. */
export function mostUnknown(rows: readonly TagRow[]): boolean {
  return undated(rows) * 2 > rows.length;
}
