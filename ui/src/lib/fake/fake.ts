// A backend from memory, for tests and for opening the interface in a plain browser. It behaves like the real one as
// far as the window can tell; it decides nothing the real one decides, and is not part of a production build. Here are
// the calls of the window, each with its delay and its fault; what they answer is in the files of one subject each.

import type {
  Code,
  AboutView,
  AccountView,
  CertificateView,
  ConnectionOrder,
  ActiveOrder,
  ActivePlan,
  ActiveQuestion,
  AddressView,
  AppSettings,
  Backend,
  BuildLog,
  BuildOrder,
  BuildPlan,
  BuildQuestion,
  CheckView,
  CommandOrder,
  CommitList,
  CommitOrder,
  CommitPlan,
  ContainerFacts,
  ContainerRow,
  CreateOrder,
  DeleteOrder,
  DeletePlan,
  DeleteQuestion,
  DescribeOrder,
  EncryptedFileView,
  EngineRow,
  EngineView,
  Exported,
  FoundName,
  FoundRegistry,
  HostedView,
  HostingFolder,
  HostingOrder,
  HostingPlan,
  ImageFacts,
  ImageRow,
  ImageSize,
  Impossible,
  Imported,
  KeepCommitOrder,
  KeepOrder,
  KeepView,
  KindOrder,
  KindView,
  ListingOrder,
  ListingView,
  ProjectView,
  LikelyPlace,
  LoadOrder,
  LoadPlan,
  MoveAnswer,
  Moves,
  NameOrder,
  NameQuestion,
  NameView,
  NewAccount,
  OpenedPath,
  Outcome,
  PathKind,
  Preferences,
  ProbeView,
  Program,
  ProgramsKeep,
  Problem,
  Prune,
  PruneOrder,
  PrunePlan,
  PullOrder,
  PushOrder,
  PushPlan,
  PushQuestion,
  RemoveOrder,
  RemovePlan,
  RemoveRow,
  RepositoryList,
  RepositoryTimeline,
  RuleAnswerOrder,
  RequestLine,
  SaveOrder,
  SearchPage,
  SecondOrder,
  SecondView,
  SettingsView,
  Start,
  TagList,
  TagRow,
  TagTop,
  TaskView,
  Unanswered,
  UnhostOrder,
  UnhostPlan,
  VendorId,
  WatchOrder,
  Whom,
} from "../backend/backend";
import { FakeArchives } from "./archives";
import { FakeChecks } from "./checks";
import { FakeAbouts } from "./abouts";
import { FakeActs } from "./acts";
import * as data from "./data";
import { FakeCommits } from "./committing";
import { containerFacts, containers, imageSizes, named, planRemoval, readName, removed } from "./computer";
import { find } from "./find";
import { FakeHistory } from "./history";
import { FakeHosting } from "./hosting";
import { FakeKinds } from "./kinds";
import { FakeLists } from "./lists";
import { FakeMaking } from "./making";
import { problem } from "./problem";
import { FakeRemovals } from "./removals";
import { FakeSearch } from "./search";
import { FakeSignIns } from "./sign-ins";
import { FakeTransfers } from "./transfers";
import { World } from "./world";

export { problem };

export interface FakeOptions {
  /** Milliseconds every answer takes. */
  latency?: number;
  empty?: boolean;
  preferences?: Partial<Preferences>;
}

export class FakeBackend extends World implements Backend {
  engineView: EngineView = data.docker;
  imageRows: ImageRow[] = data.images(this.now);
  containerRows: ContainerRow[] = containers(this.now);
  containerTold: ContainerFacts[] = containerFacts(this.now);
  preferences: Preferences = structuredClone(data.preferences);
  settingsView: SettingsView = structuredClone(data.settings);
  /** Set to make a call fail: the name of the call and what it rejects with. */
  failing: Partial<Record<keyof Backend, Problem>> = {};
  /** The account that may push where one may only read, by that one's id and the repository. */
  writers: Record<string, string> = {};
  /** Every call and what it was given, in order. */
  calls: [name: keyof Backend, ...given: unknown[]][] = [];
  signIns = new FakeSignIns(this);
  transfers = new FakeTransfers((event) => this.emit(event));
  making = new FakeMaking(
    this.transfers,
    (event) => this.emit(event),
    (image) => {
      this.imageRows = [image, ...this.imageRows.filter((row) => row.id !== image.id)];
      this.emit({ kind: "stale", what: { of: "images" } });
    },
  );
  committing = new FakeCommits(this.transfers);
  search = new FakeSearch();
  archives = new FakeArchives(this, this.transfers);
  history = new FakeHistory(this);
  abouts = new FakeAbouts(this);
  acts = new FakeActs(this, this.abouts, this.history);
  lists = new FakeLists(this, this.abouts, this.acts);
  removals: FakeRemovals;
  requestLines: RequestLine[] = data.requests(this.now);
  #latency: number;

  constructor(options: FakeOptions = {}) {
    super();
    this.#latency = options.latency ?? 0;
    this.removals = new FakeRemovals(this, this.#latency * 4);
    this.preferences = { ...this.preferences, ...options.preferences };
    if (options.empty) {
      this.accountRows = [];
      this.engineView = data.noEngine;
      this.imageRows = [];
      this.containerRows = [];
    }
  }

  #set(values: AppSettings): SettingsView {
    const textSize = Math.min(300, Math.max(50, values.textSize));
    const downloads = values.downloads ?? data.settings.downloads;
    return (this.settingsView = { ...this.settingsView, downloads, values: { ...values, textSize } });
  }

  async #answer<T>(name: keyof Backend, given: unknown[], make: () => T): Promise<T> {
    this.calls.push([name, ...given]);
    if (this.#latency > 0) await new Promise((done) => setTimeout(done, this.#latency));
    else await Promise.resolve();
    const fails = this.failing[name];
    if (fails) throw structuredClone(fails);
    const answer = make();
    return answer === undefined ? answer : structuredClone(answer);
  }

  start = (): Promise<Start> =>
    this.#answer("start", [], () => ({
      version: "0.1.0",
      platform: "linux/amd64",
      preferences: this.preferences,
      settings: this.settingsView,
    }));
  savePreferences = (preferences: Preferences): Promise<void> =>
    this.#answer("savePreferences", [preferences], () => void (this.preferences = structuredClone(preferences)));
  accounts = (): Promise<AccountView[]> => this.#answer("accounts", [], () => this.accountRows);
  foundRegistries = (): Promise<FoundRegistry[]> => this.#answer("foundRegistries", [], () => this.foundRows);

  unanswered = (): Promise<Unanswered[]> => this.#answer("unanswered", [], () => this.unansweredRows);
  stopAsking = (whom: Whom): Promise<void> =>
    this.#answer("stopAsking", [whom], () => this.silent(whom, { kind: "ended" }));

  readAddress = (text: string): Promise<AddressView> =>
    this.#answer("readAddress", [text], () => this.signIns.readAddress(text));
  takeLoginSecret = (text: string): Promise<string> =>
    this.#answer("takeLoginSecret", [text], () => this.signIns.takeLoginSecret(text));
  probeRegistry = (address: string, connection?: ConnectionOrder): Promise<ProbeView> =>
    this.#answer("probeRegistry", connection ? [address, connection] : [address], () =>
      this.signIns.probeRegistry(address, connection),
    );
  lookAtCertificate = (address: string, connection?: ConnectionOrder): Promise<CertificateView> =>
    this.#answer("lookAtCertificate", [address, connection], () => this.signIns.certificates.look(address, connection));
  changeConnection = (id: string, connection: ConnectionOrder): Promise<AccountView> =>
    this.#answer("changeConnection", [id, connection], () => this.signIns.changeConnection(id, connection));
  addAccount = (given: NewAccount): Promise<AccountView> =>
    this.#answer("addAccount", [given], () => this.signIns.addAccount(given));
  signIn = (id: string, given: NewAccount): Promise<AccountView> =>
    this.#answer("signIn", [id, given], () => this.signIns.signIn(id, given));
  approveSignIn = (id: string, way: string | null): Promise<AccountView> =>
    this.#answer("approveSignIn", [id, way], () => this.signIns.approveSignIn(id, way));
  signOut = (id: string, anyway: Code[]): Promise<void> =>
    this.#answer("signOut", [id, anyway], () => this.signIns.signOut(id, anyway));
  removeAccount = (id: string, forget: boolean, anyway: Code[]): Promise<void> =>
    this.#answer("removeAccount", [id, forget, anyway], () => this.signIns.removeAccount(id, anyway));
  encryptedFile = (): Promise<EncryptedFileView> => this.#answer("encryptedFile", [], () => this.signIns.file.view());
  openEncryptedFile = (passphrase: string): Promise<void> =>
    this.#answer("openEncryptedFile", [passphrase], () => this.signIns.openFile(passphrase));
  putEncryptedFileAside = (): Promise<string | null> =>
    this.#answer("putEncryptedFileAside", [], () => this.signIns.putFileAside());
  programs = (): Promise<Program[]> => this.#answer("programs", [], () => this.signIns.programs);
  programsKeep = (host: string): Promise<ProgramsKeep> =>
    this.#answer("programsKeep", [host], () => ({
      plainIn: this.signIns.plainIn,
      users: this.signIns.programUsers,
    }));
  signInPrograms = (id: string, plain: boolean): Promise<AccountView> =>
    this.#answer("signInPrograms", [id, plain], () => this.signIns.signInPrograms(id, plain));
  signOutPrograms = (id: string, anyway: boolean): Promise<AccountView> =>
    this.#answer("signOutPrograms", [id, anyway], () => this.signIns.signOutPrograms(id, anyway));
  writerFor = (id: string, repository: string): Promise<string | null> =>
    this.#answer("writerFor", [id, repository], () => this.writers[`${id} ${repository}`] ?? null);

  repositories = (account: string, after: string | null): Promise<RepositoryList> =>
    this.#answer("repositories", [account, after], () => this.lists.repositories(account, after));
  refreshRepositories = (account: string): Promise<void> =>
    this.#answer("refreshRepositories", [account], () =>
      this.emit({ kind: "stale", what: { of: "repositories", account } }),
    );
  openPath = (account: string | null, text: string): Promise<OpenedPath> =>
    this.#answer("openPath", [account, text], () => this.lists.openPath(account, text));
  forgetPath = (account: string, repository: string): Promise<void> =>
    this.#answer("forgetPath", [account, repository], () => this.lists.forgetPath(account, repository));
  tags = (account: string, repository: string, after: string | null): Promise<TagList> =>
    this.#answer("tags", [account, repository, after], () => this.lists.tags(account, repository, after));
  keepTop = (account: string, repository: string, top: TagTop): Promise<void> =>
    this.#answer("keepTop", [account, repository, top], () => this.lists.keepTop(account, repository, top));
  refreshTags = (account: string, repository: string): Promise<void> =>
    this.#answer("refreshTags", [account, repository], () =>
      this.emit({ kind: "stale", what: { of: "tags", account, repository } }),
    );
  resolveTag = (account: string, repository: string, tag: string): Promise<TagRow> =>
    this.#answer("resolveTag", [account, repository, tag], () => this.lists.resolveTag(account, repository, tag));
  commits = (account: string, repository: string, tag: string): Promise<CommitList> =>
    this.#answer("commits", [account, repository, tag], () => this.lists.commits(account, repository, tag));
  refreshCommits = (account: string, repository: string, tag: string): Promise<void> =>
    this.#answer("refreshCommits", [account, repository, tag], () =>
      this.emit({ kind: "stale", what: { of: "commits", account, repository, tag } }),
    );

  refreshTimeline = (account: string, repository: string): Promise<void> =>
    this.#answer("refreshTimeline", [account, repository], () => undefined);

  find = (typed: string, whole: boolean): Promise<FoundName[]> =>
    this.#answer("find", [typed, whole], () => find(this, typed, whole));
  checks = new FakeChecks(this);
  checkConnection = (account: string, repository: string | null, whole: boolean): Promise<CheckView | null> =>
    this.#answer("checkConnection", [account, repository, whole], () => this.checks.check(account, repository));
  tryUpload = (account: string): Promise<CheckView | null> =>
    this.#answer("tryUpload", [account], () => this.checks.tryUpload(account));
  checkReport = (account: string): Promise<string> =>
    this.#answer("checkReport", [account], () => this.checks.report(account));
  impossible = (account: string): Promise<Impossible[]> =>
    this.#answer("impossible", [account], () => this.checks.impossible[account] ?? []);
  hosting = new FakeHosting(this, this.transfers);
  planHosting = (): Promise<HostingPlan> => this.#answer("planHosting", [], () => this.hosting.plan());
  hostingFolder = (folder: string): Promise<HostingFolder> =>
    this.#answer("hostingFolder", [folder], () => this.hosting.folder(folder));
  downloadRegistry = (way: string): Promise<string> =>
    this.#answer("downloadRegistry", [way], () => this.hosting.download());
  hostRegistry = (order: HostingOrder): Promise<AccountView> =>
    this.#answer("hostRegistry", [order], () => this.hosting.host(order));
  hosted = (): Promise<HostedView[]> => this.#answer("hosted", [], () => this.hosting.rows);
  startHosted = (id: string): Promise<void> => this.#answer("startHosted", [id], () => this.hosting.set(id, "running"));
  stopHosted = (id: string): Promise<void> => this.#answer("stopHosted", [id], () => this.hosting.set(id, "stopped"));
  planUnhost = (id: string): Promise<UnhostPlan> => this.#answer("planUnhost", [id], () => this.hosting.planUnhost(id));
  unhost = (order: UnhostOrder): Promise<void> => this.#answer("unhost", [order], () => this.hosting.unhost(order));
  kinds = new FakeKinds(this);
  kind = (account: string): Promise<KindView> => this.#answer("kind", [account], () => this.kinds.kind(account));
  chooseKind = (order: KindOrder): Promise<KindView> =>
    this.#answer("chooseKind", [order], () => this.kinds.choose(order));
  letRun = (order: CommandOrder): Promise<KindView> => this.#answer("letRun", [order], () => this.kinds.letRun(order));
  letRunNoMore = (account: string): Promise<KindView> =>
    this.#answer("letRunNoMore", [account], () => this.kinds.letRunNoMore(account));
  loginByCommand = (vendor: VendorId): Promise<string> =>
    this.#answer("loginByCommand", [vendor], () => this.kinds.login());
  secondSignIn = (account: string): Promise<SecondView | null> =>
    this.#answer("secondSignIn", [account], () => this.kinds.second(account));
  giveSecond = (order: SecondOrder): Promise<SecondView | null> =>
    this.#answer("giveSecond", [order], () => this.kinds.giveSecond(order));
  removeSecond = (account: string): Promise<SecondView | null> =>
    this.#answer("removeSecond", [account], () => this.kinds.removeSecond(account));
  projects = (account: string): Promise<ProjectView[]> =>
    this.#answer("projects", [account], () => this.kinds.projects[account] ?? []);
  settings = (): Promise<SettingsView> => this.#answer("settings", [], () => this.settingsView);
  setSettings = (values: AppSettings): Promise<SettingsView> =>
    this.#answer("setSettings", [values], () => this.#set(values));
  resetSettings = (): Promise<SettingsView> => this.#answer("resetSettings", [], () => this.#set(data.settings.values));

  engine = (): Promise<EngineView> => this.#answer("engine", [], () => this.engineView);
  engineRows: EngineRow[] = data.engines;
  engines = (): Promise<EngineRow[]> =>
    this.#answer("engines", [], () => {
      const { engine } = this.settingsView.values;
      const absent = this.engineView.kind === "absent";
      return this.engineRows.map((row) => ({ ...row, chosen: row.id === engine, used: row.used && !absent }));
    });
  lookForEngines = (): Promise<void> =>
    this.#answer("lookForEngines", [], () => {
      this.engineRows = this.engineRows.map((row) => ({ ...row, state: data.engineStates[row.id] ?? row.state }));
      this.emit({ kind: "stale", what: { of: "engines" } });
    });
  images = (): Promise<ImageRow[]> =>
    this.#answer("images", [], () => {
      if (this.engineView.kind === "absent") throw this.engineView.problem;
      return this.imageRows;
    });
  imageFacts = (ids: string[]): Promise<ImageFacts[]> =>
    this.#answer("imageFacts", [ids], () => ids.map((id) => ({ id, platforms: ["linux/amd64"] })));
  imageSizes = (): Promise<ImageSize[]> => this.#answer("imageSizes", [], () => imageSizes(this.imageRows));
  containers = (): Promise<ContainerRow[]> =>
    this.#answer("containers", [], () => {
      if (this.engineView.kind === "absent") throw this.engineView.problem;
      return this.containerRows;
    });
  containerFacts = (ids: string[]): Promise<ContainerFacts[]> =>
    this.#answer("containerFacts", [ids], () => this.containerTold.filter(({ id }) => ids.includes(id)));

  planRemove = (rows: RemoveRow[]): Promise<RemovePlan> =>
    this.#answer("planRemove", [rows], () => planRemoval(this.imageRows, rows));
  planCleanUp = (): Promise<RemovePlan> =>
    this.#answer("planCleanUp", [], () => {
      const free = this.imageRows.filter((row) => row.dangling && (row.usedBy?.names.length ?? 0) === 0);
      return planRemoval(this.imageRows, free);
    });
  removeImage = (order: RemoveOrder): Promise<void> =>
    this.#answer("removeImage", [order], () => {
      this.imageRows = removed(this.imageRows, order);
      this.emit({ kind: "stale", what: { of: "images" } });
    });
  readName = (question: NameQuestion): Promise<NameView> =>
    this.#answer("readName", [question], () => readName(this.imageRows, question));
  tagImage = (order: NameOrder): Promise<void> =>
    this.#answer("tagImage", [order], () => {
      this.imageRows = named(this.imageRows, order);
      this.emit({ kind: "stale", what: { of: "images" } });
    });

  startSave = (order: SaveOrder): Promise<string> =>
    this.#answer("startSave", [order], () => this.archives.save(order));
  planLoad = (path: string): Promise<LoadPlan> => this.#answer("planLoad", [path], () => this.archives.plan(path));
  startLoad = (order: LoadOrder): Promise<string> =>
    this.#answer("startLoad", [order], () => this.archives.load(order));
  choosePath = (what: PathKind): Promise<string | null> =>
    this.#answer("choosePath", [what], () => this.archives.chosen);

  /** What `pushPlaces` answers. */
  likely: LikelyPlace[] = [];
  pushPlaces = (image: string, name: string | null): Promise<LikelyPlace[]> =>
    this.#answer("pushPlaces", [image, name], () => this.likely);
  planPush = (question: PushQuestion): Promise<PushPlan> =>
    this.#answer("planPush", [question], () => {
      const image = this.imageRows.find((row) => row.id === question.image) ?? null;
      if (!image && question.image !== null) throw problem("This image is no longer in the engine.");
      const known = this.repositoryNames[question.account]?.includes(question.repository) ?? false;
      const row = known ? this.tagsOf(question.repository).find((one) => one.name === question.tag) : undefined;
      const keep = this.acts.keepPlan(question.repository, question.tag, row && !row.deleted ? row.digest : null);
      const base = this.imageRows.find((row) => row.id === question.base) ?? null;
      return this.transfers.plan(image, row, !known, keep, base);
    });
  teamNote = (account: string, repository: string): Promise<string> =>
    this.#answer(
      "teamNote",
      [account, repository],
      () => `Tags of ${account}/${repository} that begin with _h. are commit tags.`,
    );
  startPush = (order: PushOrder): Promise<string> =>
    this.#answer("startPush", [order], () => {
      this.acts.answered(order);
      return this.transfers.start("push", order, order.image.slice(7, 19), order.name);
    });
  startPull = (order: PullOrder): Promise<string> =>
    this.#answer("startPull", [order], () => {
      const row = this.tagsOf(order.repository).find((one) => one.name === order.tag);
      return this.transfers.start("pull", order, (order.commit ?? row?.digest ?? digestless).slice(7, 19));
    });
  planBuild = (question: BuildQuestion): Promise<BuildPlan> =>
    this.#answer("planBuild", [question], () => this.making.planBuild(question));
  buildLog = (task: string): Promise<BuildLog> => this.#answer("buildLog", [task], () => this.making.buildLog(task));
  startBuild = (order: BuildOrder): Promise<string> =>
    this.#answer("startBuild", [order], () => this.making.startBuild(order));
  searchPublic = (term: string, page: number): Promise<SearchPage> =>
    this.#answer("searchPublic", [term, page], () => this.search.search(term, page));
  planCommit = (container: string): Promise<CommitPlan> =>
    this.#answer("planCommit", [container], () => {
      const is = ({ id }: { id: string }): boolean => id === container;
      return this.committing.plan(this.containerRows.find(is), this.containerTold.find(is));
    });
  startCommit = (order: CommitOrder): Promise<string> =>
    this.#answer("startCommit", [order], () => this.committing.start(order));
  orderedPush = (task: string): Promise<PushOrder> =>
    this.#answer("orderedPush", [task], () => this.transfers.pushOf(task, this.imageRows));
  orderedPull = (task: string): Promise<PullOrder> =>
    this.#answer("orderedPull", [task], () => this.transfers.pullOf(task));
  tasks = (): Promise<TaskView[]> => this.#answer("tasks", [], () => this.transfers.list());
  cancelTask = (id: string): Promise<void> =>
    this.#answer("cancelTask", [id], () => {
      if (!this.making.stop(id) && !this.removals.stop(id)) this.transfers.end(id, "cancelled");
    });
  retryTask = (id: string): Promise<string> => this.#answer("retryTask", [id], () => this.transfers.retry(id));
  clearFinished = (): Promise<void> => this.#answer("clearFinished", [], () => this.transfers.clear());
  dismissTask = (id: string): Promise<void> => this.#answer("dismissTask", [id], () => this.transfers.dismiss(id));
  timeline = (account: string, repository: string): Promise<RepositoryTimeline> =>
    this.#answer("timeline", [account, repository], () => this.history.timeline(account, repository));
  askCommits = (account: string, repository: string, commits: string[]): Promise<void> =>
    this.#answer("askCommits", [account, repository, commits], () =>
      this.history.askCommits(account, repository, commits),
    );
  planActive = (question: ActiveQuestion): Promise<ActivePlan> =>
    this.#answer("planActive", [question], () => this.acts.planActive(question));
  makeActive = (order: ActiveOrder): Promise<Outcome> =>
    this.#answer("makeActive", [order], () => {
      const outcome = this.acts.makeActive(order);
      this.history.becameActive(order, outcome.commitTag !== null);
      return outcome;
    });
  exportSeen = (account: string | null, repository: string | null): Promise<Exported> =>
    this.#answer("exportSeen", [account, repository], () => this.history.exportSeen(account, repository));
  importSeen = (text: string): Promise<Imported> =>
    this.#answer("importSeen", [text], () => this.history.importSeen(text));
  readListing = (order: ListingOrder): Promise<ListingView> =>
    this.#answer("readListing", [order], () => this.history.readListing(order));
  importListing = (order: ListingOrder): Promise<Imported> =>
    this.#answer("importListing", [order], () => this.history.importListing(order));
  about = (account: string, repository: string): Promise<AboutView> =>
    this.#answer("about", [account, repository], () => this.abouts.about(account, repository));
  refreshAbout = (account: string, repository: string): Promise<void> =>
    this.#answer("refreshAbout", [account, repository], () => this.abouts.refreshAbout(account, repository));
  askAbouts = (account: string, repositories: string[]): Promise<void> =>
    this.#answer("askAbouts", [account, repositories], () => this.abouts.askAbouts(account, repositories));
  createRepository = (order: CreateOrder): Promise<AboutView> =>
    this.#answer("createRepository", [order], () => this.abouts.createRepository(order));
  describeRepository = (order: DescribeOrder): Promise<AboutView> =>
    this.#answer("describeRepository", [order], () => this.abouts.describeRepository(order));
  answerRule = (order: RuleAnswerOrder): Promise<KeepView> =>
    this.#answer("answerRule", [order], () => this.abouts.answerRule(order));
  setKeep = (order: KeepOrder): Promise<KeepView> => this.#answer("setKeep", [order], () => this.abouts.setKeep(order));
  keepCommit = (order: KeepCommitOrder): Promise<string> =>
    this.#answer("keepCommit", [order], () => {
      this.history.kept(order);
      return this.acts.keepCommit(order);
    });
  planPrune = (account: string, repository: string, prune: Prune): Promise<PrunePlan> =>
    this.#answer("planPrune", [account, repository, prune], () => this.abouts.planPrune(account, repository, prune));
  prune = (order: PruneOrder): Promise<string> => this.#answer("prune", [order], () => this.removals.prune(order));
  planDelete = (question: DeleteQuestion): Promise<DeletePlan> =>
    this.#answer("planDelete", [question], () => this.acts.planDelete(question));
  delete = (order: DeleteOrder): Promise<string> => this.#answer("delete", [order], () => this.removals.delete(order));
  undoDelete = (undo: string): Promise<string> => this.#answer("undoDelete", [undo], () => this.removals.undo(undo));
  watch = (order: WatchOrder): Promise<void> => this.#answer("watch", [order], () => this.abouts.watch(order));
  moves = (account: string, repository: string): Promise<Moves> =>
    this.#answer("moves", [account, repository], () => this.abouts.moves(account, repository));
  sawMoves = (account: string, repository: string): Promise<void> =>
    this.#answer("sawMoves", [account, repository], () => this.abouts.sawMoves(account, repository));
  answerMove = (account: string, repository: string, id: string, answer: MoveAnswer): Promise<void> =>
    this.#answer("answerMove", [account, repository, id, answer], () =>
      this.abouts.answerMove(account, repository, id, answer),
    );
  recentRequests = (): Promise<RequestLine[]> => this.#answer("recentRequests", [], () => this.requestLines);
  leave = (): Promise<void> => this.#answer("leave", [], () => undefined);
}

const digestless = "sha256:000000000000";
