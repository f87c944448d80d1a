/**
 * One build sheet from opening to the order: the folder, what would be read of it, the answers, and where its image goes,
 * where it goes anywhere.
 */
import { asProblem, type Backend, type BuildOrder, type BuildPlan, type Problem } from "../backend/backend";
import { Going, type Blocked as GoingBlocked } from "../push/going.svelte";

export type BuildDoor = Pick<Backend, "planBuild" | "startBuild" | "planPush" | "writerFor">;

/** What opens the sheet. */
export interface BuildRequest {
  /** As it was typed or dropped; empty: it is asked. */
  folder: string;
  /** Where the image goes then; absent: it stays here. */
  to?: { account: string; repository: string; tag: string };
}

/** Why a build can't begin. */
export type Blocked = GoingBlocked | "noFolder" | "looking";

export class BuildDraft {
  folder = $state("");
  /** Its path in the folder; empty: the one that is usual. */
  dockerfile = $state("");
  /** The Dockerfiles that were found, to be offered. */
  files = $state.raw<readonly string[]>([]);
  target = $state("");
  platform = $state("");
  noCache = $state(false);
  /** Its name on this computer, with a tag; empty: none. */
  name = $state("");
  /** The arguments that are given, by name. */
  args = $state<Record<string, string>>({});
  /** Files that steps may read, each with the id they ask for it by. */
  secrets = $state<{ id: string; file: string }[]>([]);
  /** The engine’s own builder builds, also where BuildKit could. */
  engineBuilder = $state(false);
  /** Whether *Options* is open. */
  more = $state(false);
  plan = $state.raw<BuildPlan | null>(null);
  looking = $state(false);
  sending = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** Where the image goes; null: it stays on this computer. */
  readonly going: Going | null;

  private readonly door: BuildDoor;
  private readonly delay: number;
  /** The name that was proposed: another folder proposes another, unless the person typed one. */
  private proposed = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private round = 0;

  constructor(door: BuildDoor, { folder, to }: BuildRequest, delay = 250) {
    [this.door, this.delay, this.folder] = [door, delay, folder];
    this.going = to === undefined ? null : new Going(door, { image: null, name: null }, false, delay);
    if (this.going !== null && to !== undefined) {
      [this.going.account, this.going.repository, this.going.tag] = [to.account, to.repository, to.tag];
      void this.going.ask();
    }
    void this.look();
  }

  /** What is built, as the title calls it. */
  get called(): string {
    return this.plan?.name ?? lastOf(this.folder);
  }

  get blocked(): Blocked | null {
    if (this.folder.trim() === "") return "noFolder";
    if (this.looking) return "looking";
    if (this.plan === null) return "noPlan";
    if (this.sending) return "sending";
    return this.going?.blocked ?? null;
  }

  /** Tells whether the name is another image's, and moves to what is built with the next press. */
  get asksName(): boolean {
    return this.problem?.code === "nameTaken";
  }

  get ready(): boolean {
    return this.blocked === null;
  }

  /** Looks again after a rest: the folder was typed. */
  changed(): void {
    clearTimeout(this.timer);
    [this.dockerfile, this.files] = ["", []];
    this.again();
  }

  /** Looks again after a rest: the Dockerfile was typed. */
  again(): void {
    clearTimeout(this.timer);
    this.round += 1;
    this.problem = null;
    if (this.folder.trim() === "") {
      [this.looking, this.plan] = [false, null];
      return;
    }
    this.looking = true;
    this.timer = setTimeout(() => void this.look(), this.delay);
  }

  /** Asks nothing of the name of before: another was typed. */
  renamed(): void {
    if (this.asksName) this.problem = null;
  }

  /** Tells whether BuildKit builds, which alone has secrets. */
  get byBuildx(): boolean {
    return this.plan?.builder.kind === "buildx" && !this.engineBuilder;
  }

  addSecret(): void {
    this.secrets = [...this.secrets, { id: "", file: "" }];
  }

  removeSecret(at: number): void {
    this.secrets = this.secrets.filter((_, index) => index !== at);
  }

  /** Takes another platform: what the tag would lose by it is asked anew. */
  choosePlatform(platform: string): void {
    this.platform = platform;
    if (this.going === null) return;
    this.going.platform = platform === (this.plan?.platforms[0] ?? "") ? null : platform;
    this.going.changed();
  }

  close(): void {
    clearTimeout(this.timer);
    this.round += 1;
    this.going?.close();
  }

  /** Looks into the folder. */
  async look(): Promise<void> {
    if (this.folder.trim() === "") return;
    const round = (this.round += 1);
    const dockerfile = this.dockerfile.trim() === "" ? null : this.dockerfile.trim();
    this.looking = true;
    try {
      const plan = await this.door.planBuild({ folder: this.folder.trim(), dockerfile });
      if (round !== this.round) return;
      [this.plan, this.problem, this.files] = [plan, null, plan.dockerfiles];
      if (!plan.stages.includes(this.target)) this.target = "";
      this.propose(plan.name);
      if (!plan.platforms.includes(this.platform)) this.platform = plan.platforms[0] ?? "";
    } catch (caught) {
      if (round !== this.round) return;
      [this.plan, this.problem] = [null, asProblem(caught)];
    } finally {
      if (round === this.round) this.looking = false;
    }
  }

  /** Names what stays here after its folder: an image without a name is hard to find again. */
  private propose(folder: string): void {
    if (this.going !== null || this.name !== this.proposed) return;
    this.name = this.proposed = nameFrom(folder);
  }

  /** Orders the build; the task's id where the order was taken, else null with the reason in `problem`. */
  async build(): Promise<{ id: string; order: BuildOrder } | null> {
    const { plan } = this;
    if (!this.ready || plan === null) return null;
    const given = plan.args.flatMap(({ name }) => {
      const value = this.args[name] ?? "";
      return value === "" ? [] : [{ name, value }];
    });
    const order: BuildOrder = {
      folder: plan.folder,
      dockerfile: plan.dockerfile,
      target: this.target === "" ? null : this.target,
      args: given,
      secrets: this.byBuildx ? this.secrets.filter(({ id, file }) => `${id}${file}`.trim() !== "") : [],
      engineBuilder: this.engineBuilder,
      // The engine's own needs no naming: an older one may not know the word.
      platform: this.platform === (plan.platforms[0] ?? "") ? null : this.platform,
      noCache: this.noCache,
      name: this.name.trim() === "" ? null : this.name.trim(),
      moveName: this.asksName,
      then: this.going?.ordered() ?? null,
    };
    [this.sending, this.problem] = [true, null];
    try {
      return { id: await this.door.startBuild(order), order };
    } catch (caught) {
      this.problem = asProblem(caught);
      return null;
    } finally {
      this.sending = false;
    }
  }
}

/** Returns the name that an image gets from its folder's: what no engine takes is left out. */
export function nameFrom(folder: string): string {
  const plain = folder.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const name = plain.replace(/^-+|-+$/g, "");
  return name === "" ? "" : `${name}:latest`;
}

/** Returns the last part of a path, whichever way it is written. */
function lastOf(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? "";
}
