// Generated from crates/app/src/view by `cargo xtask bindings`. Do not edit: a test compares it.

/**
 * How an account stands.
 */
export type AccountState = "signedIn" | "signedInForSession" | "anonymous" | "signedOut" | "keychainUnavailable";

/**
 * One account as the sidebar shows it.
 */
export type AccountView = { 
/**
 * Stable id of the account, never reused.
 */
id: string, 
/**
 * `host[:port]`, as in an image's name.
 */
host: string, 
/**
 * The user signed in; absent for anonymous use.
 */
user: string | null, 
/**
 * How it stands.
 */
state: AccountState, 
/**
 * True where the person confirmed plain HTTP for this account, or the host is loopback and speaks it.
 */
plainHttp: boolean, };

/**
 * What the person typed or pasted into the address field, read. Pure: nothing is contacted.
 */
export type AddressView = { 
/**
 * `host[:port]` as it will be used.
 */
host: string, 
/**
 * The namespace or repository path that stood behind the host, dropped with a word to the person.
 */
droppedPath: string | null, 
/**
 * True where `http://` was typed.
 */
typedHttp: boolean, 
/**
 * The user of a pasted `docker login` line or of `user@host`.
 */
user: string | null, 
/**
 * True where the pasted line held a secret too: the UI then moves it to the secret field itself
 * with `take_login_secret`, and clears the address field.
 */
hasSecret: boolean, };

/**
 * One event. The UI never guesses what a change made stale: it re-reads what is named here, and nothing else.
 */
export type AppEvent = { "kind": "stale", 
/**
 * What.
 */
what: Stale, } | { "kind": "tagFilled", 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The row as it is now.
 */
row: TagRow, } | { "kind": "task", 
/**
 * The whole task.
 */
task: TaskView, } | { "kind": "closeAsked", 
/**
 * How many run or wait.
 */
running: number, };

/**
 * What the UI branches on.
 */
export type Code = "other" | "cancelled" | "address" | "signIn" | "plainHttp" | "keychain" | "noEngine" | "notKept" | "nameTaken" | "tagMoved";

/**
 * The commits of one tag, newest first, from the cache.
 */
export type CommitList = { 
/**
 * The tag.
 */
tag: string, 
/**
 * Newest first; the active one, where there is one, is first.
 */
rows: Array<CommitRow>, };

/**
 * One commit of one tag. A commit that became active twice is two rows.
 */
export type CommitRow = { 
/**
 * Stable key of the row within the list.
 */
key: string, 
/**
 * First 12 hex digits.
 */
short: string, 
/**
 * The whole digest; absent while only a commit tag's 12 digits are known.
 */
digest: string | null, 
/**
 * The tag points at it now.
 */
active: boolean, 
/**
 * The commit tag that keeps it.
 */
commitTag: string | null, 
/**
 * When it became active.
 */
time: TimeFact | null, 
/**
 * When it ceased to be active, where known (seconds, UTC).
 */
until: number | null, 
/**
 * Every source that knows this commit, best first.
 */
sources: Array<Source>, 
/**
 * Whether it can still be pulled.
 */
reach: Reach, 
/**
 * True where a commit tag's 12 digits are not those of the manifest it points at.
 */
mismatch: boolean, 
/**
 * Compressed bytes, as for a tag.
 */
size: number | null, 
/**
 * `os/architecture[/variant]`.
 */
platforms: Array<string>, 
/**
 * Whether the engine holds it.
 */
onThisComputer: boolean, 
/**
 * `host/ns/name:tag` where a tag (its own while active, its commit tag when kept) names it.
 */
tagPath: string | null, 
/**
 * `host/ns/name@sha256:…`.
 */
digestPath: string | null, };

/**
 * The engine, or why there is none.
 */
export type EngineView = { "kind": "ready", 
/**
 * "Docker", "Podman", …
 */
name: string, 
/**
 * Its version.
 */
version: string, 
/**
 * How it stores images.
 */
store: ImageStore, 
/**
 * Its own platform, `os/architecture`.
 */
platform: string, } | { "kind": "absent", 
/**
 * What was tried, as a sentence with the next step.
 */
problem: Problem, };

/**
 * Where a registry was found.
 */
export type FoundIn = "dockerConfig" | "sandbox";

/**
 * A registry found on this computer.
 */
export type FoundRegistry = { 
/**
 * `host[:port]`.
 */
host: string, 
/**
 * The user, where known.
 */
user: string | null, 
/**
 * The secret, only for the sandbox, whose sign-in is printed openly anyway.
 */
sandboxSecret: string | null, 
/**
 * Where it was found.
 */
source: FoundIn, };

/**
 * What is known of an image in the registries.
 */
export type ImagePlace = { "kind": "notPushed" } | { "kind": "known", 
/**
 * `host/ns/name`.
 */
repository: string, } | { "kind": "active", 
/**
 * `host/ns/name`.
 */
repository: string, 
/**
 * The tag.
 */
tag: string, } | { "kind": "older", 
/**
 * `host/ns/name`.
 */
repository: string, 
/**
 * The tag.
 */
tag: string, 
/**
 * 2 = the one before the active.
 */
position: number, 
/**
 * Known commits of the tag.
 */
of: number, };

/**
 * One row of *Images*: one name of one image, or an image without a name.
 */
export type ImageRow = { 
/**
 * Stable key of the row: the name, or the id where it has none.
 */
key: string, 
/**
 * The image's id, `sha256:…`.
 */
id: string, 
/**
 * `repository:tag` as the engine says it; absent for an image without a name.
 */
name: string | null, 
/**
 * When it was built (seconds, UTC); absent where the engine says nothing sensible.
 */
created: number | null, 
/**
 * Bytes unpacked.
 */
size: number, 
/**
 * What is known of it in the registries of the sidebar.
 */
place: ImagePlace, };

/**
 * How an engine stores images.
 */
export type ImageStore = "graphDriver" | "containerd";

/**
 * How a layer stands.
 */
export type ItemState = "waiting" | "moving" | "unpacking" | "exists" | "done";

/**
 * The person's answer in the sheet.
 */
export type KeepAnswer = "byRule" | "eachOverwrite" | "justThis" | "off" | "notThis";

/**
 * How the commit that the tag leaves will be kept.
 */
export type KeepPlan = { "kind": "nothing" } | { "kind": "ask", 
/**
 * The fitting answer.
 */
preselected: KeepRule, 
/**
 * The commit tag that would be written.
 */
commitTag: string, 
/**
 * What may happen to the old commit where it is not kept, as a sentence.
 */
without: string, 
/**
 * What could remove a commit tag here later, as a sentence.
 */
caution: string, } | { "kind": "rule", 
/**
 * The rule.
 */
rule: KeepRule, 
/**
 * The commit tag that is (or, on request, would be) written.
 */
commitTag: string, 
/**
 * True where a commit tag for this very commit is there already.
 */
alreadyKept: boolean, 
/**
 * What may happen to the old commit where it is not kept.
 */
without: string, } | { "kind": "impossible", 
/**
 * Why, as a sentence.
 */
why: string, };

/**
 * How a repository keeps the commits its tags leave behind.
 */
export type KeepRule = "off" | "on-request" | "overwrite";

/**
 * Whether, and how, the engine holds a tag's commit.
 */
export type LocalMark = { "kind": "none" } | { "kind": "same" } | { "kind": "older", 
/**
 * 2 = the one before the active.
 */
position: number, 
/**
 * Known commits.
 */
of: number, };

/**
 * A new account, or a sign-in into one that is signed out. User and secret both empty means anonymous.
 */
export type NewAccount = { 
/**
 * As typed: address, URL, or `docker login` line.
 */
address: string, 
/**
 * May be empty.
 */
user: string, 
/**
 * May be empty.
 */
secret: string, 
/**
 * The person confirmed plain HTTP for a host that is not loopback.
 */
allowPlainHttp: boolean, 
/**
 * The person chose to stay signed in only until the app is closed.
 */
forSession: boolean, };

/**
 * What a transfer led to; the window says it.
 */
export type Outcome = { 
/**
 * The name the image bears: in the engine after a pull, in the registry after a push.
 */
name: string, 
/**
 * The digest the registry answered with.
 */
digest: string | null, 
/**
 * The commit tag that was written before the overwrite, also when the push was then cancelled.
 */
commitTag: string | null, 
/**
 * The commit that was active before.
 */
previous: string | null, 
/**
 * What the person should know besides, a sentence each.
 */
notes: Array<string>, };

/**
 * What the main part shows.
 */
export type Place = { "kind": "welcome" } | { "kind": "images" } | { "kind": "repository", 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, };

/**
 * What the window remembers of itself. Written whole whenever it changes.
 */
export type Preferences = { 
/**
 * What the main part shows.
 */
place: Place, 
/**
 * Keys of the folded groups of the sidebar (`account` or `account/namespace`).
 */
folded: Array<string>, 
/**
 * Order of the tags table.
 */
tagOrder: TagOrder, };

/**
 * What a registry answered to an unauthenticated `GET /v2/`.
 */
export type ProbeView = { 
/**
 * `host[:port]` asked.
 */
host: string, 
/**
 * True where it answered over TLS.
 */
tls: boolean, 
/**
 * True where it answered only over plain HTTP and the host is not loopback: the person confirms once.
 */
needsPlainHttpConsent: boolean, 
/**
 * True where it asks for a sign-in.
 */
wantsSignIn: boolean, };

/**
 * An error that reached the window: what happened, what to do, and the other side's own words.
 */
export type Problem = { 
/**
 * Exists only where the UI branches on it.
 */
code: Code, 
/**
 * One or two short sentences: what happened and why.
 */
message: string, 
/**
 * What to do next, a sentence each.
 */
hints: Array<string>, 
/**
 * The registry's or engine's own words, in full, bounded.
 */
detail: string | null, };

/**
 * Pull now.
 */
export type PullOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The tag whose commit it is.
 */
tag: string, 
/**
 * The whole digest, or the commit tag where only that is known; absent: the active commit.
 */
commit: string | null, 
/**
 * The person agreed that a local name moves to this image.
 */
moveName: boolean, };

/**
 * The image of a push plan.
 */
export type PushImage = { 
/**
 * First 12 hex digits of the image's id.
 */
short: string, 
/**
 * Built (seconds, UTC).
 */
created: number | null, 
/**
 * Bytes unpacked.
 */
size: number, 
/**
 * `os/architecture[/variant]`.
 */
platforms: Array<string>, };

/**
 * Push now.
 */
export type PushOrder = { 
/**
 * The image's id.
 */
image: string, 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The tag.
 */
tag: string, 
/**
 * What the sheet showed the tag pointing at; a push that finds something else stops with `TagMoved`.
 */
expected: string | null, 
/**
 * The answer about keeping.
 */
keep: KeepAnswer, 
/**
 * The second yes: overwrite though the old commit can't be kept.
 */
acceptLoss: boolean, 
/**
 * The person agreed that a local name moves to this image.
 */
moveName: boolean, };

/**
 * What a push would do.
 */
export type PushPlan = { 
/**
 * What is pushed.
 */
image: PushImage, 
/**
 * What the tag points at now; absent: the tag is new.
 */
target: PushTarget | null, 
/**
 * What differs and may not be meant, a sentence each ("amd64 only, arm64 is lost"), shown in amber.
 */
warnings: Array<string>, 
/**
 * True where the repository does not exist yet, as far as the registry tells.
 */
newRepository: boolean, 
/**
 * How the commit the tag leaves is kept.
 */
keep: KeepPlan, 
/**
 * Bytes that go at most (unpacked sizes of the layers not known to be there); absent: unknown.
 */
atMost: number | null, 
/**
 * Layers not known to be in the repository.
 */
newLayers: number, 
/**
 * A local name that another image bears, which the push would move here; ask first.
 */
nameTaken: string | null, };

/**
 * Asked when an image is dropped, and again when the tag in the sheet changes.
 */
export type PushQuestion = { 
/**
 * The image's id, `sha256:…`.
 */
image: string, 
/**
 * The row's name, where it had one.
 */
name: string | null, 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`; may be a new one.
 */
repository: string, 
/**
 * The tag.
 */
tag: string, };

/**
 * What the tag points at before the push.
 */
export type PushTarget = { 
/**
 * The whole digest.
 */
digest: string, 
/**
 * When it became active.
 */
time: TimeFact | null, 
/**
 * Compressed bytes.
 */
size: number | null, 
/**
 * `os/architecture[/variant]`.
 */
platforms: Array<string>, 
/**
 * True where it is what would be pushed, as far as can be told beforehand.
 */
sameImage: boolean, };

/**
 * Whether a commit can still be pulled.
 */
export type Reach = { "kind": "unknown" } | { "kind": "pullable", 
/**
 * When it was asked (seconds, UTC).
 */
at: number, } | { "kind": "gone", 
/**
 * When that was first seen (seconds, UTC).
 */
since: number, };

/**
 * The repositories of an account, from the cache.
 */
export type RepositoryList = { 
/**
 * Paths within the registry (`namespace/name`), sorted.
 */
names: Array<string>, 
/**
 * When the list was last fetched whole; absent: never.
 */
refreshedAt: number | null, };

/**
 * Where a fact comes from.
 */
export type Source = "registry" | "commitTag" | "imageLabel" | "seenHere";

/**
 * Data that a change made stale.
 */
export type Stale = { "of": "accounts" } | { "of": "repositories", 
/**
 * Account id.
 */
account: string, } | { "of": "tags", 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, } | { "of": "commits", 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The tag.
 */
tag: string, } | { "of": "images" } | { "of": "engine" };

/**
 * Read once, at the start.
 */
export type Start = { 
/**
 * The app's version.
 */
version: string, 
/**
 * This computer's platform as registries name it, `linux/amd64`.
 */
platform: string, 
/**
 * As the window was left.
 */
preferences: Preferences, };

/**
 * The tags of a repository, from the cache; commit tags are folded into their tag.
 */
export type TagList = { 
/**
 * One a tag, in the registry's order.
 */
rows: Array<TagRow>, 
/**
 * When the list was last fetched whole; absent: never.
 */
refreshedAt: number | null, 
/**
 * The repository as the engine names it: `host/namespace/name`.
 */
path: string, 
/**
 * How this repository keeps, where it was ever said.
 */
keep: KeepRule | null, };

/**
 * Order of the tags table.
 */
export type TagOrder = "newest" | "version" | "name";

/**
 * One tag. What is not known yet is absent; the UI asks for it with `resolve_tag` once the row is seen.
 */
export type TagRow = { 
/**
 * The tag's name.
 */
name: string, 
/**
 * Digest it points at, as last seen.
 */
digest: string | null, 
/**
 * When that became so.
 */
time: TimeFact | null, 
/**
 * Compressed bytes for this computer's platform, else of the first.
 */
size: number | null, 
/**
 * `os/architecture[/variant]`.
 */
platforms: Array<string>, 
/**
 * Commits known of this tag, the active one included.
 */
commits: number, 
/**
 * Whether the engine holds it.
 */
local: LocalMark, 
/**
 * True once the facts of this row were asked for in this refresh (so the cell stops being "soft").
 */
resolved: boolean, 
/**
 * Why its facts can't be shown, as a sentence.
 */
trouble: string | null, 
/**
 * True where a refresh found that the registry no longer has the tag.
 */
deleted: boolean, };

/**
 * One layer of a transfer.
 */
export type TaskItem = { 
/**
 * First 12 hex digits of the layer.
 */
id: string, 
/**
 * Bytes moved.
 */
done: number, 
/**
 * Bytes in all; 0 while unknown.
 */
total: number, 
/**
 * How it stands.
 */
state: ItemState, };

/**
 * Push or pull.
 */
export type TaskKind = "push" | "pull";

/**
 * How a transfer stands.
 */
export type TaskState = "waiting" | "running" | "done" | "failed" | "cancelled" | "interrupted";

/**
 * One transfer. A restarted app and a reloaded window find it again.
 */
export type TaskView = { 
/**
 * Stable id.
 */
id: string, 
/**
 * Push or pull.
 */
kind: TaskKind, 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The tag it is about.
 */
tag: string, 
/**
 * First 12 hex digits of the commit (pull) or image (push).
 */
short: string, 
/**
 * How it stands.
 */
state: TaskState, 
/**
 * Bytes moved.
 */
done: number, 
/**
 * Bytes in all; 0 while unknown.
 */
total: number, 
/**
 * Bytes a second over the last seconds; absent while unknown.
 */
rate: number | null, 
/**
 * One a layer.
 */
items: Array<TaskItem>, 
/**
 * What it led to.
 */
outcome: Outcome | null, 
/**
 * Why it failed.
 */
problem: Problem | null, 
/**
 * Seconds, UTC.
 */
startedAt: number, 
/**
 * Seconds, UTC.
 */
finishedAt: number | null, };

/**
 * A time and where it is from.
 */
export type TimeFact = { 
/**
 * Seconds since the epoch, UTC.
 */
at: number, 
/**
 * What happened then.
 */
kind: TimeKind, 
/**
 * Who says so.
 */
source: Source, };

/**
 * What a time tells.
 */
export type TimeKind = "since" | "by" | "built";
