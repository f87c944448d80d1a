// The one door between the interface and the rest of the app: every call and every event is named here.
// Only `tauri.ts` knows how it is carried; `fake.ts` answers from memory for tests and for a plain browser.

import type {
  AccountView,
  AddressView,
  AppEvent,
  CommitList,
  EngineView,
  FoundRegistry,
  ImageRow,
  NewAccount,
  Preferences,
  ProbeView,
  Problem,
  PullOrder,
  PushOrder,
  PushPlan,
  PushQuestion,
  RepositoryList,
  Start,
  TagList,
  TagRow,
  TaskView,
} from "./generated/types";

export type * from "./generated/types";

/** Every call rejects with a `Problem`, never with anything else. */
export interface Backend {
  start(): Promise<Start>;
  savePreferences(preferences: Preferences): Promise<void>;

  accounts(): Promise<AccountView[]>;
  foundRegistries(): Promise<FoundRegistry[]>;
  /** Reads what was typed or pasted; contacts nothing. Rejects with the code `address`. */
  readAddress(text: string): Promise<AddressView>;
  /** The secret of a pasted docker login line, to be moved into the secret field. */
  takeLoginSecret(text: string): Promise<string>;
  probeRegistry(address: string): Promise<ProbeView>;
  addAccount(account: NewAccount): Promise<AccountView>;
  signIn(id: string, account: NewAccount): Promise<AccountView>;
  signOut(id: string): Promise<void>;
  removeAccount(id: string): Promise<void>;

  /** From the cache, at once. */
  repositories(account: string): Promise<RepositoryList>;
  /** Pages in; `stale` events tell when to read the cache again. */
  refreshRepositories(account: string): Promise<void>;
  tags(account: string, repository: string): Promise<TagList>;
  refreshTags(account: string, repository: string): Promise<void>;
  /** Asks the registry for one tag's facts; also arrives as a `tagFilled` event. */
  resolveTag(account: string, repository: string, tag: string): Promise<TagRow>;
  commits(account: string, repository: string, tag: string): Promise<CommitList>;
  refreshCommits(account: string, repository: string, tag: string): Promise<void>;

  engine(): Promise<EngineView>;
  images(): Promise<ImageRow[]>;

  planPush(question: PushQuestion): Promise<PushPlan>;
  teamNote(account: string, repository: string): Promise<string>;
  /** Resolves with the task's id. */
  startPush(order: PushOrder): Promise<string>;
  startPull(order: PullOrder): Promise<string>;
  tasks(): Promise<TaskView[]>;
  cancelTask(id: string): Promise<void>;
  /** Resolves with the new task's id. */
  retryTask(id: string): Promise<string>;
  dismissTask(id: string): Promise<void>;

  /** Closes the app although transfers run. */
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

/** Whatever was thrown, as a problem that can be shown. */
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
