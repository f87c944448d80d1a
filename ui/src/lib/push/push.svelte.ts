/**
 * The door of this room: the one push sheet of the window, opened from a drop, from the keyboard, from a row's menu, or
 * by a push that came back with a question; and the two lists that come before it where the place, or the image, isn't
 * known yet. What the person wanted is kept on the way.
 */
import { accountsFor, usable } from "../app/accounts";
import { tick } from "svelte";
import { openAddRegistry, openSignIn } from "../accounts/accounts.svelte";
import { transfers } from "../activity/tasks.svelte";
import { asksAgain } from "../activity/totals";
import { dispatch, register } from "../app/actions";
import { changed } from "../app/changed.svelte";
import { app, getBackend } from "../app/state.svelte";
import {
  asProblem,
  FROM_THE_BEGIN,
  type AccountView,
  type LikelyPlace,
  type Problem,
  type PushOrder,
  type TaskView,
  type ThenPush,
} from "../backend/backend";
import { words } from "../messages";
import { PushDraft, type PushAgain, type PushRequest } from "./draft.svelte";
import { ImageChoice, type Chosen as ChosenImage } from "./image-choice.svelte";
import { proposeTag, readName } from "./names";
import { PlaceChoice, type Going } from "./place-choice.svelte";

export { readName } from "./names";

/** What is proposed comes from the cache; a sheet doesn't wait longer for it than this (milliseconds). */
const PATIENCE = 200;

/** What is to go somewhere, as the list of places asks. */
export interface Asked {
  /** What it is called; null: an image without a name. */
  label: string | null;
  /** The image, or the one it will be made on: what is known of it says what is likely. */
  imageId: string;
  /** Its name, where it has one. */
  name: string | null;
  /** Account id. */
  account: string;
  /** The namespace dropped on. */
  namespace: string | null;
  /** All registries are listed: nobody chose one. */
  asksAccount: boolean;
}

/** A place that was chosen. */
export interface Chosen {
  account: string;
  repository: string;
  /** It is none that is listed: its name may be a beginning. */
  fresh: boolean;
}

class Push {
  /** What the sheet works on; null while it is closed. */
  draft = $state.raw<PushDraft | null>(null);
  /** The list of places that an image may go to; null while it is closed. */
  placing = $state.raw<PlaceChoice | null>(null);
  /** The list of images that a repository may get; null while it is closed. */
  picking = $state.raw<ImageChoice | null>(null);
  #round = 0;

  /** Opens the sheet, or, where no repository was chosen, first the list of those that are likely. */
  async open(request: PushRequest | PushAgain): Promise<void> {
    this.close();
    if ("order" in request) {
      this.draft = new PushDraft(getBackend(), request);
      return;
    }
    const round = this.#round;
    if (request.repository === null) return this.#placeImage(request, round);
    const tag = request.tag ?? (await proposed(request, request.repository));
    if (round === this.#round) this.draft = new PushDraft(getBackend(), { ...request, tag });
  }

  /** Opens the list of images for a repository. */
  pick(account: string, repository: string): void {
    this.close();
    const take = ({ imageId, name }: ChosenImage): void =>
      void this.open({ imageId, name, account, repository, namespace: null });
    this.picking = new ImageChoice(getBackend(), repository, take);
  }

  close(): void {
    this.#round += 1;
    this.draft?.close();
    [this.draft, this.placing, this.picking] = [null, null, null];
  }

  /** Orders what the sheet shows; the sheet goes where the order was taken. */
  async go(name: "move" | "leave" = "leave"): Promise<void> {
    const draft = this.draft;
    const taken = await draft?.push(name);
    if (!draft || !taken) return;
    const here = this.draft === draft;
    if (here) this.close();
    await tick(); // the sheet has given the focus back
    this.#remember(taken.id, taken.order, draft.name, here ? document.activeElement : null);
  }

  /**
   * Takes a push that followed what was made here, as its sheet ordered it: its question opens by itself, like that of any
   * push, in the place of what `ahead` closes.
   */
  follow({ outcome }: TaskView, then: ThenPush, ahead: () => void): void {
    if (outcome?.kind !== "made" || outcome.next === null) return;
    const { image, name, engine, next } = outcome;
    const { secretGoesTo, ...rest } = then;
    const order: PushOrder = { image, name, ...rest };
    if (engine !== null) order.engine = engine;
    if (secretGoesTo !== null) order.secretGoesTo = secretGoesTo;
    this.#remember(next, order, name, null, ahead);
  }

  /** Remembers a push that was taken. `from` is where the focus was then; null: the person has gone on since. */
  #remember(
    id: string,
    order: PushOrder,
    name: string | null,
    from: Element | null,
    ahead: (() => void) | null = null,
  ): void {
    const { account, repository, tag } = order;
    const failed = (problem: Problem): void => void this.#cameBack(order, name, problem, ahead);
    const arrived = ({ outcome }: TaskView): void => {
      const commit = outcome?.kind === "moved" ? outcome.digest : null;
      changed.note({ account, repository, tag, commit }, from);
    };
    transfers.pushed(id, { order, name, failed, arrived });
  }

  /** Opens the sheet of a push that came back, from its row among the transfers. */
  async reopen(task: TaskView): Promise<void> {
    const known = transfers.orderOf(task.id);
    if (known) return this.open({ ...known, problem: task.problem });
    try {
      const order = await getBackend().orderedPush(task.id);
      return this.open({ order, name: order.name, problem: task.problem });
    } catch (caught) {
      dispatch("say", { text: words.push.unread, problem: asProblem(caught) });
    }
  }

  /** Opens the list of places for something that will be an image; `go` goes on with the one that is chosen. */
  async place(asked: Asked, go: (to: Chosen) => void): Promise<void> {
    this.close();
    const chosen = (to: Chosen): void => {
      this.close();
      go(to);
    };
    return this.#place(asked, chosen, this.#round);
  }

  async #placeImage(request: PushRequest, round: number): Promise<void> {
    const { imageId, name, account, namespace } = request;
    const asked = { label: name, imageId, name, account, namespace, asksAccount: request.asksAccount === true };
    const go = ({ fresh, ...to }: Chosen): void => {
      if (!fresh) return void this.open({ imageId, name, ...to, namespace: null });
      const tag = request.tag ?? proposeTag(name, null, []);
      const { asksAccount } = asked;
      this.draft = new PushDraft(getBackend(), { imageId, name, ...to, namespace, tag, asksAccount });
    };
    return this.#place(asked, go, round);
  }

  /** Opens the list of places; a registry that one isn't signed in to is signed in to on the way. */
  async #place(asked: Asked, go: (to: Chosen) => void, round: number): Promise<void> {
    const likely = await places(asked.imageId, asked.name);
    if (round !== this.#round) return;
    const going: Going = {
      to: ({ account, repository }) => {
        const next = (): void => go({ account: account.id, repository, fresh: false });
        if (usable(account)) return next();
        this.close();
        openSignIn(account, next);
      },
      make: (repository, typed) => {
        this.close();
        const next = (): void => go({ account: typed?.id ?? asked.account, repository, fresh: true });
        if (typed !== null && !usable(typed)) openSignIn(typed, next);
        else next();
      },
    };
    const { label, namespace } = asked;
    const accounts = asked.asksAccount ? app.accounts : app.accounts.filter((one) => one.id === asked.account);
    this.placing = new PlaceChoice({ label, likely, accounts, namespace, going });
  }

  /** Asks the question of a push that came back, unless another sheet is in the way: its row still offers it. */
  async #cameBack(order: PushOrder, name: string | null, problem: Problem, ahead: (() => void) | null): Promise<void> {
    if (!asksAgain(problem.code) || !app.started) return;
    ahead?.();
    await tick(); // what was closed is gone from the page
    if (document.querySelector("dialog[open]") === null) await this.open({ order, name, problem });
  }
}

/** Returns where an image may be meant to go; nothing where that can't be told soon. */
async function places(image: string, name: string | null): Promise<readonly LikelyPlace[]> {
  const late = new Promise<LikelyPlace[]>((done) => setTimeout(() => done([]), PATIENCE));
  return Promise.race([getBackend().pushPlaces(image, name), late]).catch(() => []);
}

/** Returns the tag that a push to a repository begins with. */
export async function proposed(
  { imageId, name, account }: Pick<PushRequest, "imageId" | "name" | "account">,
  repository: string,
): Promise<string> {
  const host = app.account(account)?.host;
  const at = (place: LikelyPlace): boolean =>
    place.repository === repository && app.account(place.account)?.host === host;
  const last = (await places(imageId, name)).find(at)?.tag ?? null;
  if (last !== null || (name !== null && readName(name).tag !== null)) return proposeTag(name, last, []);
  const there = await getBackend()
    .tags(account, repository, FROM_THE_BEGIN)
    .catch(() => null);
  return proposeTag(name, null, there?.rows ?? []);
}

export const push = new Push();
register("pushAgain", (task) => void push.reopen(task));

/** Opens the sheet for an image dropped on a repository; dropped on a namespace or an account, the list of places there. */
export function openPush(request: PushRequest): void {
  void push.open(request);
}

/** Opens "Push to…" of an image: the list of likely places. Without a registry to push to, that comes first. */
export function openPushTo(imageId: string, name: string | null): void {
  withRegistry(name, ({ id: account }) =>
    openPush({ imageId, name, account, repository: null, namespace: null, asksAccount: true }),
  );
}

/** Goes on with the registry that an image's name speaks of, else the first; without one to push to, that comes first. */
export function withRegistry(name: string | null, go: (account: AccountView) => void): void {
  const again = (): void => withRegistry(name, go);
  const [first] = app.accounts;
  if (first === undefined) return openAddRegistry({}, again);
  if (!app.accounts.some(usable)) {
    const host = name === null ? null : readName(name).host;
    return openSignIn(app.accounts.find((account) => account.host === host) ?? first, again);
  }
  go(likelyAccount(name, app.accounts) ?? first);
}

/**
 * Returns the account that "Push to…" begins with: the one the image's name speaks of, else the first that can be used.
 */
export function likelyAccount(name: string | null, accounts: readonly AccountView[]): AccountView | undefined {
  const inUse = accounts.filter(usable);
  const { host, path } = readName(name ?? "");
  return (host === null ? undefined : accountsFor(inUse, host, path)[0]) ?? inUse[0];
}

/** Opens the list of images for a repository: "Choose an image…". */
export function openPickImage(account: string, repository: string): void {
  push.pick(account, repository);
}
