// The door of this room: which of its sheets is open. Other rooms open them from here.

import type { KeepView, Prune } from "../backend/backend";
import { KeepForm } from "./keep-form.svelte";
import { PruneDraft } from "./prune.svelte";

/** Names a repository. */
export interface Where {
  /** Account id. */
  account: string;
  repository: string;
}

type Open = { kind: "none" } | { kind: "keep"; form: KeepForm } | { kind: "prune"; draft: PruneDraft };

class KeepingSheet {
  open = $state.raw<Open>({ kind: "none" });

  close(): void {
    if (this.open.kind === "keep") this.open.form.preview.stop();
    if (this.open.kind === "prune") this.open.draft.preview.stop();
    this.open = { kind: "none" };
  }
}

export const keepingSheet = new KeepingSheet();
const close = (): void => keepingSheet.close();

/** Opens "How it keeps". */
export function openKeep(where: Where, keep: KeepView): void {
  close();
  keepingSheet.open = { kind: "keep", form: new KeepForm(where, keep, close) };
}

/** Opens "Prune now", with how long commits are kept there. */
export function openPrune(where: Where, prune: Prune): void {
  close();
  keepingSheet.open = { kind: "prune", draft: new PruneDraft(where, prune) };
}
