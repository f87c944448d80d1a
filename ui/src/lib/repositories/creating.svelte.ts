// The door of the sheet "New repository": other rooms open it from here, the window shows it.

import { CreateForm } from "./create.svelte";

class Creating {
  /** What the sheet works on; null while it is closed. */
  form = $state.raw<CreateForm | null>(null);

  close(): void {
    this.form = null;
  }
}

export const creating = new Creating();

/** Opens "New repository", in a namespace where one is given. */
export function openCreate(account: string, namespace: string | null): void {
  creating.form = new CreateForm(account, namespace, () => creating.close());
}
