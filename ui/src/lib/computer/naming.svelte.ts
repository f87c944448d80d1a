/**
 * The sheet that gives an image one more name on this computer: built of a registry, a repository and a tag, and read by
 * the backend while it is typed. Not here: what a name may be (the backend says).
 */
import { accountsFor, usable } from "../app/accounts";
import { readRepositories } from "../app/repository-list";
import { app, getBackend } from "../app/state.svelte";
import { asProblem, type NameView, type Problem } from "../backend/backend";
import { readName } from "../push/names";

/** What was named, as its row has it. */
export interface Named {
  id: string;
  name: string | null;
}

/** Why no name can be given. */
export type Blocked = "noName" | "noTag" | "reading" | "unread" | "sending";

export class NameDraft {
  readonly image: Named;
  /** Account id of the registry the name speaks of; empty: none is chosen. */
  account = $state("");
  repository = $state("");
  tag = $state("");
  /** The repositories of that registry, as far as they are listed. */
  listed = $state.raw<readonly string[]>([]);
  view = $state.raw<NameView | null>(null);
  reading = $state(false);
  sending = $state(false);
  problem = $state.raw<Problem | null>(null);

  /** The last part of what it is called now: what a name is made of. */
  private readonly base: string;
  /** The repository was typed: it stays whatever registry is chosen. */
  private typed = false;
  private readonly delay: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private round = 0;

  constructor(image: Named, delay = 150) {
    [this.image, this.delay] = [image, delay];
    const own = readName(image.name ?? "");
    this.base = own.path.split("/").at(-1) ?? "";
    this.tag = own.tag ?? "latest";
    const account = accountsFor(app.accounts, own.host ?? "", own.path)[0] ?? app.accounts.find(usable);
    this.account = account?.id ?? "";
    this.repository = account !== undefined && account.host === own.host ? own.path : this.base;
    void this.list();
    this.again();
  }

  get host(): string | null {
    return this.account === "" ? null : (app.account(this.account)?.host ?? null);
  }

  get blocked(): Blocked | null {
    if (this.repository.trim() === "" || this.repository.trim().endsWith("/")) return "noName";
    if (this.tag.trim() === "") return "noTag";
    if (this.reading) return "reading";
    if (this.view === null || this.view.name === "") return "unread";
    return this.sending ? "sending" : null;
  }

  choose(account: string): void {
    this.account = account;
    if (!this.typed) this.repository = this.base;
    void this.list();
    this.again();
  }

  changed(): void {
    this.typed = true;
    this.again();
  }

  /** Reads the name after a rest. */
  again(): void {
    clearTimeout(this.timer);
    this.round += 1;
    [this.problem, this.view] = [null, null];
    const blocked = this.blocked;
    this.reading = blocked !== "noName" && blocked !== "noTag";
    if (this.reading) this.timer = setTimeout(() => void this.read(), this.delay);
  }

  close(): void {
    clearTimeout(this.timer);
    this.round += 1;
  }

  /** Gives the name; a name that another image bears moves, as the button said. True where it was given. */
  async give(): Promise<boolean> {
    const { view } = this;
    if (this.blocked !== null || view === null) return false;
    this.sending = true;
    try {
      await getBackend().tagImage({ image: this.image.id, name: view.name, moveName: view.taken !== null });
      return true;
    } catch (caught) {
      const problem = asProblem(caught);
      // Another image has got it meanwhile: it is looked at again, and asked.
      if (problem.code === "nameTaken") this.again();
      else this.problem = problem;
      return false;
    } finally {
      this.sending = false;
    }
  }

  private async read(): Promise<void> {
    const round = this.round;
    const { host, repository, tag } = this;
    try {
      const view = await getBackend().readName({ image: this.image.id, host, repository, tag });
      if (round === this.round) this.view = view;
    } catch (caught) {
      if (round === this.round) this.problem = asProblem(caught);
    } finally {
      if (round === this.round) this.reading = false;
    }
  }

  /** Reads what the registry has from the cache: what a name there begins with is proposed from it. */
  private async list(): Promise<void> {
    const { account } = this;
    if (account === "") return void (this.listed = []);
    const names = await readRepositories(account).then(
      (list) => list.names,
      () => [],
    );
    if (account !== this.account) return;
    this.listed = names;
    const begins = beginningOf(names, app.account(account)?.user ?? null);
    if (this.typed || this.repository !== this.base || this.base === "" || begins === null) return;
    this.repository = `${begins}/${this.base}`;
    this.again();
  }
}

/** Returns what a person's names begin with in a registry: the only namespace there is, else the one called as they are. */
export function beginningOf(repositories: readonly string[], user: string | null): string | null {
  const spaces = new Set(
    repositories.filter((name) => name.includes("/")).map((name) => name.slice(0, name.lastIndexOf("/"))),
  );
  const [only] = spaces;
  if (spaces.size === 1 && only !== undefined) return only;
  return user !== null && spaces.has(user) ? user : null;
}

class Naming {
  draft = $state.raw<NameDraft | null>(null);

  open(image: Named): void {
    this.close();
    this.draft = new NameDraft(image);
  }

  close(): void {
    this.draft?.close();
    this.draft = null;
  }

  /** Gives the name that the sheet shows; the sheet goes where it was given. */
  async go(): Promise<void> {
    const { draft } = this;
    const given = await draft?.give();
    if (given === true && this.draft === draft) this.close();
  }
}

export const naming = new Naming();
