// What stands behind the sheet that starts a registry on this computer: what may run it, its folder, its port, who may sign
// in. Nothing here knows how it is drawn.

import { app, getBackend } from "../app/state.svelte";
import { ended } from "../app/waiting";
import {
  asProblem,
  type AccountView,
  type HostingFolder,
  type HostingImage,
  type HostingPlan,
  type HostingWay,
  type Problem,
  type TaskView,
} from "../backend/backend";
import { words } from "../messages";
import { KeepChoice } from "./keep.svelte";

const DEBOUNCE = 350;

export class HostDraft {
  plan = $state.raw<HostingPlan | null>(null);
  /** What runs it, and of which image; null until that is known. */
  #way = $state<string | null>(null);
  #image = $state<string | null>(null);
  folder = $state("");
  port = $state("");
  asks = $state(false);
  user = $state("");
  secret = $state("");
  /** What is to be said of the folder as it is typed. */
  folderTold = $state.raw<HostingFolder | null>(null);
  /** What came back from the last try. */
  problem = $state.raw<Problem | null>(null);
  missing = $state<string | null>(null);
  busy = $state(false);
  /** The download of the image, while it runs. */
  download = $state.raw<TaskView | null>(null);
  /** Where the secret is kept; a choice once the keychain could not take it. */
  readonly keep = new KeepChoice();
  readonly #done: (account: AccountView) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;
  #gone = false;
  /** The task that downloads the image, until it has ended. */
  #fetching: string | null = null;

  constructor(done: (account: AccountView) => void) {
    this.#done = done;
  }

  way = $derived.by((): HostingWay | null => {
    const ways = this.plan?.ways ?? [];
    return ways.find(({ id }) => id === this.#way) ?? ways[0] ?? null;
  });
  image = $derived.by((): HostingImage | null => {
    const images = this.way?.images ?? [];
    return images.find(({ name }) => name === this.#image) ?? images[0] ?? null;
  });
  /** Its image has to be downloaded first. */
  downloads = $derived.by(() => (this.image?.from ?? null) !== null);
  badPort = $derived.by(() => this.port !== "" && portOf(this.port) === null);
  ready = $derived.by(
    () =>
      !this.busy &&
      this.way !== null &&
      portOf(this.port) !== null &&
      this.folder.trim() !== "" &&
      (this.folderTold?.problem ?? null) === null,
  );

  choose(way: string): void {
    this.#way = way;
    this.problem = null;
  }

  chooseImage(name: string): void {
    this.#image = name;
    this.problem = null;
  }

  /** Asks what may run it. */
  async open(): Promise<void> {
    try {
      const plan = await getBackend().planHosting();
      this.plan = plan;
      if (this.folder === "") this.folder = plan.folder;
      if (this.port === "") this.port = String(plan.port);
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  /** Looks at the folder that was typed, in a moment, or chosen, at once. */
  changed({ now = false } = {}): void {
    this.problem = null;
    this.folderTold = null;
    clearTimeout(this.#timer);
    this.#round += 1;
    const round = this.#round;
    this.#timer = setTimeout(() => void this.#look(round), now ? 0 : DEBOUNCE);
  }

  async #look(round: number): Promise<void> {
    if (this.folder.trim() === "") return;
    const told = await getBackend()
      .hostingFolder(this.folder)
      .catch(() => null); // starting it says why not
    if (round === this.#round) this.folderTold = told;
  }

  /** Starts it, once its image is there. */
  async go(): Promise<void> {
    const { way, image } = this;
    const port = portOf(this.port);
    if (!this.ready || way === null || port === null) return;
    this.missing = this.#whatIsMissing();
    if (this.missing !== null) return;
    [this.busy, this.problem] = [true, null];
    try {
      if (this.downloads) await this.#fetch(way.id);
      if (this.#gone) return;
      const account = await getBackend().hostRegistry({
        way: way.id,
        image: image?.name ?? null,
        folder: this.folder,
        port,
        user: this.asks ? this.user.trim() : "",
        secret: this.asks ? this.secret : "",
        keep: this.keep.order,
      });
      await app.readAccounts();
      if (!this.#gone) this.#done(account);
    } catch (thrown) {
      await this.#take(asProblem(thrown));
    } finally {
      [this.busy, this.download] = [false, null];
    }
  }

  #whatIsMissing(): string | null {
    if (!this.asks) return null;
    if (this.user.trim() === "") return words.accounts.userMissing;
    return this.secret === "" ? words.accounts.secretMissing : this.keep.missing;
  }

  /** Takes what it came to: a keychain that can't take the secret is asked about in place. */
  async #take(problem: Problem): Promise<void> {
    if (problem.code === "keychain") return this.keep.refuse(problem);
    if (problem.code === "encryptedFile") await this.keep.look();
    this.problem = problem;
  }

  /** Downloads the image; resolves once the engine has it, or nobody waits for it any more. */
  async #fetch(way: string): Promise<void> {
    const id = await getBackend().downloadRegistry(way);
    if (this.#gone) return end(id);
    this.#fetching = id;
    const task = await ended(id, (now) => (this.download = now));
    this.#fetching = null;
    if (task.state === "done") return this.open();
    throw task.problem ?? { code: "other", message: words.hosting.downloadFailed, hints: [], detail: null };
  }

  /** Ends a download that nobody waits for. */
  close(): void {
    this.#gone = true;
    clearTimeout(this.#timer);
    this.secret = "";
    this.keep.forget();
    if (this.#fetching !== null) end(this.#fetching);
  }
}

/** Ends a download. */
function end(id: string): void {
  void getBackend()
    .cancelTask(id)
    .catch(() => undefined); // its row shows how it ends
}

/** Reads a port as it is typed; null where it is none that may be chosen. */
function portOf(typed: string): number | null {
  if (!/^\d{1,5}$/.test(typed.trim())) return null;
  const port = Number(typed);
  return port >= 1024 && port <= 65535 ? port : null;
}
