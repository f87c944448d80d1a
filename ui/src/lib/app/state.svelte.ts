// What every room of the window shares: the backend, the accounts, the engine, where one is. It holds no list of
// repositories, tags or images (their rooms do), and grows only when two rooms need the same fact.

import { accountsFor, usable } from "./accounts";
import type {
  AccountView,
  AppEvent,
  Backend,
  ColumnWidth,
  ContainerState,
  EngineView,
  PageState,
  Screen,
  Preferences,
  RecentRepository,
  RepositoryTab,
  Stale,
  Start,
  TagOrder,
} from "../backend/backend";
import { getBackend, setBackend } from "../backend/current";
import { answering } from "./answering.svelte";
import { engines } from "./engines.svelte";
import { hosted } from "./hosted.svelte";
import { impossibles } from "./impossible.svelte";
import { listing } from "./listing.svelte";
import { settings } from "./settings.svelte";
import { widths } from "../shared/list/widths.svelte";

export { getBackend };

const hearers = new Set<(event: AppEvent) => void>();

/** Hears every event until the returned function is called. */
export function onEvent(hear: (event: AppEvent) => void): () => void {
  hearers.add(hear);
  return () => hearers.delete(hear);
}

/** Calls `read` whenever the backend says that data matched by `match` is stale. */
export function onStale(match: (what: Stale) => boolean, read: (what: Stale) => void): () => void {
  return onEvent((event) => {
    if (event.kind === "stale" && match(event.what)) read(event.what);
  });
}

/** The states of a container whose program runs, held or not. */
const RUNS: readonly ContainerState[] = ["running", "paused", "restarting"];
/** How many repositories are remembered as open lately, and how many steps back there are. */
const RECENT = 30;
const STEPS = 100;
/** How many repositories can bear a star: more than anybody looks through. */
const STARS = 500;
/** What all rooms read again when it is stale. */
const HEARD: readonly Stale["of"][] = ["accounts", "engine", "images", "containers", "answering", "answers"];
const AS_IT_IS: PageState = { filter: "", scroll: 0 };
const SAVE_EVERY = 250;
/** A window that loses the focus may be closed next, without another word. */
const LEAVING = ["blur", "pagehide", "beforeunload"];

/** Reads the clock, in seconds since the epoch. */
const clock = (): number => Math.floor(Date.now() / 1000);

/** A place that was on show, with the tab that was open there. */
interface Visit {
  place: Screen;
  tab: RepositoryTab;
}

class App {
  /** False until the first frame can be drawn as it was left. */
  started = $state(false);
  version = $state("");
  /** This computer's platform as registries name it, `linux/amd64`. */
  platform = $state("");
  accounts = $state.raw<AccountView[]>([]);
  /** Null until the engine was asked. */
  engine = $state.raw<EngineView | null>(null);
  /** Rows of the engine's images; null while unknown. Set by whoever read them last. */
  imageCount = $state<number | null>(null);
  /** How many containers run; null while unknown. Set by whoever read them last. */
  containerCount = $state<number | null>(null);
  place = $state.raw<Screen>({ kind: "welcome" });
  folded = $state.raw<string[]>([]);
  tagOrder = $state<TagOrder>("newest");
  /** Which part of a repository's page is open. */
  tab = $state<RepositoryTab>("tags");
  /** Columns that were drawn wider or narrower, in whatever table. */
  columns = $state.raw<readonly ColumnWidth[]>([]);
  /** The repositories that were open last, the latest first. */
  recent = $state.raw<readonly RecentRepository[]>([]);
  /** The repositories that bear a star, in the order in which they got it. */
  starred = $state.raw<readonly RecentRepository[]>([]);
  /** Keys of groups of the sidebar that were opened by hand where they start folded. */
  unfolded = $state.raw<readonly string[]>([]);
  /** How wide the sidebar was drawn; null: as wide as it is by itself. */
  sidebar = $state<number | null>(null);
  /** What the sidebar is narrowed to, and how far it is scrolled: as it was left, and as it is. */
  filter = "";
  scroll = 0;
  /** How the page on show is, for the next start. */
  #page = AS_IT_IS;
  #left = AS_IT_IS;
  #past = $state.raw<readonly Visit[]>([]);
  #ahead = $state.raw<readonly Visit[]>([]);
  /** Seconds since the epoch for relative times: set when the window starts, then every 15 s. */
  now = $state(clock());
  /** The page's own refresh, called by F5 and Ctrl/Cmd R; the page on show sets it and takes it away. */
  refresh: (() => void) | null = null;
  /** The sidebar's, called with it. */
  refreshSidebar: (() => void) | null = null;
  /** Runs for a moment after a write: changes in it are written together at its end. */
  #saving: ReturnType<typeof setTimeout> | undefined;
  #unsaved = false;

  /** Tells whether a repository of an account's registry may be reached with another one that can be used. */
  hasOther({ id, host }: AccountView, repository: string): boolean {
    return accountsFor(this.accounts, host, repository).some((other) => other.id !== id && usable(other));
  }

  account(id: string): AccountView | undefined {
    return this.accounts.find((account) => account.id === id);
  }

  /** Shows a place and remembers it, and the one before for the way back. */
  go(place: Screen): void {
    if (!isSame(place, this.place)) {
      this.#past = [...this.#past, { place: this.place, tab: this.tab }].slice(-STEPS);
      this.#ahead = [];
      this.#anew();
    }
    this.#show(place);
  }

  #show(place: Screen): void {
    this.place = place;
    this.noteRecent();
    this.save();
  }

  /** Notes the repository on show as the latest that was open. */
  noteRecent(): void {
    if (this.place.kind !== "repository") return;
    const { account, repository } = this.place;
    const here = { account, repository };
    this.recent = [here, ...this.recent.filter((each) => !isAt(each, here))].slice(0, RECENT);
  }

  canStep(back: boolean): boolean {
    return (back ? this.#past : this.#ahead).some(({ place }) => this.#isThere(place));
  }

  /** Goes back to the place before, or forward again; places of a registry that was removed are passed over. */
  step(back: boolean): void {
    const from = [...(back ? this.#past : this.#ahead)];
    let visit = from.pop();
    while (visit !== undefined && !this.#isThere(visit.place)) visit = from.pop();
    if (visit === undefined) return;
    const here = { place: this.place, tab: this.tab };
    this.#past = back ? from : [...this.#past, here];
    this.#ahead = back ? [...this.#ahead, here] : from;
    this.tab = visit.tab;
    this.#anew();
    this.#show(visit.place);
  }

  /** Begins anew: there is no way back. */
  forgetSteps(): void {
    [this.#past, this.#ahead] = [[], []];
  }

  #isThere(place: Screen): boolean {
    return !("account" in place) || this.account(place.account) !== undefined;
  }

  isStarred(at: RecentRepository): boolean {
    return this.starred.some((each) => isAt(each, at));
  }

  /** Gives a repository a star, or takes it. */
  star(at: RecentRepository): void {
    const { account, repository } = at;
    const others = this.starred.filter((each) => !isAt(each, at));
    this.starred = others.length < this.starred.length ? others : [...others, { account, repository }].slice(-STARS);
    this.save();
  }

  /** Folds a group of the sidebar by hand, or opens it. */
  fold(key: string, folded: boolean): void {
    const others = (list: readonly string[]): string[] => list.filter((one) => one !== key);
    this.folded = folded ? [...others(this.folded), key] : others(this.folded);
    this.unfolded = folded ? others(this.unfolded) : [...others(this.unfolded), key];
    this.save();
  }

  /** Draws the sidebar, or lets it be as wide as it is by itself. */
  setSidebar(width: number | null): void {
    this.sidebar = width;
    this.save();
  }

  /** Notes how the sidebar is, for the next start. */
  noteSidebar(changes: { filter?: string; scroll?: number }): void {
    if ((changes.filter ?? this.filter) === this.filter && (changes.scroll ?? this.scroll) === this.scroll) return;
    this.filter = changes.filter ?? this.filter;
    this.scroll = changes.scroll ?? this.scroll;
    this.save();
  }

  /** How the page on show was left in the run before, as long as it is on show. */
  get left(): PageState {
    return this.#left;
  }

  /** Returns what the page on show was narrowed to in the run before; once. */
  takeFilter(): string {
    const { filter } = this.#left;
    this.#left = { ...this.#left, filter: "" };
    return filter;
  }

  /** Notes how the page on show is, for the next start. */
  notePage(changes: Partial<PageState>): void {
    const page = { ...this.#page, ...changes };
    if (page.filter === this.#page.filter && page.scroll === this.#page.scroll) return;
    this.#page = page;
    this.save();
  }

  /** Takes how the window was left. */
  restore({ starred, unfolded, sidebar, filter, scroll, page }: Preferences): void {
    [this.starred, this.unfolded, this.sidebar, this.filter, this.scroll] = [
      starred,
      unfolded,
      sidebar,
      filter,
      scroll,
    ];
    [this.#page, this.#left] = [page, page];
  }

  /** Another page, or another part of it, begins as it is by itself. */
  #anew(): void {
    [this.#page, this.#left] = [AS_IT_IS, AS_IT_IS];
  }

  /**
   * Remembers the window as it is: at once, for it may be closed next; many changes together once more after a moment.
   */
  save(): void {
    if (!this.started) return;
    this.#unsaved = true;
    if (this.#saving === undefined) this.#write();
  }

  /** Writes what is not yet written; called where the window may go. */
  flush(): void {
    if (this.#unsaved) this.#write();
  }

  #write(): void {
    clearTimeout(this.#saving);
    this.#unsaved = false;
    this.#saving = setTimeout(() => {
      this.#saving = undefined;
      this.flush();
    }, SAVE_EVERY);
    const preferences: Preferences = {
      place: this.place,
      folded: [...this.folded],
      tagOrder: this.tagOrder,
      tab: this.tab,
      columns: [...this.columns],
      recent: [...this.recent],
      starred: [...this.starred],
      unfolded: [...this.unfolded],
      sidebar: this.sidebar,
      filter: this.filter,
      scroll: Math.round(this.scroll),
      page: { ...this.#page, scroll: Math.round(this.#page.scroll) },
    };
    getBackend()
      .savePreferences(preferences)
      .catch(() => undefined); // a place that could not be remembered is nothing to interrupt anybody with
  }

  setTagOrder(order: TagOrder): void {
    this.tagOrder = order;
    this.save();
  }

  setColumns(columns: readonly ColumnWidth[]): void {
    this.columns = columns;
    this.save();
  }

  setTab(tab: RepositoryTab): void {
    if (tab !== this.tab) this.#anew();
    this.tab = tab;
    this.save();
  }

  /** Lets go of what the window remembers of an account that was removed. */
  leaveAccount(id: string): void {
    const elsewhere = (key: string): boolean => key !== id && !key.startsWith(`${id}/`);
    this.folded = this.folded.filter(elsewhere);
    this.unfolded = this.unfolded.filter(elsewhere);
    this.recent = this.recent.filter((each) => each.account !== id);
    this.starred = this.starred.filter((each) => each.account !== id);
    this.save();
  }

  async readAccounts(): Promise<void> {
    this.accounts = await getBackend().accounts();
    const at = this.place;
    if (!this.#isThere(at)) this.go({ kind: "welcome" });
  }

  async readEngine(): Promise<void> {
    this.engine = await getBackend().engine();
    if (this.engine.kind === "absent") {
      [this.imageCount, this.containerCount] = [null, null];
    }
  }

  /** Counts what the engine has; the page that shows a list counts it. */
  async count(): Promise<void> {
    if (this.engine?.kind !== "ready") return;
    const { kind } = this.place;
    await Promise.all([
      kind === "images" ? null : this.countImages(),
      kind === "containers" ? null : this.countContainers(),
    ]);
  }

  async countImages(): Promise<void> {
    this.imageCount = (await getBackend().images()).length;
  }

  async countContainers(): Promise<void> {
    try {
      const rows = await getBackend().containers();
      this.containerCount = rows.filter(({ state }) => RUNS.includes(state)).length;
    } catch {
      this.containerCount = null; // their page says why
    }
  }
}

function isAt(a: RecentRepository, b: RecentRepository): boolean {
  return a.account === b.account && a.repository === b.repository;
}

function isSame(a: Screen, b: Screen): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export const app = new App();

/** Starts the window on a backend; the returned function ends it (used by tests). */
export async function startApp(on: Backend): Promise<() => void> {
  setBackend(on);
  app.now = clock();
  // All three are asked at once. The pages come when all three are answered, so that they hear every event.
  let hears = false;
  const listening = on.listen((event) => {
    for (const hear of [...hearers]) hear(event);
  });
  void listening.then(() => (hears = true)).catch(() => undefined);
  const accounts = app.readAccounts().then(() => hears);
  accounts.catch(() => undefined); // why the app could not begin is what `start` says
  let start: Start;
  let heard: boolean;
  try {
    start = await on.start();
    heard = await accounts;
  } catch (thrown) {
    void listening.then((unlisten) => unlisten()).catch(() => undefined);
    throw thrown;
  }
  const unlisten = await listening;
  const quietly = (read: Promise<void>): void => void read.catch(() => undefined); // the page that needs it says why
  const stop = onStale(
    ({ of }) => HEARD.includes(of),
    (what) => {
      if (what.of === "accounts") {
        quietly(app.readAccounts());
        impossibles.again();
      } else if (what.of === "containers" && app.place.kind === "containers") return;
      else if (what.of === "containers") quietly(app.countContainers());
      else if (what.of === "answering") quietly(answering.read());
      else if (what.of === "answers") answering.answers(what.account);
      else if (what.of === "engine") quietly(app.readEngine());
      // The page that shows them counts them.
      else if (app.place.kind !== "images") quietly(app.countImages());
    },
  );
  quietly(answering.read());
  impossibles.reset();
  hosted.reset();
  quietly(hosted.read());
  const unheard = onStale(
    () => true,
    (what) => hosted.hear(what),
  );
  const forget = onStale(
    ({ of }) => of === "impossible",
    (what) => what.of === "impossible" && void impossibles.read(what.account),
  );
  const deaf = onStale(
    ({ of }) => of === "engine" || of === "engines",
    () => quietly(engines.read()),
  );
  quietly(engines.read());
  // What changed after the accounts were read, and before anybody could hear of it.
  if (!heard) quietly(app.readAccounts());
  app.version = start.version;
  app.platform = start.platform;
  app.folded = start.preferences.folded;
  app.tagOrder = start.preferences.tagOrder;
  app.tab = start.preferences.tab;
  app.columns = start.preferences.columns;
  widths.restore(app.columns);
  widths.onchange = (all) => app.setColumns(all);
  app.recent = start.preferences.recent;
  settings.take(start.settings);
  app.restore(start.preferences);
  app.forgetSteps();
  const place = start.preferences.place;
  const homeless = "account" in place && !app.account(place.account);
  app.place = homeless ? { kind: "welcome" } : place;
  app.noteRecent();
  app.started = true;
  const askEngine = (): void => quietly(app.readEngine().then(() => app.count()));
  askEngine();
  // An engine that was started meanwhile is looked for when the person comes back, and while there is none. One that is
  // there tells by itself what changes.
  const lookForEngine = (): void => {
    if (app.engine?.kind !== "ready") askEngine();
  };
  window.addEventListener("focus", lookForEngine);
  const leaving = (): void => app.flush();
  for (const name of LEAVING) window.addEventListener(name, leaving);
  const tick = setInterval(() => {
    app.now = clock();
    if (app.engine?.kind === "absent") askEngine();
  }, 15_000);
  return () => {
    clearInterval(tick);
    window.removeEventListener("focus", lookForEngine);
    for (const name of LEAVING) window.removeEventListener(name, leaving);
    app.flush();
    listing.reset();
    forget();
    stop();
    deaf();
    unheard();
    unlisten();
    app.started = false;
  };
}
