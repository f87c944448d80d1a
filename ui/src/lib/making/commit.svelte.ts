/** The one commit sheet of the window, opened from a container's row, or by a drop of it on a place. */
import { usable } from "../app/accounts";
import { app, getBackend } from "../app/state.svelte";
import { openSignIn } from "../accounts/accounts.svelte";
import { transfers } from "../activity/tasks.svelte";
import { proposed, push, withRegistry } from "../push/push.svelte";
import { CommitDraft, type CommitRequest, type Container } from "./commit-draft.svelte";

class Commits {
  /** What the sheet works on; null while it is closed. */
  draft = $state.raw<CommitDraft | null>(null);

  open(request: CommitRequest): void {
    this.close();
    this.draft = new CommitDraft(getBackend(), request);
  }

  close(): void {
    this.draft?.close();
    this.draft = null;
  }

  /** Orders what the sheet shows; the sheet goes where the order was taken. */
  async go(): Promise<void> {
    const { draft } = this;
    const taken = await draft?.commit();
    if (!taken) return;
    if (this.draft === draft) this.close();
    const { then } = taken.order;
    if (then !== null) transfers.followed(taken.id, (task) => push.follow(task, then, () => undefined));
  }
}

export const committing = new Commits();

/** Opens the sheet of a commit whose image stays on this computer. */
export function openCommit(container: Container): void {
  committing.open({ container });
}

/**
 * Opens the sheet of a commit whose image goes to a repository; where none was chosen, first the list of those that are
 * likely in the namespace or the registry.
 */
export async function openCommitTo(container: Container, at: Place): Promise<void> {
  const account = app.account(at.account);
  if (account !== undefined && !usable(account)) return openSignIn(account, () => void openCommitTo(container, at));
  const [imageId, name] = [container.imageId, nameOf(container)];
  if (at.repository !== null) {
    const tag = await proposed({ imageId, name, account: at.account }, at.repository);
    return committing.open({ container, to: { account: at.account, repository: at.repository, tag } });
  }
  const { asksAccount = false, namespace } = at;
  const asked = { label: container.name, imageId, name, account: at.account, namespace, asksAccount };
  await push.place(asked, ({ account, repository, fresh }) => {
    if (!fresh) return void openCommitTo(container, { account, repository, namespace: null });
    committing.open({ container, to: { account, repository, tag: "latest", asksAccount } });
  });
}

/** Opens "Commit and push to…": the list of likely places in all registries. */
export function openCommitAnywhere(container: Container): void {
  withRegistry(nameOf(container), ({ id: account }) => {
    void openCommitTo(container, { account, repository: null, namespace: null, asksAccount: true });
  });
}

/** Where a container's image is to go. */
export interface Place {
  account: string;
  repository: string | null;
  namespace: string | null;
  asksAccount?: boolean;
}

/** Returns the name of a container's image; null where it is called by its digits alone. */
function nameOf({ image, imageId }: Container): string | null {
  return image === "" || (/^[0-9a-f]{12,64}$/.test(image) && imageId.includes(image)) ? null : image;
}
