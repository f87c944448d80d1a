// Whose registries the accounts of the backend from memory are at: the lab's is a Harbor, all else is told by nothing.

import type {
  CommandOrder,
  CommandView,
  KindOrder,
  KindPart,
  KindPartView,
  KindView,
  Problem,
  ProjectView,
  SecondOrder,
  SecondState,
  SecondView,
  VendorId,
} from "../backend/backend";
import { problem } from "./problem";
import type { World } from "./world";

const PARTS: readonly KindPart[] = [
  "list",
  "describe",
  "create",
  "tagFacts",
  "history",
  "deleteTag",
  "deleteCommit",
  "restore",
];
const VENDORS: readonly VendorId[] = [
  "hub",
  "ghcr",
  "synapse",
  "ecr",
  "gitlab",
  "harbor",
  "quay",
  "pulp",
  "polly",
  "plain",
];
/** Those whose interface is at one address. */
const FIXED: readonly VendorId[] = ["hub", "ghcr", "ecr"];
const NATIVE: Partial<Record<VendorId, readonly KindPart[]>> = {
  harbor: ["list", "tagFacts", "deleteTag"],
  polly: ["list", "create", "history"],
  quay: PARTS.filter((part) => part !== "deleteCommit"),
  ghcr: ["list", "tagFacts", "history", "deleteCommit", "restore"],
};
/** Those that take a second sign-in, and the token that is right. */
const SECOND: readonly VendorId[] = ["quay"];
export const RIGHT_TOKEN = "application-token";
const WHY = "Its interface is at one address of its own.";

export class FakeKinds {
  #world: World;
  recognised: Record<string, VendorId | undefined> = { "registry.polly.example": "harbor" };
  chosen: Record<string, VendorId | undefined> = {};
  /** Polly's command: whether it is there, and for which accounts it may run, each with its organisation. */
  hasCommand = true;
  mayRun: Record<string, string | undefined> = {};
  commandProblem: Problem | null = null;
  /** The projects of accounts. */
  projects: Record<string, ProjectView[] | undefined> = {};
  /** What can't be done, and why, by vendor. */
  impossible: Partial<Record<VendorId, Partial<Record<KindPart, string>>>> = {};

  /** Whether accounts have a second sign-in. */
  seconds: Record<string, SecondState | undefined> = {};

  constructor(world: World) {
    this.#world = world;
  }

  kind(account: string): KindView {
    const [recognised, chosen] = [this.recognised[account] ?? null, this.chosen[account] ?? null];
    const counts = chosen ?? recognised ?? "plain";
    const command = counts === "polly" ? this.#command(account) : null;
    return {
      recognised,
      chosen,
      command,
      parts: PARTS.map((part) => this.#part(command?.mayRun === false ? "plain" : counts, part)),
      takesPrivate: counts !== "polly",
      choices: VENDORS.map((vendor) => ({ vendor, why: FIXED.includes(vendor) ? WHY : null })),
    };
  }

  #command(account: string): CommandView {
    const organisation = this.mayRun[account];
    return {
      program: "polly",
      isThere: this.hasCommand,
      mayRun: organisation !== undefined,
      organisation: organisation ?? null,
      problem: this.commandProblem,
    };
  }

  letRun({ account, organisation }: CommandOrder): KindView {
    this.mayRun[account] = organisation ?? "";
    return this.kind(account);
  }

  letRunNoMore(account: string): KindView {
    this.mayRun[account] = undefined;
    return this.kind(account);
  }

  login(): string {
    if (!this.hasCommand) throw problem("polly is not on this computer, or not where programs are looked for.");
    return "docker login -u POLLY -p c2VjcmV0LW9mLXBvbGx5 registry.polly.example";
  }

  second(account: string): SecondView | null {
    const vendor = this.chosen[account] ?? this.recognised[account] ?? "plain";
    if (!SECOND.includes(vendor)) return null;
    const state = this.seconds[account] ?? "absent";
    return { vendor, host: account, wantsUser: false, state, user: null, forSession: false };
  }

  giveSecond({ account, secret }: SecondOrder): SecondView | null {
    if (secret.trim() !== RIGHT_TOKEN)
      throw problem(`${account} doesn’t take this token. Nothing was kept.`, "secondSignIn");
    this.seconds[account] = "given";
    return this.second(account);
  }

  removeSecond(account: string): SecondView | null {
    this.seconds[account] = undefined;
    return this.second(account);
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
