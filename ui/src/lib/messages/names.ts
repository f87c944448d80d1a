/** Names of commit tags, read as `crates/oci/src/commit_tag` writes them; only to say in words what they are. */

const COMMIT_TAG = /^_h\.(.+)\.\d{8}t\d{6}[zn]-([0-9a-f]{32,64})$/;

/** Returns the tag and the commit that a commit tag speaks of; null where the name is another. */
export function readCommitTag(name: string): { tag: string; short: string } | null {
  const found = COMMIT_TAG.exec(name);
  return found?.[1] && found[2] ? { tag: found[1], short: found[2].slice(0, 12) } : null;
}

/** Returns the first 12 digits of a commit named by its digest or by its commit tag. */
export function shortOf(commit: string): string {
  return readCommitTag(commit)?.short ?? commit.slice(commit.indexOf(":") + 1).slice(0, 12);
}
