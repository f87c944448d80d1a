/**
 * The door of this room: the build sheet, opened from a repository or from the palette; and the steps
 * of a build that runs or ran, opened again from its task's row.
 */
import { usable } from "../app/accounts";
import { transfers } from "../activity/tasks.svelte";
import { register } from "../app/actions";
import { app, getBackend, onEvent } from "../app/state.svelte";
import { isActive } from "../app/waiting";
import type { AppEvent, BuildStep, TaskView } from "../backend/backend";
import { openAddRegistry, openSignIn } from "../accounts/accounts.svelte";
import { push } from "../push/push.svelte";
import { BuildDraft, type BuildRequest } from "./draft.svelte";
import { fold } from "./steps";

/** A build that is looked at. */
export class Watched {
  readonly id: string;
  steps = $state.raw<readonly BuildStep[]>([]);
  /** Bytes of the folder that have gone to the engine. */
  sent = $state(0);
  /** Something of what it said is remembered. */
  known = $state(false);
  /** The log was read; before that nothing is known of it. */
  read = $state(false);
  /** Bytes that go in all; null where that is not known. */
  readonly bytes: number | null;
  /** What follows, as its sheet knew it; null where that is not known any more. */
  readonly says: string | null;
  /** What it was ordered with, to be changed and ordered again. */
  readonly draft: BuildDraft | null;

  constructor(id: string, draft: BuildDraft | null, says: string | null) {
    [this.id, this.draft, this.says] = [id, draft, says];
    this.bytes = draft?.plan && !draft.plan.cut ? draft.plan.bytes : null;
  }

  get task(): TaskView | undefined {
    return transfers.tasks.find((task) => task.id === this.id);
  }

  get running(): boolean {
    return this.task === undefined ? !this.read : isActive(this.task);
  }

  hear(event: AppEvent): void {
    if (event.kind !== "build" || event.task !== this.id) return;
    this.steps = fold(this.steps, event.steps);
    this.sent = Math.max(this.sent, event.sent);
  }

  /** Reads what it has said so far: what was heard meanwhile is newer. */
  async open(): Promise<void> {
    const log = await getBackend()
      .buildLog(this.id)
      .catch(() => ({ known: false, steps: [], sent: 0 })); // what it says from now on is heard all the same
    this.steps = fold(log.steps, this.steps);
    this.sent = Math.max(this.sent, log.sent);
    this.known = log.known;
    this.read = true;
  }
}

class Builds {
  /** What the sheet works on; null while it is closed. */
  draft = $state.raw<BuildDraft | null>(null);
  /** The build whose steps are shown, in the place of the sheet. */
  watched = $state.raw<Watched | null>(null);
  #deaf: (() => void) | null = null;

  open(request: BuildRequest): void {
    this.close();
    this.draft = new BuildDraft(getBackend(), request);
  }

  close(): void {
    this.draft?.close();
    this.#deaf?.();
    [this.draft, this.watched, this.#deaf] = [null, null, null];
  }

  /** Orders what the sheet shows; then it shows the steps. `says` is what follows. */
  async go(says: string | null): Promise<void> {
    const { draft } = this;
    const taken = await draft?.build();
    if (!draft || !taken) return;
    const { then } = taken.order;
    if (then !== null) transfers.followed(taken.id, (task) => push.follow(task, then, () => this.#ended(task.id)));
    if (this.draft === draft) this.watch(taken.id, draft, says);
  }

  /** Shows the steps of a build. */
  watch(id: string, draft: BuildDraft | null = null, says: string | null = null): void {
    this.close();
    const watched = new Watched(id, draft, says);
    this.#deaf = onEvent((event) => watched.hear(event));
    this.watched = watched;
    void watched.open();
  }

  /** Takes another folder into the sheet that is open; false where none is. */
  takeFolder(folder: string): boolean {
    if (this.draft === null || this.watched !== null) return false;
    this.draft.folder = folder;
    this.draft.changed();
    return true;
  }

  /** Hides the steps of a build that has ended: what follows it asks something. */
  #ended(id: string): void {
    if (this.watched?.id === id) this.close();
  }

  /** Goes back from the steps to what was ordered. */
  change(): void {
    const draft = this.watched?.draft ?? null;
    this.close();
    if (draft === null) return;
    // What stands there may be another now.
    draft.going?.again();
    void draft.look();
    this.draft = draft;
  }
}

export const builds = new Builds();
register("showSteps", (task) => builds.watch(task.id));
register("buildHere", ({ account, repository }) => openBuild({ account, repository }));

/** Opens the sheet of a build whose image goes to a repository; a registry that one isn't signed in to comes first. */
export function openBuild(to: { account: string; repository: string }, folder = ""): void {
  const account = app.account(to.account);
  if (account === undefined) return openAddRegistry();
  const open = (): void => builds.open({ folder, to: { ...to, tag: "latest" } });
  if (usable(account)) open();
  else openSignIn(account, open);
}

/** Opens the sheet of a build whose image stays on this computer. */
export function openBuildHere(folder = ""): void {
  builds.open({ folder });
}
