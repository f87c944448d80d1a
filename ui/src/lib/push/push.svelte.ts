/**
 * The door of this room: the one push sheet of the window, opened from a drop, from the keyboard, from a
 * row's menu, or by a push that came back with a question.
 */
import { transfers } from "../activity/tasks.svelte";
import { asksAgain } from "../activity/totals";
import { register } from "../app/actions";
import { app, getBackend } from "../app/state.svelte";
import type { Problem, PushOrder, TaskView } from "../backend/backend";
import { PushDraft, type PushAgain, type PushRequest } from "./draft.svelte";

export { readName } from "./names";

class Push {
  /** What the sheet works on; null while it is closed. */
  draft = $state.raw<PushDraft | null>(null);

  open(request: PushRequest | PushAgain): void {
    this.draft?.close();
    this.draft = new PushDraft(getBackend(), request);
  }

  close(): void {
    this.draft?.close();
    this.draft = null;
  }

  /** Orders what the sheet shows; the sheet goes where the order was taken. */
  async go(): Promise<void> {
    const draft = this.draft;
    const taken = await draft?.push();
    if (!draft || !taken) return;
    const { order } = taken;
    if (this.draft === draft) this.close();
    const failed = (problem: Problem): void => this.#cameBack(order, draft.name, problem);
    transfers.pushed(taken.id, { order, name: draft.name, failed });
  }

  /** Opens the sheet of a push that came back, from its row among the transfers. */
  async reopen(task: TaskView): Promise<void> {
    const known = transfers.orderOf(task.id);
    if (known && task.problem) return this.open({ ...known, problem: task.problem });
    // Ordered in an earlier run: the image is found by the digits that the row shows.
    const image = (await getBackend().images()).find((row) => row.id.includes(task.short));
    if (!image) return;
    const { account, repository, tag } = task;
    this.open({ imageId: image.id, name: image.name, account, repository, namespace: null, tag });
  }

  /** Asks the question of a push that came back, unless another sheet is in the way: its row still offers it. */
  #cameBack(order: PushOrder, name: string | null, problem: Problem): void {
    if (asksAgain(problem.code) && this.draft === null && app.started) this.open({ order, name, problem });
  }
}

export const push = new Push();
register("pushAgain", (task) => void push.reopen(task));

/** Opens the sheet for an image dropped on a repository, a namespace or an account. */
export function openPush(request: PushRequest): void {
  push.open(request);
}
