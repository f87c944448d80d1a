/** What can be done with one commit of a tag, for its row, its panel, its menu and its keys. */
import { impossibles, unless } from "../app/impossible.svelte";
import { app } from "../app/state.svelte";
import type { CommitRow, ImpossibleAct } from "../backend/backend";
import { words } from "../messages";
import { restorableUntil } from "../messages/facts";
import type { MenuItem } from "../shared/overlay/menu";
import { keepCommit, openDelete, openMakeActive } from "./acts.svelte";

/** A commit, and where it is. */
export interface CommitAt {
  /** Account id. */
  account: string;
  repository: string;
  tag: string;
  row: CommitRow;
}

/** Says why an act can't be done in the commit's repository; null where nothing is known to stand against it. */
export function whyNot({ account, repository }: CommitAt, act: ImpossibleAct): string | null {
  return impossibles.why(account, repository, act);
}

export function canMakeActive({ row }: CommitAt): boolean {
  const comes = row.reach.kind !== "gone" || restorableUntil(row, app.now) !== null;
  return !row.active && comes && (row.digest ?? row.commitTag) !== null;
}

export function canKeep({ row }: CommitAt): boolean {
  return !row.kept && row.digest !== null && row.reach.kind !== "gone";
}

/** A commit tag that lies may be taken away as one that keeps. */
export function canStopKeeping({ row }: CommitAt): boolean {
  return row.commitTag !== null && (row.kept || row.mismatch);
}

export function canDelete({ row }: CommitAt): boolean {
  return row.digest !== null && row.reach.kind !== "gone";
}

export function makeActive(at: CommitAt): void {
  const commit = at.row.digest ?? at.row.commitTag;
  if (!canMakeActive(at) || commit === null) return;
  openMakeActive({ account: at.account, repository: at.repository, tag: at.tag, commit });
}

/** Keeps it at once, or asks before it is no longer kept. */
export function toggleKeep(at: CommitAt): void {
  const { account, repository, tag, row } = at;
  if (row.commitTag !== null && canStopKeeping(at)) {
    openDelete({ account, repository, items: [{ kind: "tag", name: row.commitTag }] });
  } else if (row.digest !== null && canKeep(at)) {
    void keepCommit({ account, repository, tag, digest: row.digest });
  }
}

export function deleteCommit(at: CommitAt): void {
  const { account, repository, row } = at;
  if (row.digest !== null && canDelete(at)) {
    openDelete({ account, repository, items: [{ kind: "commit", digest: row.digest }] });
  }
}

/** Lists the items of a commit's menu; what copies paths is put in its middle. */
export function commitMenu(at: CommitAt, copy: readonly MenuItem[]): MenuItem[] {
  const text = words.acts;
  const kept = canStopKeeping(at);
  return [
    unless(canMakeActive(at) ? whyNot(at, "write") : null, {
      label: text.makeActiveItem,
      shortcut: "A",
      testid: "menu-make-active",
      disabled: !canMakeActive(at),
      choose: () => makeActive(at),
    }),
    unless(kept || canKeep(at) ? whyNot(at, kept ? "delete" : "write") : null, {
      label: kept ? text.stopKeeping : text.keepItem,
      shortcut: "K",
      testid: kept ? "menu-stop-keeping" : "menu-keep",
      disabled: !kept && !canKeep(at),
      choose: () => toggleKeep(at),
    }),
    ...copy,
    unless(canDelete(at) ? whyNot(at, "deleteCommit") : null, {
      label: text.deleteItem,
      shortcut: "Delete",
      testid: "menu-delete",
      danger: true,
      disabled: !canDelete(at),
      choose: () => deleteCommit(at),
    }),
  ];
}
