/** What the push sheet proposes from an image's name, as pure functions. */
import type { ProjectView, TagRow } from "../backend/backend";

export interface ImageName {
  /** `host[:port]`, where the name has one. */
  host: string | null;
  /** Path without host and tag. */
  path: string;
  tag: string | null;
}

/** Takes an engine's name of an image apart: a first part with a dot or a colon, or `localhost`, is a host. */
export function readName(name: string): ImageName {
  const bare = name.split("@")[0] ?? name;
  const slash = bare.lastIndexOf("/");
  const colon = bare.lastIndexOf(":");
  const tag = colon > slash ? bare.slice(colon + 1) : null;
  const whole = colon > slash ? bare.slice(0, colon) : bare;
  const first = whole.split("/")[0] ?? "";
  const hasHost = whole.includes("/") && (first.includes(".") || first.includes(":") || first === "localhost");
  return { host: hasHost ? first : null, path: hasHost ? whole.slice(first.length + 1) : whole, tag };
}

/**
 * Returns the tag that the sheet starts with: the one the image, or an image of its name, last went to there; else its
 * name's own; else the newest that is there.
 */
export function proposeTag(name: string | null, last: string | null, there: readonly TagRow[]): string {
  const own = name === null ? null : readName(name).tag;
  return last ?? own ?? newestFirst(there.filter((row) => !row.deleted))[0]?.name ?? "latest";
}

function newestFirst(tags: readonly TagRow[]): TagRow[] {
  return [...tags].sort((a, b) => (b.time?.at ?? -Infinity) - (a.time?.at ?? -Infinity) || 0);
}

/** Returns the tags to offer, the newest first: all that are there until something is typed, then those that fit. */
export function tagChoices(tags: readonly TagRow[], typed: string | null): string[] {
  const names = newestFirst(tags).map((row) => row.name);
  return typed === null ? names : suggest(names, typed, names.length, false);
}

/**
 * Finds the names to offer while one is typed: those that contain it, those that begin with it first; then in the order
 * of the alphabet, or as they came.
 */
export function suggest(names: readonly string[], typed: string, most = 8, sorted = true): string[] {
  const wanted = typed.trim().toLowerCase();
  const fits = names.filter((name) => name.toLowerCase().includes(wanted) && name !== typed);
  const rank = (name: string): number => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return fits.sort((a, b) => rank(a) - rank(b) || (sorted ? (a < b ? -1 : 1) : 0)).slice(0, most);
}

/** Returns the projects that a name may begin with: those whose title or id has what is typed, until one is typed whole. */
export function projectChoices(projects: readonly ProjectView[], typed: string, most = 8): string[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted.includes("/")) return [];
  const fits = projects.filter(({ name, title }) => `${name} ${title ?? ""}`.toLowerCase().includes(wanted));
  return fits.slice(0, most).map(({ name }) => `${name}/`);
}
