/** The menu of a row in a list of repositories. */
import { repositoryMenu } from "../app/repository-menu";
import { app, getBackend } from "../app/state.svelte";
import { words } from "../messages";
import type { NamedMenu } from "../shared/overlay/menu";
import type { RepositoriesView, RepositoryRow } from "./list.svelte";

export function menuOf(view: RepositoriesView, row: RepositoryRow | undefined): NamedMenu | null {
  const account = app.account(view.account);
  if (account === undefined || row === undefined) return null;
  const items = repositoryMenu(account, row.path);
  if (row.from === "typed") {
    items.push({
      label: words.about.list.forget,
      testid: "menu-forget-path",
      choose: () =>
        void getBackend()
          .forgetPath(account.id, row.path)
          .catch(() => undefined), // it stays on the list then
    });
  }
  return { name: words.acts.menu(row.path), items };
}
