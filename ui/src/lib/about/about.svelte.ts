// The door of this room: which of its sheets is open, and where a notification led. Other rooms open them from here.

import type { AboutView, KeepView, Prune } from "../backend/backend";
import { CreateForm } from "../repositories/create.svelte";
import { DescribeForm } from "./describe.svelte";
import { KeepForm } from "./keep-form.svelte";
import { PruneDraft } from "./prune.svelte";

/** Which repository. */
export interface Where {
  account: string;
  repository: string;
}

type Open =
  | { kind: "none" }
  | { kind: "describe"; form: DescribeForm }
  | { kind: "keep"; form: KeepForm }
  | { kind: "prune"; draft: PruneDraft }
  | { kind: "create"; form: CreateForm };

class AboutSheet {
  open = $state.raw<Open>({ kind: "none" });

  close(): void {
    if (this.open.kind === "keep") this.open.form.preview.stop();
    if (this.open.kind === "prune") this.open.draft.preview.stop();
    this.open = { kind: "none" };
  }
}

export const aboutSheet = new AboutSheet();
const close = (): void => aboutSheet.close();

/** Opens "Edit the description". */
export function openDescribe(where: Where, view: AboutView): void {
  close();
  aboutSheet.open = { kind: "describe", form: new DescribeForm(where, view, close) };
}

/** Opens "How it keeps". */
export function openKeep(where: Where, keep: KeepView): void {
  close();
  aboutSheet.open = { kind: "keep", form: new KeepForm(where, keep, close) };
}

/** Opens "Prune now", with how long commits are kept there. */
export function openPrune(where: Where, prune: Prune): void {
  close();
  aboutSheet.open = { kind: "prune", draft: new PruneDraft(where, prune) };
}

/** Opens "New repository", in a namespace where one is given. */
export function openCreate(account: string, namespace: string | null): void {
  close();
  aboutSheet.open = { kind: "create", form: new CreateForm(account, namespace, close) };
}
