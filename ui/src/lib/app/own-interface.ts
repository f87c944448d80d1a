/** Whose own interface does a thing for an account, where a registry has one for it. */
import type { KindPart } from "../backend/backend";
import { words } from "../messages";
import { getBackend } from "./state.svelte";

/** Returns the vendor's name; null where the thing goes by what all registries share, or nobody can tell. */
export async function ownInterface(account: string, part: KindPart): Promise<string | null> {
  try {
    const view = await getBackend().kind(account);
    const vendor = view.chosen ?? view.recognised;
    const isOwn = view.parts.some((each) => each.part === part && each.means === "native");
    return isOwn && vendor !== null ? words.kinds.vendors[vendor] : null;
  } catch {
    return null; // a sheet opens all the same
  }
}
