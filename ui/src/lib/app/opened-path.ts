/** Going where a typed path leads: to its repository, and there to its tag or its digest. */
import type { OpenedPath } from "../backend/backend";
import { focusPage } from "../shared/overlay/focus";
import { arrival } from "./arriving.svelte";
import { app } from "./state.svelte";

/** Goes to what a path names; false where there is no account of its registry. */
export function goToPath({ account, repository, tag, digest }: OpenedPath): boolean {
  if (account === null) return false;
  app.go({ kind: "repository", account, repository });
  arrival.tag = digest === null && tag !== null ? { account, repository, tag } : null;
  arrival.digest = digest === null ? null : { account, repository, digest };
  focusPage({ orWithin: true });
  return true;
}
