/**
 * The search for public images: what was asked, who answered, and where a row leads. It outlives its page, so that coming
 * back finds what was found. Not here: how it is drawn. It grows by what can be done with a row.
 */
import { accountsFor, usable } from "../app/accounts";
import { openAddRegistry, openSignIn } from "../accounts/accounts.svelte";
import { app, getBackend } from "../app/state.svelte";
import { asProblem, type AccountView, type Problem, type SearchPage, type SearchRow } from "../backend/backend";
import { words } from "../messages";
import { count } from "../messages/format";
import { spoken } from "../messages/facts";
import { RepositoryPanel } from "../repository/panel.svelte";

const HUB = "docker.io";

export class PublicImages {
  /** What stands in the field. */
  typed = $state("");
  /** What the rows answer to; null: nothing was asked yet. */
  asked = $state<string | null>(null);
  rows = $state.raw<readonly SearchRow[]>([]);
  /** Who found them; null until somebody answered. */
  answer = $state.raw<Omit<SearchPage, "rows"> | null>(null);
  /** Why nothing came of the last question. */
  problem = $state.raw<Problem | null>(null);
  /** The first page, or a further one, is asked for. */
  asking = $state<"first" | "more" | null>(null);
  /** Key of the row that has, or would get, the focus. */
  cursor = $state<string | null>(null);
  /** Begins pulls: of the repository that was pulled from last. */
  panel = $state.raw<RepositoryPanel | null>(null);
  #round = 0;

  at = $derived.by(() => {
    const found = this.rows.findIndex((row) => keyOf(row) === this.cursor);
    return found >= 0 ? found : this.rows.length > 0 ? 0 : -1;
  });

  /** Asks for what stands in the field. */
  async search(): Promise<void> {
    const typed = this.typed.trim();
    if (typed === "") return;
    [this.asked, this.rows, this.answer, this.cursor] = [typed, [], null, null];
    await this.#ask(1);
  }

  /** Asks for what follows. */
  async more(): Promise<void> {
    const next = this.answer?.next ?? null;
    if (next !== null && this.asking === null) await this.#ask(next);
  }

  async #ask(page: number): Promise<void> {
    const { asked } = this;
    if (asked === null) return;
    const round = (this.#round += 1);
    [this.asking, this.problem] = [page === 1 ? "first" : "more", null];
    try {
      const { rows, ...answer } = await getBackend().searchPublic(asked, page);
      if (round !== this.#round) return;
      const known = new Set(this.rows.map(keyOf));
      this.rows = [...this.rows, ...rows.filter((row) => !known.has(keyOf(row)))];
      this.answer = answer;
    } catch (caught) {
      if (round === this.#round) this.problem = asProblem(caught);
    } finally {
      if (round === this.#round) this.asking = null;
    }
  }

  /** Waits no longer: what comes now is nobody's answer. */
  stop(): void {
    this.#round += 1;
    const [was, asked] = [this.asking, this.asked];
    this.asking = null;
    if (was !== "first") return;
    [this.asked, this.typed] = [null, this.typed === "" ? (asked ?? "") : this.typed];
  }

  move(step: number): void {
    const to = this.rows[Math.min(this.rows.length - 1, Math.max(0, this.at + step))];
    this.cursor = to === undefined ? null : keyOf(to);
  }

  /** Shows the tags of a repository. */
  open(row: SearchRow): void {
    withAccount(row, ({ id }) => app.go({ kind: "repository", account: id, repository: row.repository }));
  }

  /** Pulls what `latest` points at. */
  pull(row: SearchRow): void {
    withAccount(row, ({ id }) => {
      this.panel = new RepositoryPanel(id, row.repository, () => true);
      void this.panel.pull("latest", null);
    });
  }
}

export const publicImages = new PublicImages();

/** Shows the page; what was typed elsewhere stands in its field, and nothing is asked before Enter. */
export function openSearch(typed = ""): void {
  if (typed.trim() !== "") publicImages.typed = typed.trim();
  app.go({ kind: "search" });
}

/** Goes on with the account of a registry: one that is missing is added first, one that is signed out signs in. */
function withAccount({ host, repository }: SearchRow, go: (account: AccountView) => void): void {
  const [account] = accountsFor(app.accounts, host, repository);
  // Whoever added another registry instead wanted something else.
  const added = (): void => {
    const made = app.accounts.find((each) => each.host === host);
    if (made !== undefined) go(made);
  };
  if (account === undefined) openAddRegistry({ text: host, ...(host === HUB ? { known: "hub" } : {}) }, added);
  else if (usable(account)) go(account);
  else openSignIn(account, () => go(account));
}

export function keyOf(row: SearchRow): string {
  return `${row.host}/${row.repository}`;
}

/** Returns the name that `docker pull` takes. */
export function pathOf(row: SearchRow): string {
  return row.host === HUB ? row.repository.replace(/^library\//, "") : keyOf(row);
}

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** Returns a large number in few signs: 1.2M. */
export function inShort(number: number): string {
  return short.format(number);
}

/** Returns what a row says when it is read aloud. */
export function spokenOf(row: SearchRow): string {
  const text = words.search;
  const pulls = row.pulls === null ? null : text.pulls(inShort(row.pulls));
  const official = row.official ? text.official : null;
  return spoken([pathOf(row), official, row.description, text.stars(count(row.stars), row.stars), pulls]);
}
