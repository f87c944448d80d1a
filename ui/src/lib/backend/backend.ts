// The one door between the interface and the rest of the app: every call and every event is named here.
// Only `tauri.ts` knows how it is carried.

import type {
  Code,
  AboutView,
  AccountView,
  ActiveOrder,
  ActivePlan,
  ActiveQuestion,
  AddressView,
  AppEvent,
  AppSettings,
  BuildLog,
  BuildOrder,
  BuildPlan,
  BuildQuestion,
  CheckView,
  CertificateView,
  CommandOrder,
  CommitList,
  CommitOrder,
  CommitPlan,
  ConnectionOrder,
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
} from "./generated/types";

export type * from "./generated/types";

/** What the tags of a repository are asked for by where they shall not begin with what stood on top of them. */
export const FROM_THE_BEGIN = "";

/** Every call rejects with a `Problem`, never with anything else. */
export interface Backend {
  start(): Promise<Start>;
  savePreferences(preferences: Preferences): Promise<void>;

  accounts(): Promise<AccountView[]>;
  foundRegistries(): Promise<FoundRegistry[]>;
  /** Reads what was typed or pasted; contacts nothing. Rejects with the code `address`. */
  readAddress(text: string): Promise<AddressView>;
  /** Returns the secret of a pasted docker login line, to be moved into the secret field. */
  takeLoginSecret(text: string): Promise<string>;
  /** Asks what answers at an address, by what was given for it. Rejects with the code `certificate` where that is not trusted. */
  probeRegistry(address: string, connection?: ConnectionOrder): Promise<ProbeView>;
  /** Looks at the certificate that a host presents; nothing is sent to it. */
  lookAtCertificate(address: string, connection?: ConnectionOrder): Promise<CertificateView>;
  /** Gives an account what its registry is reached by from now on, once it is. */
  changeConnection(id: string, connection: ConnectionOrder): Promise<AccountView>;
  addAccount(account: NewAccount): Promise<AccountView>;
  signIn(id: string, account: NewAccount): Promise<AccountView>;
  /** Agrees to the way a registry wants the sign-in now, or, with null, goes on only as before. */
  approveSignIn(id: string, way: string | null): Promise<AccountView>;
  /** Signs out. Rejects with `keychain` or `program` where one can't be asked, unless `anyway` names that. */
  signOut(id: string, anyway: Code[]): Promise<void>;
  /** Removes an account; with `forget`, what was seen at its registry too; `anyway` as above. */
  removeAccount(id: string, forget: boolean, anyway: Code[]): Promise<void>;
  /** How the encrypted file of sign-ins stands. */
  encryptedFile(): Promise<EncryptedFileView>;
  /** Opens it for this run. Rejects with the code `encryptedFile`. */
  openEncryptedFile(passphrase: string): Promise<void>;
  /** Puts it aside, whose passphrase is forgotten; where it is now, where there was one. Its accounts are signed out. */
  putEncryptedFileAside(): Promise<string | null>;
  /** The programs of this computer that could be signed in along with an account. */
  programs(): Promise<Program[]>;
  /** Where the sign-in of a registry would be kept; helpers are run for it. */
  programsKeep(host: string): Promise<ProgramsKeep>;
  /** Rejects with the code `program`; those that could be are signed in all the same. */
  signInPrograms(id: string, plain: boolean): Promise<AccountView>;
  /** With `anyway`, a program that can't be signed out is left as it is and forgotten. */
  signOutPrograms(id: string, anyway: boolean): Promise<AccountView>;
  /** Another account of the same registry that may push there, where this one may only read. */
  writerFor(id: string, repository: string): Promise<string | null>;

  /** Reads the cache, at once: a part, after the one that the last part named in `next`. */
  repositories(account: string, after: string | null): Promise<RepositoryList>;
  /** Pages in, as `repositoriesListed` and `tagsListed`; a `stale` event tells when to read the whole cache again. */
  refreshRepositories(account: string): Promise<void>;
  /** Reads a path as it is typed; without a host it is one of the account. It is remembered once its tags were listed. */
  openPath(account: string | null, text: string): Promise<OpenedPath>;
  /** Takes a path off the list that was typed once. */
  forgetPath(account: string, repository: string): Promise<void>;
  /**
   * Reads the cache: a part, after the one that the last part named in `next`. Asked by null, a long list begins with what
   * stood on top of it when it was last looked at.
   */
  tags(account: string, repository: string, after: string | null): Promise<TagList>;
  /** Notes what stands on top of a repository's tags, so that it is there at once the next time. */
  keepTop(account: string, repository: string, top: TagTop): Promise<void>;
  refreshTags(account: string, repository: string): Promise<void>;
  /** Asks the registry for one tag's facts; also arrives as a `tagFilled` event. */
  resolveTag(account: string, repository: string, tag: string): Promise<TagRow>;
  commits(account: string, repository: string, tag: string): Promise<CommitList>;
  refreshCommits(account: string, repository: string, tag: string): Promise<void>;
  /** Asks the registry's own history of a repository's tags, where it has one; a `stale` event tells of news. */
  refreshTimeline(account: string, repository: string): Promise<void>;

  /**
   * Finds cached repositories and tags, the best first: those that begin as typed, at once; or, `whole`, those that have it
   * anywhere in their name too.
   */
  find(typed: string, whole: boolean): Promise<FoundName[]>;

  /**
   * Checks the connection of an account, wholly or lightly; its lines come as `checked` events. A light one asks nothing where
   * that was done a moment ago. Nothing is written.
   */
  checkConnection(account: string, repository: string | null, whole: boolean): Promise<CheckView | null>;
  /** Begins an upload in the repository of the last check and gives it up: what only that tells. */
  tryUpload(account: string): Promise<CheckView | null>;
  /** Returns the last check as plain text, without anything secret. */
  checkReport(account: string): Promise<string>;
  /** Lists what is known to be impossible with an account, and why; asks nothing. */
  impossible(account: string): Promise<Impossible[]>;

  /** Returns what may run a registry on this computer, and what is proposed for it. */
  planHosting(): Promise<HostingPlan>;
  /** Looks at a folder as it is typed; nothing is made. */
  hostingFolder(folder: string): Promise<HostingFolder>;
  /** Begins to download the image of a registry into the engine of a way; resolves with the task's id. */
  downloadRegistry(way: string): Promise<string>;
  /** Starts a registry and adds its account. */
  hostRegistry(order: HostingOrder): Promise<AccountView>;
  /** Lists the registries that were started here, and how each stands. */
  hosted(): Promise<HostedView[]>;
  /** Starts one again; resolves once it answers. */
  startHosted(id: string): Promise<void>;
  stopHosted(id: string): Promise<void>;
  /** Tells what taking one away would do. */
  planUnhost(id: string): Promise<UnhostPlan>;
  /** Takes one away, with its accounts. Rejects with `noEngine`, `keychain` or `program` where one can't be asked, unless `anyway` names that. */
  unhost(order: UnhostOrder): Promise<void>;

  /** Tells whose registry an account is at, and how each part of it works; asks nothing. */
  kind(account: string): Promise<KindView>;
  /** Takes what a person says of an account's registry; without a vendor what it answers counts again. */
  chooseKind(order: KindOrder): Promise<KindView>;
  /** Lets the command of an account's vendor run for it from now on; it is run once, to see that it is this registry's. */
  letRun(order: CommandOrder): Promise<KindView>;
  /** Lets it run no more. */
  letRunNoMore(account: string): Promise<KindView>;
  /** Runs the command of a vendor to sign in: the line that it prints, which holds a secret. */
  loginByCommand(vendor: VendorId): Promise<string>;
  /** Returns the second sign-in that an account's vendor takes; null where it takes none. Asks nothing. */
  secondSignIn(account: string): Promise<SecondView | null>;
  /** Tries a second sign-in and keeps it. Rejects with the code `secondSignIn` where it is wrong. */
  giveSecond(order: SecondOrder): Promise<SecondView | null>;
  removeSecond(account: string): Promise<SecondView | null>;
  /** Asks for the projects that new repositories of an account may stand under; none where its registry has none. */
  projects(account: string): Promise<ProjectView[]>;

  engine(): Promise<EngineView>;
  /** Returns the engines there may be, and how each answered when it was last asked; asks none. */
  engines(): Promise<EngineRow[]>;
  /** Asks all engines who they are; each that answers is told as stale. */
  lookForEngines(): Promise<void>;
  images(): Promise<ImageRow[]>;
  /** Tells of images in sight, at most 60, what their list doesn't. */
  imageFacts(ids: string[]): Promise<ImageFacts[]>;
  /** Tells how the listed images' sizes are made up, of those of which the engine knows. It may take its time. */
  imageSizes(): Promise<ImageSize[]>;
  containers(): Promise<ContainerRow[]>;
  /** Tells of containers in sight, at most 60, what their list doesn't. */
  containerFacts(ids: string[]): Promise<ContainerFacts[]>;

  /** Plans what removing these rows would do. */
  planRemove(rows: RemoveRow[]): Promise<RemovePlan>;
  /** Plans what cleaning up would do: images without a name that nothing holds. */
  planCleanUp(): Promise<RemovePlan>;
  /** Removes what a sheet showed of one image; left alone where it isn't that any more. */
  removeImage(order: RemoveOrder): Promise<void>;
  /** Reads a name for an image as it is typed, and tells which other image bears it. */
  readName(question: NameQuestion): Promise<NameView>;
  /** Gives an image one more name. */
  tagImage(order: NameOrder): Promise<void>;

  /** Begins to save images as an archive; resolves with the task's id. */
  startSave(order: SaveOrder): Promise<string>;
  /** Says what loading an archive would bring. */
  planLoad(path: string): Promise<LoadPlan>;
  /** Begins to load an archive; resolves with the task's id. */
  startLoad(order: LoadOrder): Promise<string>;
  /** Has the person choose in the system's own window; null where they chose nothing. */
  choosePath(what: PathKind): Promise<string | null>;

  /** Returns the repositories where an image may be meant to go, the likeliest first; asks no registry. */
  pushPlaces(image: string, name: string | null): Promise<LikelyPlace[]>;
  planPush(question: PushQuestion): Promise<PushPlan>;
  teamNote(account: string, repository: string): Promise<string>;
  /** Resolves with the task's id. */
  startPush(order: PushOrder): Promise<string>;
  startPull(order: PullOrder): Promise<string>;
  /** Says what a build would read; builds nothing. */
  planBuild(question: BuildQuestion): Promise<BuildPlan>;
  /** Returns what a build of this run has said. */
  buildLog(task: string): Promise<BuildLog>;
  /** Resolves with the task's id. */
  startBuild(order: BuildOrder): Promise<string>;
  /** Searches public images, at Docker Hub or through the engine; the first page is 1. */
  searchPublic(term: string, page: number): Promise<SearchPage>;
  /** Says what would become an image of a container; makes none. */
  planCommit(container: string): Promise<CommitPlan>;
  /** Resolves with the task's id. */
  startCommit(order: CommitOrder): Promise<string>;
  /** Returns a push as it was ordered, in this run or an earlier one. */
  orderedPush(task: string): Promise<PushOrder>;
  /** Returns a pull as it was ordered. */
  orderedPull(task: string): Promise<PullOrder>;
  tasks(): Promise<TaskView[]>;
  /** Ends one task: a transfer where it is, a deletion between two items. */
  cancelTask(id: string): Promise<void>;
  /** Resolves with the new task's id. */
  retryTask(id: string): Promise<string>;
  dismissTask(id: string): Promise<void>;
  /** Takes off the list what was done or cancelled. */
  clearFinished(): Promise<void>;

  /** Reads the timeline of a repository from the cache. */
  timeline(account: string, repository: string): Promise<RepositoryTimeline>;
  /** Asks which of these commits can still be pulled. */
  askCommits(account: string, repository: string, commits: string[]): Promise<void>;
  /** Plans what making a commit active would do. */
  planActive(question: ActiveQuestion): Promise<ActivePlan>;
  /** Points a tag at an older commit. */
  makeActive(order: ActiveOrder): Promise<Outcome>;
  /** Writes what was seen to a file among the downloads. */
  exportSeen(account: string | null, repository: string | null): Promise<Exported>;
  /** Takes in what an export says. */
  importSeen(text: string): Promise<Imported>;
  /** What a pasted listing of another tool would bring; nothing is stored. */
  readListing(order: ListingOrder): Promise<ListingView>;
  /** Stores what a pasted listing tells. */
  importListing(order: ListingOrder): Promise<Imported>;

  /** Reads from the cache what a repository says of itself. */
  about(account: string, repository: string): Promise<AboutView>;
  /** Asks a repository what it says of itself. */
  refreshAbout(account: string, repository: string): Promise<void>;
  /** Asks several. */
  askAbouts(account: string, repositories: string[]): Promise<void>;
  /** Makes a repository. */
  createRepository(order: CreateOrder): Promise<AboutView>;
  /** Changes what a repository says of itself. */
  describeRepository(order: DescribeOrder): Promise<AboutView>;
  /** Changes how a repository keeps. */
  setKeep(order: KeepOrder): Promise<KeepView>;
  /** Answers a repository's rule, for this computer. */
  answerRule(order: RuleAnswerOrder): Promise<KeepView>;
  /** Keeps one commit. */
  keepCommit(order: KeepCommitOrder): Promise<string>;
  /** Plans what a rule would remove. */
  planPrune(account: string, repository: string, prune: Prune): Promise<PrunePlan>;
  /** Begins to remove commit tags; resolves with the task's id. */
  prune(order: PruneOrder): Promise<string>;
  /** Plans what a deletion would do. */
  planDelete(question: DeleteQuestion): Promise<DeletePlan>;
  /** Begins to delete; resolves with the task's id. */
  delete(order: DeleteOrder): Promise<string>;
  /** Begins to put back what a deletion took; resolves with the task's id. */
  undoDelete(undo: string): Promise<string>;

  /** Begins or ends to watch. */
  watch(order: WatchOrder): Promise<void>;
  /** Reads what is watched in a repository, and what moved there. */
  moves(account: string, repository: string): Promise<Moves>;
  /** Notes that the person has looked. */
  sawMoves(account: string, repository: string): Promise<void>;
  /** Takes what the person says to a moved tag. */
  answerMove(account: string, repository: string, id: string, answer: MoveAnswer): Promise<void>;

  settings(): Promise<SettingsView>;
  /** Changes what is set, at once; resolves with what it is now. */
  setSettings(values: AppSettings): Promise<SettingsView>;
  /** Sets all as it is by itself. */
  resetSettings(): Promise<SettingsView>;

  /** Returns what was asked of registries lately, oldest first. */
  recentRequests(): Promise<RequestLine[]>;

  /** Lists who has not answered what the window asks; a `stale` event tells when to read it again. */
  unanswered(): Promise<Unanswered[]>;
  /** Ends what is asked of one: nobody waits for it any more. */
  stopAsking(whom: Whom): Promise<void>;

  /** Closes the app although tasks run. */
  leave(): Promise<void>;

  /** Hears every event until the returned function is called. */
  listen(hear: (event: AppEvent) => void): Promise<() => void>;
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Problem).code === "string" &&
    typeof (value as Problem).message === "string"
  );
}

/** Returns whatever was thrown as a problem that can be shown. */
export function asProblem(thrown: unknown): Problem {
  if (isProblem(thrown)) {
    return {
      code: thrown.code,
      message: thrown.message,
      hints: Array.isArray(thrown.hints) ? thrown.hints : [],
      detail: thrown.detail ?? null,
    };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "other", message, hints: [], detail: null };
}
