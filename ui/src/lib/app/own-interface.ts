/** Whose own interface does a thing for an account, where a registry has one for it. */
import type { KindPart } from "../backend/backend";
import { words } from "../messages";
import { getBackend } from "./state.svelte";

/** A vendor's own interface. */
export interface OwnInterface {
  /** The vendor's name. */
  vendor: string;
  /** Who may see a new repository is chosen as it is made. */
  takesPrivate: boolean;
}

/** Returns whose interface it is; null where the thing goes by what all registries share, or nobody can tell. */
export async function ownInterface(account: string, part: KindPart): Promise<OwnInterface | null> {
  try {
    const view = await getBackend().kind(account);
    const vendor = view.chosen ?? view.recognised;
    const isOwn = view.parts.some((each) => each.part === part && each.means === "native");
    if (!isOwn || vendor === null) return null;
    return { vendor: words.kinds.vendors[vendor], takesPrivate: view.takesPrivate };
  } catch {
    return null; // a sheet opens all the same
  }
}
