/** What the push sheet proposes from an image's name, as pure functions. */

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
 * Returns the repository that the sheet starts with: the one dropped on, else the image's own name under the namespace
 * dropped on.
 */
export function proposeRepository(
  name: string | null,
  dropped: { repository: string | null; namespace: string | null },
): string {
  if (dropped.repository !== null) return dropped.repository;
  const path = name === null ? "" : readName(name).path;
  if (dropped.namespace === null) return path;
  return `${dropped.namespace}/${path.split("/").at(-1) ?? ""}`;
}

/** Returns the tag that the sheet starts with: the image's own. */
export function proposeTag(name: string | null): string {
  return (name === null ? null : readName(name).tag) ?? "latest";
}

/** Finds the repositories to offer while the name is typed: those that contain it, those that begin with it first. */
export function suggest(names: readonly string[], typed: string, most = 8): string[] {
  const wanted = typed.trim().toLowerCase();
  const fits = names.filter((name) => name.toLowerCase().includes(wanted) && name !== typed);
  const rank = (name: string): number => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return fits.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).slice(0, most);
}
