// Whose registries the accounts of the backend from memory are at: the lab's is a Harbor, all else is told by nothing.

import type { KindOrder, KindPart, KindPartView, KindView, ProjectView, VendorId } from "../backend/backend";
import { problem } from "./problem";
import type { World } from "./world";

const PARTS: readonly KindPart[] = ["list", "describe", "create", "tagFacts", "history", "deleteTag", "restore"];
const VENDORS: readonly VendorId[] = ["hub", "ghcr", "synapse", "ecr", "gitlab", "harbor", "quay", "pulp", "plain"];
/** Those whose interface is at one address. */
const FIXED: readonly VendorId[] = ["hub", "ghcr", "ecr"];
const NATIVE: Partial<Record<VendorId, readonly KindPart[]>> = { harbor: ["list", "tagFacts", "deleteTag"] };
const WHY = "Its interface is at one address of its own.";

export class FakeKinds {
  #world: World;
  recognised: Record<string, VendorId | undefined> = { "registry.polly.example": "harbor" };
  chosen: Record<string, VendorId | undefined> = {};
  /** The projects of accounts. */
  projects: Record<string, ProjectView[] | undefined> = {};
  /** What can't be done, and why, by vendor. */
  impossible: Partial<Record<VendorId, Partial<Record<KindPart, string>>>> = {};

  constructor(world: World) {
    this.#world = world;
  }

  kind(account: string): KindView {
    const [recognised, chosen] = [this.recognised[account] ?? null, this.chosen[account] ?? null];
    const counts = chosen ?? recognised ?? "plain";
    return {
      recognised,
      chosen,
      parts: PARTS.map((part) => this.#part(counts, part)),
      choices: VENDORS.map((vendor) => ({ vendor, why: FIXED.includes(vendor) ? WHY : null })),
    };
  }

  #part(vendor: VendorId, part: KindPart): KindPartView {
    const why = this.impossible[vendor]?.[part] ?? null;
    if (why !== null) return { part, means: "impossible", why };
    if (NATIVE[vendor]?.includes(part)) return { part, means: "native", why };
    return { part, means: part === "history" || part === "restore" ? "byCommitTags" : "byProtocol", why };
  }

  choose({ account, vendor }: KindOrder): KindView {
    if (vendor !== null && FIXED.includes(vendor)) throw problem(WHY);
    this.chosen[account] = vendor ?? undefined;
    this.#world.emit({ kind: "stale", what: { of: "accounts" } });
    return this.kind(account);
  }
}
