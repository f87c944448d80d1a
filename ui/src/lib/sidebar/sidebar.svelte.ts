// The sidebar's own state: the filter, what is folded, which row has the focus, and what the keys do.

import { registryOf } from "../app/accounts";
import {
  openAddRegistry,
  openAlong,
  openHost,
  openRemove,
  openSignIn,
  programsOf,
  signOut,
  signOutPrograms,
} from "../accounts/accounts.svelte";
import { stopAsking } from "../app/answering.svelte";
import type { Command } from "../app/commands.svelte";
import { repositoryMenu } from "../app/repository-menu";
import { engines } from "../app/engines.svelte";
import { hosted } from "../app/hosted.svelte";
import { impossibles } from "../app/impossible.svelte";
import { app } from "../app/state.svelte";
import { asProblem, type AccountView, type Problem, type Silence } from "../backend/backend";
import { openCheck } from "../connection/connection.svelte";
import { openKind } from "../kinds/kinds.svelte";
import { openLoad } from "../computer/archives.svelte";
import { openBuild, openBuildHere } from "../making/build.svelte";
import { openCommitTo } from "../making/commit.svelte";
import { words } from "../messages";
import { openPush } from "../push/push.svelte";
import { openCreate } from "../repositories/creating.svelte";
import { openPathSheet } from "../repositories/path.svelte";
import { openSearch } from "../search/search.svelte";
import { filesHere, whyNotFile } from "../files/files";
import type { DropTarget } from "../shared/drag/drag.svelte";
import type { MenuItem, NamedMenu } from "../shared/overlay/menu";
import { Lists } from "./lists.svelte";
import {
  canStop,
  CONTAINERS,
  IMAGES,
  keyOfAccount,
  keyOfNamespace,
  keyOfRepository,
  rowsOf,
  SEARCH,
  type Row,
} from "./rows";

export class SidebarState {
  lists = new Lists();
  filter = $state(app.filter);
  /** What was open last, as it stands on top: it changes while neither the pointer nor the focus is here. */
  #recent = $state.raw(app.recent);
  /** Groups that start folded and were opened for the page on show: open until they are folded, in this run alone. */
  #revealed = $state.raw<ReadonlySet<string>>(new Set());
  /** Key of the row that Tab reaches; until one was chosen, the row of the page on show. */
  active = $state<string | null>(null);
  /** What signing out came to, where it failed. */
  problem = $state.raw<Problem | null>(null);

  /** A problem of an account, shown whole. */
  details = $state.raw<{ account: AccountView; problem: Problem } | null>(null);

  rows = $derived(
    rowsOf({
      accounts: app.accounts,
      known: this.lists.known,
      folded: new Set(app.folded),
      unfolded: new Set([...app.unfolded, ...this.#revealed]),
      filter: this.filter,
      stopped: (account) => hosted.stopped(account) !== null,
      starred: app.starred,
      recent: this.#recent,
    }),
  );
  /** Key of the row of the page on show. */
  here = $derived.by(() => {
    const at = app.place;
    if (at.kind === "images") return IMAGES;
    if (at.kind === "containers") return CONTAINERS;
    if (at.kind === "search") return SEARCH;
    if (at.kind === "repositories") {
      return at.namespace === null ? keyOfAccount(at.account) : keyOfNamespace(at.account, at.namespace);
    }
    return at.kind === "repository" ? keyOfRepository(at.account, at.repository) : "";
  });
  /** Index of the row that Tab reaches; the first where the active one is gone. */
  activeIndex = $derived(
    Math.max(
      1,
      this.rows.findIndex((row) => row.key === (this.active ?? this.here)),
    ),
  );

  /** Tells whether a row is that of the page on show: the one in the tree, or, where that is folded away, on top. */
  isHere(row: Row): boolean {
    if (row.key === this.here) return true;
    if (row.kind !== "repository" || row.list === undefined || this.#hereShows) return false;
    return keyOfRepository(row.account.id, row.repository) === this.here;
  }
  #hereShows = $derived.by(() => this.rows.some((row) => row.key === this.here));

  /** Takes what was open last, where no row would move by it under the pointer or the focus. */
  takeRecent(): void {
    this.#recent = app.recent;
  }

  /** Opens the group of the page on show where it starts folded, so that its row is there. */
  reveal(): void {
    const at = app.place;
    if (at.kind !== "repository" || !at.repository.includes("/")) return;
    const key = keyOfNamespace(at.account, at.repository.slice(0, at.repository.lastIndexOf("/")));
    this.#revealed = new Set([...this.#revealed, key]);
  }

  /** Does what a click on a row does. */
  choose(row: Row): void {
    this.active = row.key;
    if (row.kind === "images" || row.kind === "containers" || row.kind === "search") app.go({ kind: row.kind });
    else if (row.kind === "repository") {
      app.go({ kind: "repository", account: row.account.id, repository: row.repository });
    } else if (row.open !== undefined && row.kind !== "computer") this.fold(row.key, row.open);
  }

  /** Does what Enter does: on a problem, its next step. */
  enter(row: Row): void {
    if (row.kind === "note" && row.note.kind === "problem") this.mend(row.account, row.note.problem);
    else if (row.kind === "note" && row.note.kind === "silence") this.answer(row.account, row.note.silence);
    else this.choose(row);
  }

  /** Takes the next step where a registry does not answer: lets go of what is asked, or asks anew. */
  answer(account: AccountView, silence: Silence): void {
    if (canStop(silence)) stopAsking({ of: "account", account: account.id });
    else void this.lists.refresh(account.id);
  }

  /** Takes the next step after a problem: signs in again, or tries again. */
  mend(account: AccountView, problem: Problem): void {
    if (problem.code === "signIn" || problem.code === "encryptedFile") this.signIn(account);
    else void this.lists.refresh(account.id);
  }

  fold(key: string, folded: boolean): void {
    if (this.filter.trim() !== "") return; // while one filters, everything that matches shows
    app.fold(key, folded);
  }

  /** Answers the keys of a tree. Returns the index to move the focus to, or null where the key does something else. */
  key(name: string): number | null {
    const at = this.activeIndex;
    const row = this.rows[at];
    const last = this.rows.length - 1;
    if (row === undefined) return null;
    if (name === "ArrowDown") return Math.min(last, at + 1);
    if (name === "ArrowUp") return Math.max(0, at - 1);
    if (name === "Home") return 0;
    if (name === "End") return last;
    if (name === "ArrowRight") {
      if (row.open === false) this.fold(row.key, false);
      else if (row.open && this.rows[at + 1]?.parent === row.key) return at + 1;
      return at;
    }
    if (name === "ArrowLeft") {
      if (row.open && row.kind !== "computer") this.fold(row.key, true);
      else if (row.parent !== undefined) return this.rows.findIndex((one) => one.key === row.parent);
      return at;
    }
    return null;
  }

  /** Opens the first repository that matches the filter. */
  chooseFirst(): void {
    const first = this.rows.find((row) => row.kind === "repository");
    if (first && this.filter.trim() !== "") this.choose(first);
  }

  /** Returns what a drop on a row does; null for rows that take none. */
  target(row: Row): DropTarget | null {
    if (row.kind === "images") return filesHere;
    if (row.kind !== "account" && row.kind !== "namespace" && row.kind !== "repository") return null;
    const account = row.account;
    const repository = row.kind === "repository" ? row.repository : null;
    const namespace = row.kind === "namespace" ? row.namespace : null;
    return {
      label: ({ kind }) => {
        const text = words.sidebar;
        const [to, into] = kind === "container" ? [text.commitTo, text.commitInto] : [text.pushTo, text.pushInto];
        if (repository === null) return into(namespace ?? registryOf(account));
        return kind === "folder" ? words.computer.files.buildTo(repository) : to(repository);
      },
      refuses: (payload) => whyNotFile(payload, repository !== null) ?? whyNot(account) ?? noDrop(account, repository),
      drop: (payload) => {
        const at = { account: account.id, repository, namespace };
        if (payload.kind === "folder" && repository !== null)
          openBuild({ account: account.id, repository }, payload.path);
        if (payload.kind === "container") return void openCommitTo(payload, at);
        if (payload.kind === "image") openPush({ imageId: payload.id, name: payload.name, ...at });
      },
      open: () => (row.kind === "repository" ? this.choose(row) : this.fold(row.key, false)),
    };
  }

  /** Shows the list of an account, or of a namespace of it. */
  showAll(account: AccountView, namespace: string | null): void {
    this.active = namespace === null ? keyOfAccount(account.id) : keyOfNamespace(account.id, namespace);
    app.go({ kind: "repositories", account: account.id, namespace });
  }

  /** Lists what a namespace offers, and an account too. */
  placeMenu(account: AccountView, namespace: string | null): MenuItem[] {
    return [
      { label: words.sidebar.showAll, choose: () => this.showAll(account, namespace), testid: "menu-show-all" },
      {
        label: words.sidebar.newRepository,
        choose: () => openCreate(account.id, namespace),
        disabled: whyNot(account) !== null,
        testid: "menu-new-repository",
      },
    ];
  }

  menu(account: AccountView): MenuItem[] {
    const { state } = account;
    const inside =
      state === "signedIn" ||
      state === "signedInForSession" ||
      state === "signInChanged" ||
      (state === "certificate" && account.user !== null);
    // One whose sign-in can't be read just now can be signed in anew, or left.
    const closed = state === "fileClosed";
    const stuck = state === "keychainUnavailable" || closed || state === "sourceGone" || state === "sourceChanged";
    const anew = closed ? words.encryptedFile.openMenu : words.sidebar.signInMenu;
    return [
      ...this.placeMenu(account, null),
      { label: words.about.path.open, choose: () => openPathSheet(account.id), testid: "menu-open-path" },
      ...(state === "signedOut" || closed
        ? []
        : [
            {
              label: words.sidebar.refresh,
              choose: () => void this.lists.refresh(account.id),
              testid: "menu-refresh",
            },
          ]),
      { label: words.connection.open, choose: () => openCheck(account.id), testid: "menu-check" },
      { label: words.kinds.open, choose: () => openKind(account.id), testid: "menu-kind" },
      ...(state === "signedOut" || state === "certificate" || closed
        ? []
        : [
            {
              label: words.sidebar.connection,
              choose: () => openSignIn(account),
              testid: "menu-connection",
            },
          ]),
      ...this.#along(account),
      ...(inside ? [] : [{ label: anew, choose: () => openSignIn(account), testid: "menu-sign-in" }]),
      ...(inside || stuck
        ? [{ label: words.sidebar.signOut, choose: () => void this.signOut(account), testid: "menu-sign-out" }]
        : []),
      ...this.#here(account),
    ];
  }

  /** Lists what can be done with a registry that was started here; any other only leaves the sidebar. */
  #here(account: AccountView): MenuItem[] {
    const registry = hosted.of(account);
    const remove = registry === null ? words.sidebar.remove : words.hosting.removeMenu;
    const items = [{ label: remove, choose: () => openRemove(account), testid: "menu-remove" }];
    if (registry === null) return items;
    const disabled = hosted.busy.has(registry.id);
    const act =
      registry.state === "running"
        ? { label: words.hosting.stopMenu, choose: () => void this.stop(account), disabled, testid: "menu-stop" }
        : { label: words.hosting.startMenu, choose: () => void this.start(account), disabled, testid: "menu-start" };
    return [act, ...items];
  }

  /** Starts the registry of an account, and lists what it has. */
  async start(account: AccountView): Promise<void> {
    await this.#turn(account, (id) => hosted.start(id));
    if (hosted.stopped(account) === null) await this.lists.refresh(account.id);
  }

  async stop(account: AccountView): Promise<void> {
    await this.#turn(account, (id) => hosted.stop(id));
  }

  async #turn(account: AccountView, act: (id: string) => Promise<boolean>): Promise<void> {
    const registry = hosted.of(account);
    if (registry === null) return;
    this.problem = null;
    if (!(await act(registry.id))) this.problem = hosted.problems[registry.id] ?? null;
  }

  /** Lists what can be done with the programs of this computer that may be signed in along. */
  #along(account: AccountView): MenuItem[] {
    if (account.programs.length > 0) {
      const label = words.accounts.alongOut(programsOf(account));
      return [{ label, choose: () => void this.#leaveAlong(account), testid: "menu-along-out" }];
    }
    const isOwn =
      account.source === null &&
      account.namespace === null &&
      (account.state === "signedIn" || account.state === "signedInForSession");
    if (!isOwn) return [];
    return [{ label: words.accounts.alongMenu, choose: () => openAlong(account), testid: "menu-along" }];
  }

  async #leaveAlong(account: AccountView): Promise<void> {
    this.problem = null;
    try {
      await signOutPrograms(account);
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  /** Returns the menu of a row; null where it has none. */
  menuOf(row: Row): NamedMenu | null {
    const named = (what: string, items: MenuItem[]): NamedMenu => ({ name: words.sidebar.menuOf(what), items });
    switch (row.kind) {
      case "account":
        return named(row.account.host, this.menu(row.account));
      case "namespace":
        return named(row.namespace, this.placeMenu(row.account, row.namespace));
      case "repository":
        return named(row.repository, repositoryMenu(row.account, row.repository));
      case "images":
        return named(words.sidebar.images, [
          { label: words.commands.open, testid: "menu-open", choose: () => app.go({ kind: "images" }) },
          { label: words.commands.refresh, testid: "menu-refresh", choose: () => void app.readEngine() },
        ]);
      default:
        return null;
    }
  }

  /** Lists what can be done with the registries, for the palette. */
  commands(): Command[] {
    const text = words.commands;
    const group = text.groups.window;
    return [
      { id: "images", label: text.showImages, group, run: () => app.go({ kind: "images" }) },
      { id: "search-public", label: words.search.show, group, run: () => openSearch() },
      { id: "build", label: words.making.fromFolder, group, run: () => openBuildHere() },
      { id: "load", label: words.computer.load.fromFile, group, run: () => openLoad() },
      { id: "engines-look", label: words.engines.look, group, run: () => void engines.look().catch(() => undefined) },
      ...engines.others.map((row) => ({
        id: `engine ${row.id}`,
        label: words.engines.use(row.name),
        group,
        run: () => void engines.choose(row.id).catch(() => undefined),
      })),
      { id: "containers", label: text.showContainers, group, run: () => app.go({ kind: "containers" }) },
      { id: "add-registry", label: text.addRegistry, group, run: () => openAddRegistry() },
      { id: "start-registry", label: words.hosting.title, group, run: () => openHost() },
      ...app.accounts.flatMap((account) =>
        this.menu(account).map(({ label, testid, choose, disabled }) => ({
          id: `account ${account.id} ${testid ?? label}`,
          label,
          of: account.host,
          group,
          run: choose,
          disabled,
        })),
      ),
    ];
  }

  signIn(account: AccountView): void {
    openSignIn(account, () => void this.lists.refresh(account.id));
  }

  async signOut(account: AccountView): Promise<void> {
    this.problem = null;
    try {
      await signOut(account);
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }
}

/** Says why nothing can be dropped there; another account of the registry may push where this one may not. */
function noDrop(account: AccountView, repository: string | null): string | null {
  const isWritten = repository !== null && app.hasOther(account, repository);
  return isWritten ? null : impossibles.why(account.id, repository, "write");
}

function whyNot(account: AccountView): string | null {
  if (account.state === "certificate") return words.sidebar.whyCertificate;
  if (account.state === "signInChanged") return words.sidebar.whySignInChanged;
  if (account.state === "signedOut") return words.sidebar.whySignedOut;
  if (account.state === "fileClosed") return words.encryptedFile.why;
  return account.state === "keychainUnavailable" ? words.sidebar.whyKeychain : null;
}
