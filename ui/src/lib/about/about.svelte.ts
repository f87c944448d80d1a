// The door of this room: whether its sheet is open.

import type { AboutView } from "../backend/backend";
import { DescribeForm } from "./describe.svelte";

class AboutSheet {
  /** What "Edit the description" works on; null while it is closed. */
  form = $state.raw<DescribeForm | null>(null);

  close(): void {
    this.form = null;
  }
}

export const aboutSheet = new AboutSheet();

/** Opens "Edit the description". */
export function openDescribe(where: { account: string; repository: string }, view: AboutView): void {
  aboutSheet.form = new DescribeForm(where, view, () => aboutSheet.close());
}
