/**
 * The door of this room: making a commit active, keeping one, deleting tags and commits. Whoever shows a tag or a
 * commit calls these; the sheets and the line that tells what came of it are this room's own.
 */
import { tick } from "svelte";
import { changed } from "../app/changed.svelte";
import { getBackend } from "../app/state.svelte";
import { undoing } from "../app/undoing.svelte";
import { asProblem, type DeleteItem, type Note, type Outcome } from "../backend/backend";
import { words } from "../messages";
import { shortDigest } from "../messages/format";
import { ActiveDraft } from "./active.svelte";
import { DeleteDraft } from "./delete.svelte";
import { deletedText, undoneText } from "./facts";
import type { ActiveRequest, DeleteRequest, KeepRequest } from "./requests";
import { said } from "./said.svelte";

class Acts {
  /** What the sheet *Make active* works on; null while it is closed. */
  active = $state.raw<ActiveDraft | null>(null);
  /** What the sheet that deletes works on; null while it is closed. */
  deleting = $state.raw<DeleteDraft | null>(null);

  closeActive(): void {
    this.active = null;
  }

  /** Leaves the sheet; a deletion that runs goes on, and the line at the bottom can stop it. */
  closeDelete(): void {
    const draft = this.deleting;
    this.deleting = null;
    if (!draft?.deleting) return;
    const { stop, stopping } = words.acts.del;
    said.say({
      text: words.acts.del.running,
      count: () => draft.count,
      running: true,
      act: { label: stop, busy: stopping, testid: "stop", run: () => draft.stop() },
    });
  }

  /** Makes active what the sheet shows; it goes where that was done. */
  async makeActive(): Promise<void> {
    const draft = this.active;
    const outcome = await draft?.go();
    if (!draft || !outcome) return;
    const here = this.active === draft;
    if (here) this.closeActive();
    said.say({ text: activeText(draft, outcome), notes: texts(outcome.notes) });
    const { account, repository, tag } = draft.request;
    await tick(); // the sheet has given the focus back
    const commit = draft.plan?.to.digest ?? null;
    changed.note({ account, repository, tag, commit }, here ? document.activeElement : null);
  }

  /** Deletes what the sheet shows; it goes where that was done. */
  async delete(): Promise<void> {
    const draft = this.deleting;
    if (!draft?.ready) return;
    const items = draft.doable.map((each) => each.item);
    const came = await draft.go();
    const here = this.deleting === draft;
    const account = draft.request.account;
    if (came === null) {
      if (!here) said.say({ text: words.acts.del.failedAll, problem: draft.problem ?? undefined, account });
      return;
    }
    if (here) this.closeDelete();
    const { outcome, problem } = came;
    const { undo, failed } = outcome;
    const act = undo === null ? undefined : this.#undoOf(account, items, undo);
    const notes = texts(outcome.notes);
    said.say({ text: deletedText(items, outcome), notes, failed, problem: problem ?? undefined, account, act });
  }

  #undoOf(account: string, items: readonly DeleteItem[], undo: string) {
    const { go, going, failed: text } = words.acts.undo;
    const run = async (): Promise<void> => {
      try {
        const { outcome: back, problem } = await undoing.run(undo);
        const { failed } = back;
        const notes = texts(back.notes);
        said.say({ text: undoneText(items, back), notes, failed, problem: problem ?? undefined, account });
      } catch (caught) {
        said.say({ text, problem: asProblem(caught), account });
      }
    };
    const over = (): boolean => undoing.taken.has(undo);
    return { label: go, busy: going, testid: "undo", shortcut: "Mod+Z", run, over };
  }
}

const texts = (notes: readonly Note[]): string[] => notes.map((note) => note.text);

/** Tells what making active came to; that the old commit stays is said unless a note says it. */
function activeText(draft: ActiveDraft, outcome: Outcome): string {
  const text = words.acts.active;
  const { commitTag, notes } = outcome;
  const told = commitTag === null || notes.some((note) => note.commitTag === commitTag);
  const old = outcome.previous;
  const stays = told || old === null ? [] : [text.kept(shortDigest(old))];
  return [text.done(draft.request.tag, draft.short), ...stays].join(" ");
}

export const acts = new Acts();

/** Opens the sheet *Make active* (*Put back* where the tag is deleted). */
export function openMakeActive(request: ActiveRequest): void {
  acts.active = new ActiveDraft(getBackend(), request);
}

/** Opens the sheet that asks before anything is deleted. */
export function openDelete(request: DeleteRequest): void {
  if (request.items.length > 0) acts.deleting = new DeleteDraft(getBackend(), request);
}

/** Keeps one commit: the press is the yes. What came of it stands in the line at the bottom. Never rejects. */
export async function keepCommit(request: KeepRequest): Promise<void> {
  const [text, short] = [words.acts.keep, shortDigest(request.digest)];
  const from = document.activeElement;
  try {
    said.say({ text: text.done(short, await getBackend().keepCommit(request)) });
    const { account, repository, tag, digest } = request;
    changed.note({ account, repository, tag, commit: digest, kept: true }, from);
  } catch (caught) {
    said.say({ text: text.failed(short), problem: asProblem(caught), account: request.account });
  }
}

/** Begins or ends to watch one tag; only what fails is said. Never rejects. */
export async function watchTag(account: string, repository: string, tag: string, on: boolean): Promise<void> {
  try {
    await getBackend().watch({ account, repository, tag, on });
  } catch (caught) {
    said.say({ text: words.acts.watching.failed(tag), problem: asProblem(caught), account });
  }
}
