// Generated from crates/app/src/view by `cargo xtask bindings`. Do not edit: a test compares it.

/**
 * One thing a registry can or cannot do.
 */
export type Ability = { 
/**
 * Which.
 */
what: Skill, 
/**
 * Yes, no, or not known yet.
 */
can: boolean | null, 
/**
 * How it is known, as a sentence.
 */
why: string, };

/**
 * What a repository says of itself, from the cache.
 */
export type AboutView = { 
/**
 * The registry was asked in this run or earlier.
 */
asked: boolean, 
/**
 * Digest of the about manifest; absent: there is none.
 */
digest: string | null, 
/**
 * Its words.
 */
words: AboutWords, 
/**
 * How it keeps.
 */
keep: KeepView, 
/**
 * What this registry can and cannot do, as far as is known.
 */
abilities: Array<Ability>, };

/**
 * The words of an about manifest; all of them bounded, none of them trusted.
 */
export type AboutWords = { 
/**
 * A short name.
 */
title: string | null, 
/**
 * A sentence or a few.
 */
description: string | null, 
/**
 * Who made it.
 */
authors: string | null, 
/**
 * When (seconds, UTC).
 */
created: number | null, };

/**
 * How an account stands.
 */
export type AccountState = "signedIn" | "signedInForSession" | "anonymous" | "signedOut" | "keychainUnavailable" | "fileClosed" | "signInChanged" | "sourceGone" | "sourceChanged" | "certificate";

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
 * The host as people read it, where it is a name in another alphabet: shown beside `host`, never in its place.
 */
readable: string | null, 
/**
 * The path of the registry that it is for alone, where it isn't for all of it.
 */
namespace: string | null, 
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
plainHttp: boolean, 
/**
 * Where its secret goes, as a person agreed to; empty for anonymous use, and where nobody was asked yet.
 */
ways: Array<WayView>, 
/**
 * Where the registry wants the secret sent now, in the state `signInChanged`: nothing is sent there without a yes.
 */
wanted: WayView | null, 
/**
 * Where another program notes its sign-in, which is read there each time it is used; absent where Longshore keeps it,
 * or nobody.
 */
source: FoundIn | null, 
/**
 * The programs of this computer that were signed in along with it.
 */
programs: Array<Program>, 
/**
 * What its registry told lately of how many requests it still takes; absent where it says nothing, or that is over.
 */
limit: LimitView | null, 
/**
 * What it has of its own to reach its registry: absent where it needs nothing.
 */
connection: ConnectionView | null, };

/**
 * Do it.
 */
export type ActiveOrder = { 
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
 * The whole digest it shall point at.
 */
digest: string, 
/**
 * What the sheet showed the tag pointing at; anything else stops with `TagMoved`.
 */
expected: string | null, 
/**
 * The answer about keeping.
 */
keep: KeepAnswer, 
/**
 * A new answer is stored in the repository, for everyone, where that may be done.
 */
shareRule: boolean, 
/**
 * The rule of the repository that the sheet showed and the person ticked, word for word (`asks` of the plan).
 */
allows: string | null, 
/**
 * The second yes: move the tag though the commit it leaves can't be kept.
 */
acceptLoss: boolean, };

/**
 * What would happen.
 */
export type ActivePlan = { 
/**
 * What the tag points at now; absent: the tag is deleted and would be there again.
 */
from: PushTarget | null, 
/**
 * What it would point at.
 */
to: PushTarget, 
/**
 * What differs and may not be meant, a sentence each, shown in amber.
 */
warnings: Array<string>, 
/**
 * How the commit the tag leaves is kept.
 */
keep: KeepPlan, };

/**
 * Asked when the sheet opens.
 */
export type ActiveQuestion = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The tag that is to move.
 */
tag: string, 
/**
 * The whole digest, or the commit tag where only that is known.
 */
commit: string, };

/**
 * What the person typed or pasted into the address field, read. Pure: nothing is contacted.
 */
export type AddressView = { 
/**
 * `host[:port]` as it will be used.
 */
host: string, 
/**
 * The host as people read it, where it is a name in another alphabet: shown beside `host`, never in its place.
 */
readable: string | null, 
/**
 * The namespace or repository path that stood behind the host, dropped with a word to the person.
 */
droppedPath: string | null, 
/**
 * The scheme that was typed: a wish, to be carried along with the host.
 */
typed: TypedScheme | null, 
/**
 * The user of a pasted `docker login` line or of `user@host`.
 */
user: string | null, 
/**
 * True where the pasted line held a secret too: the window then moves it to the secret field itself
 * with `take_login_secret`. A text that may hold one is out of the address field before this is asked.
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
row: TagRow, } | { "kind": "tagsListed", 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * A row a tag, in the registry's order.
 */
rows: Array<TagRow>, } | { "kind": "repositoriesListed", 
/**
 * Account id.
 */
account: string, 
/**
 * Their names, in the registry's order.
 */
names: Array<string>, } | { "kind": "reached", 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * What was told, one a commit.
 */
facts: Array<ReachFact>, } | { "kind": "show", 
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
 * Open the sheet *Make active* for this commit (whole digest).
 */
makeActive: string | null, } | { "kind": "checked", 
/**
 * The whole check, as far as it has come.
 */
check: CheckView, } | { "kind": "task", 
/**
 * The whole task.
 */
task: TaskView, } | { "kind": "build", 
/**
 * The task.
 */
task: string, 
/**
 * The steps that changed, whole.
 */
steps: Array<BuildStep>, 
/**
 * Bytes of the folder that have gone to the engine.
 */
sent: number, } | { "kind": "files", 
/**
 * How far it is.
 */
phase: FilesPhase, 
/**
 * What is dragged; empty where nobody says again.
 */
files: Array<Dropped>, 
/**
 * Where the pointer is in the window, in pixels before the text’s size.
 */
x: number, 
/**
 * Where the pointer is in the window, in pixels before the text’s size.
 */
y: number, } | { "kind": "closeAsked", 
/**
 * How many run or wait.
 */
running: number, };

/**
 * What can be set. Written whole whenever one of it changes.
 */
export type AppSettings = { 
/**
 * Light or dark.
 */
theme: ThemeChoice, 
/**
 * How large everything is drawn, in percent.
 */
textSize: number, 
/**
 * How long the watch waits between two rounds over one repository, in minutes.
 */
watchMinutes: number, 
/**
 * What a sheet proposes that is about to move a tag.
 */
pushKeeps: KeepProposal, 
/**
 * The address of the engine that is used; absent: the first that answers.
 */
engine: string | null, 
/**
 * The folder for exports; absent: the person's downloads.
 */
downloads: string | null, 
/**
 * Each request to a registry is written to a file.
 */
logRequests: boolean, };

/**
 * An argument of a Dockerfile.
 */
export type BuildArg = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it is where none is given.
 */
default: string | null, };

/**
 * What builds.
 */
export type BuildBy = { "kind": "buildx", 
/**
 * Its version.
 */
version: string, } | { "kind": "engine", 
/**
 * Why not BuildKit.
 */
why: string, };

/**
 * How far a build is, as far as it is remembered.
 */
export type BuildLog = { 
/**
 * Something of it is remembered; false where it ran in an earlier run, or never began.
 */
known: boolean, 
/**
 * Its steps.
 */
steps: Array<BuildStep>, 
/**
 * Bytes of the folder that have gone to the engine.
 */
sent: number, };

/**
 * Build now.
 */
export type BuildOrder = { 
/**
 * The folder, whole.
 */
folder: string, 
/**
 * The Dockerfile's path in it.
 */
dockerfile: string, 
/**
 * The stage to stop at; absent: the last.
 */
target: string | null, 
/**
 * The arguments that are given.
 */
args: Array<BuildValue>, 
/**
 * Files that steps may read, where BuildKit builds.
 */
secrets: Array<BuildSecret>, 
/**
 * The engine's own builder builds, also where BuildKit could.
 */
engineBuilder: boolean, 
/**
 * The platform; absent: the engine's own.
 */
platform: string | null, 
/**
 * Nothing of earlier builds is used.
 */
noCache: boolean, 
/**
 * The name on this computer, with its tag; absent: none.
 */
name: string | null, 
/**
 * It moves here from another image, which stays without it.
 */
moveName: boolean, 
/**
 * The push that follows.
 */
then: ThenPush | null, };

/**
 * What a build would read.
 */
export type BuildPlan = { 
/**
 * The folder, whole.
 */
folder: string, 
/**
 * Its own name.
 */
name: string, 
/**
 * The Dockerfile's path in it.
 */
dockerfile: string, 
/**
 * The Dockerfiles that lie in it, at most 50.
 */
dockerfiles: Array<string>, 
/**
 * The stages that have a name.
 */
stages: Array<string>, 
/**
 * The arguments that can be given.
 */
args: Array<BuildArg>, 
/**
 * Files that go to the engine.
 */
files: number, 
/**
 * Their bytes.
 */
bytes: number, 
/**
 * There are more; they were not counted to the end.
 */
cut: boolean, 
/**
 * What builds.
 */
builder: BuildBy, 
/**
 * The platforms that are offered, `os/architecture[/variant]`; the engine's own first.
 */
platforms: Array<string>, };

/**
 * Asked when a folder is typed, chosen or dropped.
 */
export type BuildQuestion = { 
/**
 * The folder as it was typed; it may begin with `~`.
 */
folder: string, 
/**
 * The Dockerfile's path in it; absent: the one that is usual.
 */
dockerfile: string | null, };

/**
 * A file that steps may read and that stays out of the image.
 */
export type BuildSecret = { 
/**
 * What steps ask for it by.
 */
id: string, 
/**
 * The file, whole or beginning with `~`.
 */
file: string, };

/**
 * One step of a build.
 */
export type BuildStep = { 
/**
 * Names it among the steps of its build; steps stand in this order.
 */
key: number, 
/**
 * Which one it is, where it is counted.
 */
number: number | null, 
/**
 * Of how many.
 */
of: number | null, 
/**
 * The stage it belongs to, where that is told: "1/2".
 */
stage: string | null, 
/**
 * Its line of the Dockerfile.
 */
text: string, 
/**
 * How it stands.
 */
state: StepState, 
/**
 * When it began (seconds, UTC).
 */
began: number, 
/**
 * How long it took; absent while it runs, and where an earlier build's was taken.
 */
seconds: number | null, 
/**
 * The last lines that it printed, at most 500.
 */
lines: Array<string>, 
/**
 * Lines before them that are not kept.
 */
more: number, };

/**
 * An argument that is given.
 */
export type BuildValue = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its value. It stays readable in the image.
 */
value: string, };

/**
 * The certificate that a host presents; all its texts are the host's own, as plain text.
 */
export type CertificateView = { 
/**
 * `host[:port]` that presents it.
 */
host: string, 
/**
 * True where that is a token service of the registry that was meant.
 */
ofService: boolean, 
/**
 * What is wrong with it, a sentence each; empty where it is trusted.
 */
wrong: Array<string>, 
/**
 * True where another one was trusted for this host alone.
 */
changed: boolean, 
/**
 * Whom it is for, as it says.
 */
subject: string, 
/**
 * Who gave it, as it says.
 */
issuer: string, 
/**
 * The hosts it is for, at most 50.
 */
names: Array<string>, 
/**
 * From when on it is good (seconds, UTC).
 */
from: number, 
/**
 * Until when it is good (seconds, UTC).
 */
until: number, 
/**
 * Its SHA-256, `AB:CD:…`.
 */
fingerprint: string, };

/**
 * What changed in a container since its image.
 */
export type ChangeCount = { 
/**
 * Files and folders that are new.
 */
added: number, 
/**
 * Files that are others.
 */
modified: number, 
/**
 * Files and folders that are gone.
 */
deleted: number, 
/**
 * The first of them by path.
 */
first: Array<FileChange>, 
/**
 * How many there are beyond those.
 */
more: number, };

/**
 * What happened to a file.
 */
export type ChangeKind = "added" | "modified" | "deleted";

/**
 * One thing that was asked.
 */
export type CheckLine = { 
/**
 * What.
 */
probe: Probe, 
/**
 * How it came out.
 */
mark: CheckMark, 
/**
 * The answer, as a sentence.
 */
said: string, 
/**
 * The other side's own words.
 */
detail: string | null, 
/**
 * The request that was answered so, and its status; for whoever runs the registry.
 */
asked: string | null, };

/**
 * How a line came out.
 */
export type CheckMark = "good" | "warn" | "bad" | "no" | "unknown" | "asking";

/**
 * A check, as far as it has come.
 */
export type CheckView = { 
/**
 * Account id.
 */
account: string, 
/**
 * The repository in which it asked; absent: none is known.
 */
repository: string | null, 
/**
 * When it began (seconds, UTC).
 */
askedAt: number, 
/**
 * In their order; those that were not asked yet say so.
 */
lines: Array<CheckLine>, 
/**
 * It goes on.
 */
running: boolean, };

/**
 * The files of a certificate and its key; they stay where they are.
 */
export type ClientFiles = { 
/**
 * Path of the certificate, its chain behind it.
 */
certificate: string, 
/**
 * Path of its key.
 */
key: string, };

/**
 * What the UI branches on.
 */
export type Code = "other" | "address" | "signIn" | "signInChanged" | "noAnswer" | "ended" | "plainHttp" | "certificate" | "clientCertificate" | "certificateFile" | "proxy" | "keychain" | "secondSignIn" | "encryptedFile" | "program" | "noEngine" | "notKept" | "nameTaken" | "tagMoved" | "changed" | "notAsked";

/**
 * How wide a column was drawn.
 */
export type ColumnWidth = { 
/**
 * The table it stands in.
 */
table: string, 
/**
 * The column.
 */
column: string, 
/**
 * Its width, in pixels of the text's size.
 */
width: number, };

/**
 * What a person lets be run for an account.
 */
export type CommandOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * What the repositories that it tells stand under; absent: it names that itself.
 */
organisation: string | null, };

/**
 * A vendor's own command, which may be run for an account.
 */
export type CommandView = { 
/**
 * Its name on the PATH.
 */
program: string, 
/**
 * It is there.
 */
isThere: boolean, 
/**
 * A person let it run for this account.
 */
mayRun: boolean, 
/**
 * What the repositories that it tells stand under, as a person said it, or as it is known of the account.
 */
organisation: string | null, 
/**
 * Why it did not do what it was last run for.
 */
problem: Problem | null, };

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
 * Make an image of a container now.
 */
export type CommitOrder = { 
/**
 * The engine's id of the container.
 */
container: string, 
/**
 * What it is called.
 */
called: string, 
/**
 * The name on this computer, with its tag; absent: none.
 */
name: string | null, 
/**
 * The name may be taken from another image.
 */
moveName: boolean, 
/**
 * Whoever made it; may be empty.
 */
author: string, 
/**
 * What was done; may be empty.
 */
message: string, 
/**
 * Its programs are held while it is read.
 */
pause: boolean, 
/**
 * Lines of a Dockerfile that change how the image is run.
 */
lines: Array<string>, 
/**
 * The push that follows.
 */
then: ThenPush | null, };

/**
 * A container that may become an image.
 */
export type CommitPlan = { 
/**
 * The engine's id of it.
 */
container: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its image's id, `sha256:…`.
 */
imageId: string, 
/**
 * Its programs run, and can be held while it is read.
 */
running: boolean, 
/**
 * What changed in it since its image; absent where the engine could not tell soon.
 */
changed: ChangeCount | null, 
/**
 * Where volumes and folders of the computer lie in it, at most 8: what is there stays out.
 */
mounts: Array<string>, 
/**
 * How many there are beyond those.
 */
moreMounts: number, 
/**
 * The first words of the lines that can change how the image is run.
 */
lines: Array<string>, };

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
 * The whole digest; absent while nobody but a commit tag tells of it that was not asked yet.
 */
digest: string | null, 
/**
 * Then the whole digest that the commit tag claims, where its name carries all of one.
 */
claims: string | null, 
/**
 * The tag points at it now.
 */
active: boolean, 
/**
 * The commit tag that keeps it, or that says so.
 */
commitTag: string | null, 
/**
 * True where it is kept: the registry was asked for the commit tag, and showed this very commit.
 */
kept: boolean, 
/**
 * True where a commit tag alone tells of it, and this computer saw another commit there at that time.
 */
contradicted: boolean, 
/**
 * When it became active.
 */
time: TimeFact | null, 
/**
 * Who made it active, where that is known.
 */
by: Person | null, 
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
 * True where its commit tag points at another manifest than its name says.
 */
mismatch: boolean, 
/**
 * Compressed bytes, as for a tag.
 */
size: number | null, 
/**
 * `os/architecture[/variant]`, at most 64; then what else is to say of them, such as how many more there are.
 */
platforms: Array<string>, 
/**
 * Whether the engine holds it; absent while no engine has said, or none answers.
 */
onThisComputer: boolean | null, 
/**
 * `host/ns/name:tag` where a tag (its own while active, its commit tag when kept) names it.
 */
tagPath: string | null, 
/**
 * `host/ns/name@sha256:…`.
 */
digestPath: string | null, };

/**
 * What a person gives so that a registry can be reached: it counts for that registry alone.
 */
export type ConnectionOrder = { 
/**
 * The account whose own it goes on with; what else is given takes the place of that.
 */
kept?: string, 
/**
 * It has nothing of its own any more that is trusted or shown.
 */
forget?: boolean, 
/**
 * Path of the file of its authority.
 */
authority?: string, 
/**
 * The fingerprint of the one certificate that is trusted as it is.
 */
trusted?: string, 
/**
 * What is shown to it where it asks who connects.
 */
client?: ClientFiles, 
/**
 * The one certificate each that is trusted as it is at a token service of it.
 */
services?: Array<ServiceTrust>, 
/**
 * Through whom it is reached.
 */
proxy?: ProxyOrder, };

/**
 * What an account has of its own to reach its registry.
 */
export type ConnectionView = { 
/**
 * The file that its authority was read from.
 */
authority: string | null, 
/**
 * The fingerprint of the one certificate that is trusted.
 */
trusted: string | null, 
/**
 * What is shown to it.
 */
client: ClientFiles | null, 
/**
 * What is trusted at its token services.
 */
services: Array<ServiceTrust>, 
/**
 * Through whom it is reached; absent: as the system says.
 */
proxy: ProxyView | null, };

/**
 * What costs the engine some work to tell of a container: it is asked for rows in sight.
 */
export type ContainerFacts = { 
/**
 * The engine's id of it.
 */
id: string, 
/**
 * When it was started last (seconds, UTC).
 */
started: number | null, 
/**
 * When it ended last (seconds, UTC); absent while it runs.
 */
finished: number | null, 
/**
 * What changed in it since its image; absent where the engine could not tell soon.
 */
changed: ChangeCount | null, };

/**
 * One row of *Containers*.
 */
export type ContainerRow = { 
/**
 * The engine's id of it.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its image as the engine calls it; the image's first 12 digits where that name has moved on.
 */
image: string, 
/**
 * The image's id, `sha256:…`.
 */
imageId: string, 
/**
 * How it stands.
 */
state: ContainerState, 
/**
 * When it was made (seconds, UTC).
 */
created: number | null, 
/**
 * What is known of its image in the registries; absent where the engine no longer lists the image.
 */
place: ImagePlace | null, };

/**
 * How a container stands.
 */
export type ContainerState = "created" | "running" | "paused" | "restarting" | "stopped" | "removing" | "dead" | "other";

/**
 * A new repository.
 */
export type CreateOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * May be empty.
 */
title: string, 
/**
 * May be empty.
 */
description: string, 
/**
 * How it shall keep, stored in the repository; absent: not said.
 */
keep: KeepRule | null, 
/**
 * Whether only some may see it, where the registry's own interface makes it; absent: as the registry has it.
 */
private?: boolean | null, };

/**
 * One item that failed.
 */
export type DeleteFailure = { 
/**
 * Its name or first 12 digits.
 */
name: string, 
/**
 * Why.
 */
problem: Problem, };

/**
 * One thing to delete.
 */
export type DeleteItem = { "kind": "tag", 
/**
 * Its name.
 */
name: string, } | { "kind": "commit", 
/**
 * The whole digest.
 */
digest: string, };

/**
 * One item of the order.
 */
export type DeleteNow = { 
/**
 * What.
 */
item: DeleteItem, 
/**
 * What the sheet showed.
 */
expected: string, 
/**
 * The names the sheet showed a commit to have; one that it has got since stops the deletion.
 */
names: Array<string>, };

/**
 * Do it.
 */
export type DeleteOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * What shall go, each with the digest the sheet showed; one that points elsewhere now is left alone.
 */
items: Array<DeleteNow>, };

/**
 * What came of it.
 */
export type DeleteOutcome = { 
/**
 * How many went (or, after *Undo*, are back).
 */
done: number, 
/**
 * What could not be done, and why.
 */
failed: Array<DeleteFailure>, 
/**
 * What *Undo* is asked for with; absent: nothing can be undone.
 */
undo: string | null, 
/**
 * What the person should know besides.
 */
notes: Array<Note>, };

/**
 * What would happen.
 */
export type DeletePlan = { 
/**
 * One an item, in the order asked.
 */
items: Array<PlannedDelete>, 
/**
 * What else goes.
 */
goes: Array<Effect>, 
/**
 * What stays although one might think otherwise.
 */
stays: Array<Effect>, 
/**
 * What could not be checked, a sentence each.
 */
unchecked: Array<string>, 
/**
 * Bytes that nothing else in this repository uses: freed at the registry's next clean-up, at most.
 */
freed: number, 
/**
 * Bytes that stay, because something else in this repository uses them.
 */
shared: number, 
/**
 * How it is done where that is not plain, as a sentence ("This registry deletes by digest only. …").
 */
how: string | null, 
/**
 * Why nothing can be deleted here, as a sentence.
 */
impossible: string | null, 
/**
 * True where *Undo* can put everything back while the layers are there.
 */
canUndo: boolean, };

/**
 * Asked when the sheet opens.
 */
export type DeleteQuestion = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * What shall go.
 */
items: Array<DeleteItem>, };

/**
 * Changes what a repository says of itself.
 */
export type DescribeOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * May be empty.
 */
title: string, 
/**
 * May be empty.
 */
description: string, 
/**
 * The about manifest the sheet was filled from; another one there now stops with `TagMoved`.
 */
expected: string | null, 
/**
 * The description the sheet was filled with, empty where there was none; another one there now stops with `Changed`.
 */
shown: string, };

/**
 * Something that was dropped on the window, or chosen.
 */
export type Dropped = { 
/**
 * Where it is, whole.
 */
path: string, 
/**
 * Its own name.
 */
name: string, 
/**
 * What it is.
 */
kind: DroppedKind, 
/**
 * A folder that has a Dockerfile.
 */
dockerfile: boolean, 
/**
 * Why nothing can be made of it; absent where something can.
 */
why: string | null, };

/**
 * What something is that was dropped.
 */
export type DroppedKind = "folder" | "archive" | "other";

/**
 * Something else that a deletion touches, or might be thought to.
 */
export type Effect = { 
/**
 * What it is.
 */
kind: EffectKind, 
/**
 * A tag's name; for a manifest its first 12 digits.
 */
name: string, 
/**
 * The whole digest.
 */
digest: string | null, 
/**
 * What happens to it, as a sentence where the kind says too little.
 */
note: string | null, };

/**
 * What an effect is about.
 */
export type EffectKind = "tag" | "commitTag" | "commit" | "index" | "platform" | "referrer";

/**
 * The encrypted file of secrets.
 */
export type EncryptedFileView = { 
/**
 * True where there is one.
 */
there: boolean, 
/**
 * True where its passphrase was given in this run.
 */
open: boolean, 
/**
 * True where a sign-in may be kept there: there is one, or the last that was to be kept found no keychain at all.
 */
offered: boolean, };

/**
 * Who says that there is an engine.
 */
export type EngineOrigin = "set" | "variable" | "context" | "known";

/**
 * Where an engine is.
 */
export type EnginePlace = { "kind": "here", 
/**
 * Its address.
 */
address: string, } | { "kind": "other", 
/**
 * Which one.
 */
host: string, 
/**
 * How it is reached.
 */
way: EngineWay, };

/**
 * An engine that a person can choose, or send an order to.
 */
export type EngineRow = { 
/**
 * What it is known by: `context:NAME`, else its address.
 */
id: string, 
/**
 * What it is called: its context, its product, else its address.
 */
name: string, 
/**
 * Where it is.
 */
place: EnginePlace, 
/**
 * Who says that there is one.
 */
origin: EngineOrigin, 
/**
 * It is the one that is used.
 */
used: boolean, 
/**
 * The person chose it.
 */
chosen: boolean, 
/**
 * How it answered when it was last asked.
 */
state: EngineState, };

/**
 * How an engine answered.
 */
export type EngineState = { "kind": "notAsked" } | { "kind": "asking" } | { "kind": "answers", 
/**
 * "Docker" or "Podman".
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
platform: string, } | { "kind": "silent", 
/**
 * Why, with the next step.
 */
problem: Problem, };

/**
 * The engine, or why there is none.
 */
export type EngineView = { "kind": "ready", 
/**
 * What it is known by, as the list of engines has it.
 */
id: string, 
/**
 * Where it is.
 */
place: EnginePlace, 
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
platform: string, 
/**
 * The registries, and networks of them, which it may reach without TLS or with a certificate that nobody vouches for; this
 * computer's own left out.
 */
insecure: Array<string>, 
/**
 * That it is used in another's place, which is gone, and what to do; or that it has its own again. A sentence each;
 * empty: it is the one to use.
 */
instead: Array<string>, } | { "kind": "absent", 
/**
 * What was tried, as a sentence with the next step.
 */
problem: Problem, };

/**
 * How an engine on another computer is reached.
 */
export type EngineWay = "ssh" | "tls" | "plain";

/**
 * An export was written.
 */
export type Exported = { 
/**
 * The file.
 */
path: string, 
/**
 * Facts in it.
 */
facts: number, };

/**
 * One file or folder of a container that isn't as in its image.
 */
export type FileChange = { 
/**
 * Its path, made fit to show.
 */
path: string, 
/**
 * What happened to it.
 */
kind: ChangeKind, };

/**
 * How far a drag of files is.
 */
export type FilesPhase = "enter" | "over" | "drop" | "leave";

/**
 * How a name answers what was typed, the best way first.
 */
export type Fit = "exact" | "beginning" | "word" | "inside" | "letters";

/**
 * Who was asked for public images.
 */
export type FoundBy = "hub" | "engine";

/**
 * Where a registry was found.
 */
export type FoundIn = "dockerConfig" | "dockercfg" | "podman" | "environment" | "sandbox";

/**
 * A repository, or a tag of one, whose name answers what was typed.
 */
export type FoundName = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The tag; absent: the repository itself was found.
 */
tag: string | null, 
/**
 * How it answers.
 */
fit: Fit, };

/**
 * A registry found on this computer.
 */
export type FoundRegistry = { 
/**
 * `host[:port]`.
 */
host: string, 
/**
 * The part of the registry that the sign-in is for, where it is not for all of it.
 */
namespace: string | null, 
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
source: FoundIn, 
/**
 * The credential helper that is asked when it is used, where one keeps it.
 */
helper: string | null, 
/**
 * What is handed back where this sign-in is picked; absent where only the registry is known, and for the sandbox.
 */
from: string | null, };

/**
 * How a registry of this computer stands.
 */
export type HostedState = "running" | "stopped" | "unknown";

/**
 * A registry that was started on this computer.
 */
export type HostedView = { 
/**
 * What it is known by.
 */
id: string, 
/**
 * `127.0.0.1:port`, as its accounts have it.
 */
host: string, 
/**
 * What runs it.
 */
by: HostingBy, 
/**
 * The image, or the program.
 */
name: string, 
/**
 * The folder of its data.
 */
folder: string, 
/**
 * How it stands.
 */
state: HostedState, 
/**
 * Why it doesn't run although nobody stopped it here, with its last lines; or why that isn't known.
 */
problem: Problem | null, };

/**
 * What runs a registry.
 */
export type HostingBy = "engine" | "program";

/**
 * A folder that was typed for a registry's data.
 */
export type HostingFolder = { 
/**
 * What a person should know of it: a registry's data is in it already, say.
 */
note: string | null, 
/**
 * Why it can't be used.
 */
problem: Problem | null, };

/**
 * An image of a registry.
 */
export type HostingImage = { 
/**
 * Its name, as the engine is asked for it.
 */
name: string, 
/**
 * Where it is downloaded from first; absent where the engine has it.
 */
from: string | null, };

/**
 * A registry to be started. User and secret both empty: it lets everyone on this computer in.
 */
export type HostingOrder = { 
/**
 * What runs it, by its id.
 */
way: string, 
/**
 * The engine's image; absent for a program.
 */
image: string | null, 
/**
 * The folder of its data.
 */
folder: string, 
/**
 * The port, of 127.0.0.1 alone.
 */
port: number, 
/**
 * May be empty.
 */
user: string, 
/**
 * May be empty.
 */
secret: string, 
/**
 * Where the secret is kept.
 */
keep: Keep, };

/**
 * What the sheet shows before a registry is started.
 */
export type HostingPlan = { 
/**
 * What may run it, the likeliest first; empty: nothing here can.
 */
ways: Array<HostingWay>, 
/**
 * What stands in the way of others, and what to do.
 */
problems: Array<Problem>, 
/**
 * A folder for its data that is not there yet.
 */
folder: string, 
/**
 * A port of this computer that is free.
 */
port: number, };

/**
 * What may run a registry on this computer.
 */
export type HostingWay = { 
/**
 * What is handed back where it is chosen.
 */
id: string, 
/**
 * What kind of thing it is.
 */
by: HostingBy, 
/**
 * "Docker 20.10.24", "docker-registry 2.8.2".
 */
name: string, 
/**
 * The engine's images of registries, the best first; the first may have to be downloaded.
 */
images: Array<HostingImage>, 
/**
 * What a person should know before choosing it, a sentence each.
 */
notes: Array<string>, };

/**
 * What costs the engine some work to tell of an image: it is asked for rows in sight.
 */
export type ImageFacts = { 
/**
 * The image's id, `sha256:…`.
 */
id: string, 
/**
 * Its platforms that are here, `os/architecture`.
 */
platforms: Array<string>, };

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
tag: string, } | { "kind": "newer", 
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
of: number, 
/**
 * Seconds from when it became active to when the active one did, where both are known.
 */
behind: number | null, };

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
 * The digests it has in registries, `host/ns/name@sha256:…`; a few of them.
 */
digests: Array<string>, 
/**
 * Its platforms that are here, `os/architecture`; empty: not known yet.
 */
platforms: Array<string>, 
/**
 * Which containers use it; absent where the engine doesn't tell.
 */
usedBy: UsedBy | null, 
/**
 * It has no name, and no image is made on top of it.
 */
dangling: boolean, 
/**
 * What is known of it in the registries of the sidebar.
 */
place: ImagePlace, };

/**
 * How an image's size is made up: asked once the list stands there, as it costs the engine some work.
 */
export type ImageSize = { 
/**
 * The image's id, `sha256:…`.
 */
id: string, 
/**
 * Bytes that other images hold as well.
 */
shared: number, 
/**
 * Bytes that this image alone holds.
 */
unique: number, };

/**
 * How an engine stores images.
 */
export type ImageStore = "graphDriver" | "containerd";

/**
 * An import was read.
 */
export type Imported = { 
/**
 * Facts that are new here.
 */
added: number, 
/**
 * Facts that were known already.
 */
known: number, 
/**
 * Repositories they are of.
 */
repositories: number, 
/**
 * Lines that could not be read, a sentence each with the line's number; at most twenty.
 */
unread: Array<string>, 
/**
 * How many lines could not be read in all.
 */
unreadCount: number, };

/**
 * What can't be done at an account's registry, as it was learnt: so it isn't offered, and says why.
 */
export type Impossible = { 
/**
 * What.
 */
act: ImpossibleAct, 
/**
 * In which repository; absent: in all.
 */
repository: string | null, 
/**
 * Why, as a sentence.
 */
why: string, };

/**
 * What may be impossible.
 */
export type ImpossibleAct = "delete" | "deleteCommit" | "write";

/**
 * How a layer stands.
 */
export type ItemState = "waiting" | "moving" | "retrying" | "unpacking" | "exists" | "done";

/**
 * Where a person wants a secret kept.
 */
export type Keep = { "kind": "keychain" } | { "kind": "session" } | { "kind": "encryptedFile", 
/**
 * Its passphrase, or that of the new one; absent where it is open.
 */
passphrase: string | null, };

/**
 * The person's answer in the sheet.
 */
export type KeepAnswer = "byRule" | "eachOverwrite" | "everyPush" | "justThis" | "off" | "notThis";

/**
 * Keep one commit by hand.
 */
export type KeepCommitOrder = { 
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
 * The whole digest.
 */
digest: string, };

/**
 * Changes how a repository keeps.
 */
export type KeepOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The rule.
 */
rule: KeepRule, 
/**
 * How long.
 */
prune: Prune, 
/**
 * Keep by itself what someone else displaces.
 */
rescue: boolean, 
/**
 * Stored in the repository, for everyone; else on this computer. *Off*, on this computer, where the
 * repository has a rule: this person's own *off*.
 */
share: boolean, };

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
 * Until when it stays then, where the registry is known to count that from the moment its tag leaves it (seconds, UTC).
 */
until?: number, 
/**
 * What could remove a commit tag here later, as a sentence.
 */
caution: string, } | { "kind": "rule", 
/**
 * The rule.
 */
rule: KeepRule, 
/**
 * Who set it.
 */
setBy: RuleFrom, 
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
without: string, 
/**
 * Until when it stays then, as above (seconds, UTC).
 */
until?: number, 
/**
 * The rule word for word, where it is the repository's and this computer was not allowed to follow it by itself:
 * the sheet's tick is the yes for this time.
 */
asks: string | null, } | { "kind": "impossible", 
/**
 * Why, as a sentence.
 */
why: string, };

/**
 * Whether the box that keeps the old version is ticked when a sheet opens.
 */
export type KeepProposal = "asFits" | "always" | "never";

/**
 * How a repository keeps the commits its tags leave behind; what writes less stands first.
 */
export type KeepRule = "off" | "on-request" | "overwrite" | "push";

/**
 * How a repository keeps.
 */
export type KeepView = { 
/**
 * The rule that holds here; absent: nobody was asked yet.
 */
rule: KeepRule | null, 
/**
 * Who set it.
 */
setBy: RuleFrom, 
/**
 * How long commits are kept.
 */
prune: Prune, 
/**
 * Commits that someone else displaced are kept by themselves, once a tag and digest.
 */
rescue: boolean, 
/**
 * The repository has a rule, and this person said *off* for themselves.
 */
offForMe: boolean, 
/**
 * The rule that fits this registry.
 */
fitting: KeepRule, 
/**
 * The repository's rule, where this computer would write by itself because of it; absent: there is nothing to allow.
 */
consent: RuleConsent | null, 
/**
 * What others see and what may still remove a commit tag here, in sentences.
 */
caution: string, };

/**
 * A vendor that an account's registry may be said to be of.
 */
export type KindChoice = { 
/**
 * The vendor.
 */
vendor: VendorId, 
/**
 * Why it can't be chosen, as a sentence.
 */
why: string | null, };

/**
 * How a part works.
 */
export type KindMeans = "native" | "byProtocol" | "byCommitTags" | "impossible";

/**
 * What a person says an account's registry is.
 */
export type KindOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * Whose it is; absent: what it answers counts again.
 */
vendor: VendorId | null, };

/**
 * What a vendor's interface may have beside the protocol.
 */
export type KindPart = "list" | "describe" | "create" | "tagFacts" | "history" | "deleteTag" | "deleteCommit" | "restore";

/**
 * How one part works with a vendor.
 */
export type KindPartView = { 
/**
 * The part.
 */
part: KindPart, 
/**
 * How it works.
 */
means: KindMeans, 
/**
 * Why it doesn't, as a sentence.
 */
why: string | null, };

/**
 * Whose registry an account is at.
 */
export type KindView = { 
/**
 * Whose it is by what it answers; absent: it was not asked lately.
 */
recognised: VendorId | null, 
/**
 * What a person chose instead, which counts until they take it back.
 */
chosen: VendorId | null, 
/**
 * How each part works with the vendor that counts, in the order of every table.
 */
parts: Array<KindPartView>, 
/**
 * Who may see a new repository is chosen as it is made by the interface of the vendor that counts.
 */
takesPrivate: boolean, 
/**
 * The vendors that a person can choose from.
 */
choices: Array<KindChoice>, 
/**
 * The command that the interface of the vendor that counts is; absent where it has another one, or none.
 */
command: CommandView | null, };

/**
 * Where a repository is known from that its registry didn't list, the surest first.
 */
export type KnownFrom = "typed" | "image" | "container" | "compose" | "seen";

/**
 * A repository that its registry didn't list.
 */
export type KnownRepository = { 
/**
 * `namespace/name`.
 */
name: string, 
/**
 * Where it is known from.
 */
from: KnownFrom, };

/**
 * One lane.
 */
export type Lane = { 
/**
 * The tag; absent: all the others share it.
 */
tag: string | null, 
/**
 * The registry no longer has the tag; its lane has no filled dot.
 */
deleted: boolean, };

/**
 * Why a repository is proposed, the best reason first.
 */
export type Likely = "pushed" | "pulled" | "namePushed" | "named" | "sameName" | "recent";

/**
 * A repository where an image may be meant to go.
 */
export type LikelyPlace = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The tag that the image, else an image of its name, last went to or came from there.
 */
tag: string | null, 
/**
 * Why it is proposed.
 */
why: Likely, 
/**
 * When that was (seconds, UTC).
 */
at: number | null, };

/**
 * How many requests a registry still takes.
 */
export type LimitView = { 
/**
 * How many are left.
 */
left: number, 
/**
 * Of how many.
 */
of: number, 
/**
 * True where pulls are counted, and not requests of every kind.
 */
pulls: boolean, 
/**
 * In which span they are counted (seconds), where that is known.
 */
window: number | null, 
/**
 * When the count begins anew (seconds, UTC), where that is known.
 */
until: number | null, 
/**
 * True where so little is left that a person should know.
 */
low: boolean, };

/**
 * What is pasted as another tool's listing of a repository's commits.
 */
export type ListingOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * The repository that is open.
 */
repository: string, 
/**
 * What was pasted.
 */
text: string, };

/**
 * What a listing tells, before anything of it is stored.
 */
export type ListingView = { 
/**
 * The repository that it goes into.
 */
repository: string, 
/**
 * That is another one than the one that is open: the command before the listing names it.
 */
isOther: boolean, 
/**
 * Commits of tags that could be read.
 */
commits: number, 
/**
 * Tags they are of.
 */
tags: number, 
/**
 * Commits whose time names no zone, and is taken as UTC.
 */
withoutZone: number, 
/**
 * Lines that could not be read, a sentence each with the line's number; at most twenty.
 */
unread: Array<string>, 
/**
 * How many lines could not be read in all.
 */
unreadCount: number, };

/**
 * Load an archive.
 */
export type LoadOrder = { 
/**
 * The file, whole.
 */
path: string, 
/**
 * The names of other images that move, as the sheet said.
 */
moves: Array<string>, };

/**
 * What loading an archive would bring.
 */
export type LoadPlan = { 
/**
 * The file, whole.
 */
path: string, 
/**
 * Its length.
 */
bytes: number, 
/**
 * The names of its images, at most 20; absent where it doesn’t tell them before it is loaded.
 */
names: Array<string> | null, 
/**
 * Names beyond those.
 */
more: number, 
/**
 * Names that other images bear here, and would lose.
 */
taken: Array<TakenName>, };

/**
 * Images that came out of an archive.
 */
export type Loaded = { 
/**
 * Their names, or the first digits of what has none, at most 20.
 */
names: Array<string>, 
/**
 * Names beyond those.
 */
more: number, 
/**
 * What the person should know besides.
 */
notes: Array<Note>, };

/**
 * Whether, and how, the engine holds a tag's commit.
 */
export type LocalMark = { "kind": "unknown" } | { "kind": "none" } | { "kind": "same" } | { "kind": "older", 
/**
 * 2 = the one before the active.
 */
position: number, 
/**
 * Known commits.
 */
of: number, 
/**
 * Seconds from when it became active to when the active one did, where both are known.
 */
behind: number | null, };

/**
 * An image that was made here.
 */
export type Made = { 
/**
 * The image's id.
 */
image: string, 
/**
 * The name it got on this computer, where it got one.
 */
name: string | null, 
/**
 * A push follows.
 */
then: boolean, 
/**
 * The engine that has it.
 */
engine: string | null, 
/**
 * The task of the push that follows.
 */
next: string | null, 
/**
 * What the person should know besides.
 */
notes: Array<Note>, };

/**
 * A dot on a lane.
 */
export type Mark = { 
/**
 * Index of the lane.
 */
lane: number, 
/**
 * The tag (several share the lane of the others).
 */
tag: string, 
/**
 * Key of this entry in the tag's own list ([`CommitRow::key`]).
 */
key: string, 
/**
 * The tag points at it now.
 */
active: boolean, 
/**
 * The commit tag that keeps it for this tag, or that says so.
 */
commitTag: string | null, 
/**
 * True where it is kept: the registry was asked for that commit tag, and showed this very commit.
 */
kept: boolean, 
/**
 * When this tag came to point at it.
 */
time: TimeFact | null, 
/**
 * When it ceased to, where known (seconds, UTC).
 */
until: number | null, };

/**
 * What the person said to a moved tag.
 */
export type MoveAnswer = "keep" | "dismiss";

/**
 * A tag that someone else moved.
 */
export type MoveView = { 
/**
 * Stable id.
 */
id: string, 
/**
 * The tag.
 */
tag: string, 
/**
 * The whole digest it pointed at.
 */
from: string, 
/**
 * The whole digest it points at; absent: it was deleted.
 */
to: string | null, 
/**
 * When it was noticed, by the registry's clock (seconds, UTC).
 */
at: number, 
/**
 * The tag is watched.
 */
watched: boolean, 
/**
 * A commit tag keeps the old commit: the registry showed it.
 */
kept: boolean, 
/**
 * Why a rule could not keep the old commit, or not yet, as a sentence.
 */
trouble: string | null, 
/**
 * Whether the old commit can still be fetched.
 */
reach: Reach, };

/**
 * What is watched in a repository, and what moved there and was not answered yet, newest first.
 */
export type Moves = { 
/**
 * What is watched.
 */
watch: WatchView, 
/**
 * What moved.
 */
rows: Array<MoveView>, };

/**
 * The person's answer where a local name is another image's.
 */
export type NameAnswer = "unasked" | "move" | "leave";

/**
 * An image that bears a name which another is to get.
 */
export type NameBearer = { 
/**
 * First 12 hex digits of its id.
 */
short: string, 
/**
 * It has another name besides.
 */
others: boolean, };

/**
 * Gives an image one more name on this computer.
 */
export type NameOrder = { 
/**
 * The image's id, `sha256:…`.
 */
image: string, 
/**
 * The whole name, with its tag.
 */
name: string, 
/**
 * The name may be taken from another image.
 */
moveName: boolean, };

/**
 * Asked while a name for an image is typed.
 */
export type NameQuestion = { 
/**
 * The image that is to bear it, `sha256:…`.
 */
image: string, 
/**
 * The registry that it speaks of; absent: none was chosen, and what is typed may name one.
 */
host: string | null, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The tag.
 */
tag: string, };

/**
 * What was typed, as a name.
 */
export type NameView = { 
/**
 * The whole name as engines write it; empty where it can be none.
 */
name: string, 
/**
 * Why it can be none, or why its registry would not take it.
 */
problem: Problem | null, 
/**
 * Another image that bears it.
 */
taken: NameBearer | null, };

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
 * Where the secret is kept.
 */
keep: Keep, 
/**
 * The ways that the sheet showed, and no other, may a secret go.
 */
agreed: Array<string>, 
/**
 * The sign-in that was picked among those found, by its `from`: it stays where it is. User and secret are empty then.
 */
from?: string, 
/**
 * What the registry is reached by; absent: as before, or as this computer trusts it.
 */
connection?: ConnectionOrder, 
/**
 * The path that a new account is for alone; absent or empty: for all of the registry.
 */
namespace?: string, };

/**
 * Something the person should know of what was done. The window compares its names, never its text.
 */
export type Note = { 
/**
 * A sentence.
 */
text: string, 
/**
 * The commit tag it speaks of, where it speaks of one.
 */
commitTag: string | null, };

/**
 * A path that a person typed, read.
 */
export type OpenedPath = { 
/**
 * The account it opens with; absent: there is none of this registry yet.
 */
account: string | null, 
/**
 * `host[:port]`.
 */
host: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The tag, where one was typed.
 */
tag: string | null, 
/**
 * The digest, where one was typed.
 */
digest: string | null, };

/**
 * What a push, a pull or *Make active* led to; the window says it.
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
 * What the person should know besides.
 */
notes: Array<Note>, };

/**
 * How a page was left.
 */
export type PageState = { 
/**
 * What its list is narrowed to.
 */
filter: string, 
/**
 * How far its list is scrolled, in pixels.
 */
scroll: number, };

/**
 * What is asked for in the system’s own window for choosing.
 */
export type PathKind = "folder" | "archive" | "certificate";

/**
 * Who did something, and who says so.
 */
export type Person = { 
/**
 * The name of their sign-in.
 */
name: string, 
/**
 * It was this computer's own person.
 */
you: boolean, 
/**
 * Who says so.
 */
source: Source, };

/**
 * One item of the plan.
 */
export type PlannedDelete = { 
/**
 * What was asked for.
 */
item: DeleteItem, 
/**
 * What it points at (or is); absent: it is not there.
 */
digest: string | null, 
/**
 * When it became so.
 */
time: TimeFact | null, 
/**
 * Compressed bytes.
 */
size: number | null, 
/**
 * Why it can't be deleted, as a sentence.
 */
refused: string | null, 
/**
 * The names that a commit would take with it; to be handed back with the order.
 */
names: Array<string>, };

/**
 * What the window remembers of itself. Written whole whenever it changes.
 */
export type Preferences = { 
/**
 * What the main part shows.
 */
place: Screen, 
/**
 * Keys of the groups of the sidebar that were folded by hand (`account` or `account/namespace`).
 */
folded: Array<string>, 
/**
 * Keys of those that were opened by hand where they start folded.
 */
unfolded: Array<string>, 
/**
 * How wide the sidebar was drawn, in pixels of the text's size; absent: as wide as it is by itself.
 */
sidebar: number | null, 
/**
 * What the sidebar is narrowed to.
 */
filter: string, 
/**
 * How far the sidebar is scrolled, in pixels.
 */
scroll: number, 
/**
 * How the page on show was left.
 */
page: PageState, 
/**
 * Order of the tags table.
 */
tagOrder: TagOrder, 
/**
 * Which part of a repository's page is open.
 */
tab: RepositoryTab, 
/**
 * Columns that were drawn wider or narrower.
 */
columns: Array<ColumnWidth>, 
/**
 * The repositories that were open last, the latest first.
 */
recent: Array<RecentRepository>, 
/**
 * The repositories that bear a star, in the order in which they got it.
 */
starred: Array<RecentRepository>, };

/**
 * What is asked.
 */
export type Probe = "reached" | "certificate" | "clock" | "signedIn" | "catalog" | "paging" | "read" | "push" | "delete" | "referrers" | "ranges" | "commitTags" | "oldVersions" | "limits" | "mount" | "chunks";

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
wantsSignIn: boolean, 
/**
 * Where a secret would go: shown before one is sent, and handed back as what was agreed to.
 */
ways: Array<WayView>, 
/**
 * The folder of Docker's or Podman's that vouches for it, where there is one.
 */
certsFolder: string | null, 
/**
 * The one that has what is shown to it where it asks who connects.
 */
pairFolder: string | null, };

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
 * A program of this computer that has sign-ins of its own.
 */
export type Program = "docker" | "podman";

/**
 * Where programs of this computer would keep a sign-in.
 */
export type ProgramsKeep = { 
/**
 * The files that would hold the secret in plain text, as there is no credential helper.
 */
plainIn: Array<string>, 
/**
 * The users who are signed in there now, where a helper tells: they are replaced.
 */
users: Array<string>, };

/**
 * A project that repositories stand under.
 */
export type ProjectView = { 
/**
 * What the names of its repositories begin with.
 */
name: string, 
/**
 * What people call it.
 */
title: string | null, };

/**
 * Through whom a registry is to be reached.
 */
export type ProxyOrder = { "kind": "system" } | { "kind": "direct" } | { "kind": "own", 
/**
 * `scheme://host:port`; `http`, `https`, `socks5`, `socks5h`.
 */
address: string, 
/**
 * May be empty.
 */
user: string, 
/**
 * Empty with a user: the one that is kept for that.
 */
secret: string, };

/**
 * Through whom a registry is reached, where the system does not say so.
 */
export type ProxyView = { "kind": "direct" } | { "kind": "own", 
/**
 * `scheme://host:port`.
 */
address: string, 
/**
 * Who signs in to it.
 */
user: string | null, };

/**
 * How long commits are kept.
 */
export type Prune = { "kind": "all" } | { "kind": "last", 
/**
 * Commits of each tag, at least 1.
 */
commits: number, } | { "kind": "days", 
/**
 * At least 1.
 */
days: number, };

/**
 * Remove these.
 */
export type PruneOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The commit tags the preview showed; nothing else is touched.
 */
commitTags: Array<string>, };

/**
 * What pruning would remove, before the button.
 */
export type PrunePlan = { 
/**
 * Commit tags that would go, oldest first.
 */
goes: Array<PruneRow>, 
/**
 * How many stay.
 */
stays: number, 
/**
 * How it is done where single tags can't be deleted, as a sentence.
 */
how: string | null, 
/**
 * Why nothing can be removed here, as a sentence.
 */
impossible: string | null, };

/**
 * One commit tag that would go.
 */
export type PruneRow = { 
/**
 * Its name.
 */
commitTag: string, 
/**
 * The tag it is of.
 */
tag: string, 
/**
 * First 12 hex digits of the commit.
 */
short: string, 
/**
 * When the commit became active (seconds, UTC).
 */
time: number, 
/**
 * When another took its place, where known (seconds, UTC).
 */
until: number | null, 
/**
 * Compressed bytes, where known.
 */
size: number | null, };

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
moveName: boolean, 
/**
 * The engine it goes to, by its id; absent: the one that is used.
 */
engine?: string | null, 
/**
 * The other computer that the person agreed the registry's sign-in goes to, where the engine is on one.
 */
secretGoesTo?: string | null, };

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
 * `os/architecture[/variant]`, at most 64; then what else is to say of them, such as how many more there are.
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
 * The name in the engine that it was chosen by, where it has one.
 */
name: string | null, 
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
 * A new answer about keeping is stored in the repository, for everyone, where that may be done.
 */
shareRule: boolean, 
/**
 * The rule of the repository that the sheet showed and the person ticked, word for word (`asks` of the plan).
 */
allows: string | null, 
/**
 * The second yes: overwrite though the old commit can't be kept.
 */
acceptLoss: boolean, 
/**
 * What becomes of a local name that somebody gave to another image.
 */
takenName: NameAnswer, 
/**
 * The engine it goes from, by its id; absent: the one that is used.
 */
engine?: string | null, 
/**
 * The other computer that the person agreed the registry's sign-in goes to, where the engine is on one.
 */
secretGoesTo?: string | null, 
/**
 * What the engine pushes is put under the tag once more in Docker's own format, where it is in another one.
 */
asDocker?: boolean, };

/**
 * What a push would do.
 */
export type PushPlan = { 
/**
 * What is pushed; absent: it isn't made yet.
 */
image: PushImage | null, 
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
 * Bytes that go at most (unpacked sizes of the layers not known to be there); absent: unknown. Of an image that
 * isn't made yet those of its base.
 */
atMost: number | null, 
/**
 * Layers not known to be in the repository.
 */
newLayers: number, 
/**
 * A local name that somebody gave to another image, and that the push would move here; ask first. One that a push
 * or pull of ours gave moves by itself.
 */
nameTaken: string | null, 
/**
 * The other computer that the registry's sign-in would go to, as the engine is there.
 */
secretGoesTo?: string | null, 
/**
 * That the registry lists images in Docker's own format alone, as a sentence; absent: it lists others as well.
 */
dockerAlone?: string | null, };

/**
 * Asked when an image is dropped, and again when the tag in the sheet changes.
 */
export type PushQuestion = { 
/**
 * The image's id, `sha256:…`; absent: it isn't made yet.
 */
image: string | null, 
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
tag: string, 
/**
 * The engine it is about, by its id; absent: the one that is used.
 */
engine?: string | null, 
/**
 * Of an image that isn't made yet, the platform it will be for; absent: its base's, else the engine's own.
 */
platform?: string | null, 
/**
 * Of an image that isn't made yet, the image whose layers it will have besides its own.
 */
base?: string | null, };

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
 * `os/architecture[/variant]`, at most 64; then what else is to say of them, such as how many more there are.
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
at: number, } | { "kind": "partly", 
/**
 * When it was asked (seconds, UTC).
 */
at: number, } | { "kind": "gone", 
/**
 * When that was first seen (seconds, UTC).
 */
since: number, 
/**
 * Until when the registry's own interface can put it back, where it told so (seconds, UTC).
 */
restorableUntil: number | null, };

/**
 * What one HEAD told of a commit: the window mends the rows of it in place.
 */
export type ReachFact = { 
/**
 * As it was asked for: a digest or the name of a commit tag.
 */
of: string, 
/**
 * The whole digest, where it is known now.
 */
digest: string | null, 
/**
 * Whether it can be pulled.
 */
reach: Reach, 
/**
 * True where a commit tag was asked, and keeps it.
 */
kept: boolean, 
/**
 * True where a commit tag points at another manifest than its name says.
 */
mismatch: boolean, 
/**
 * Compressed bytes for this computer's platform, else of the first.
 */
size: number | null, 
/**
 * `os/architecture[/variant]`, at most 64; then what else is to say of them, such as how many more there are.
 */
platforms: Array<string>, };

/**
 * A repository that was open lately, or bears a star.
 */
export type RecentRepository = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, };

/**
 * What would go of one image.
 */
export type RemoveItem = { 
/**
 * The image's id, `sha256:…`.
 */
id: string, 
/**
 * First 12 hex digits of it.
 */
short: string, 
/**
 * Names that go.
 */
goes: Array<string>, 
/**
 * Names that stay, and the image with them.
 */
stays: Array<string>, 
/**
 * The image itself goes, with the layers that no other has.
 */
whole: boolean, 
/**
 * Which containers use it: where it would go whole, it stays.
 */
usedBy: UsedBy, 
/**
 * Where a registry was seen to have it.
 */
place: ImagePlace, };

/**
 * Removes what a sheet showed of one image.
 */
export type RemoveOrder = { 
/**
 * The image's id, `sha256:…`.
 */
id: string, 
/**
 * The names that go, as they were shown.
 */
names: Array<string>, 
/**
 * The image itself goes.
 */
whole: boolean, };

/**
 * What removing would do, an item an image.
 */
export type RemovePlan = { 
/**
 * What would go.
 */
items: Array<RemoveItem>, 
/**
 * Bytes that are freed at least; absent where that isn't known.
 */
frees: number | null, 
/**
 * How many images there are beyond those.
 */
more: number, };

/**
 * A row that is to go: a name of an image, or an image without one.
 */
export type RemoveRow = { 
/**
 * The image's id, `sha256:…`.
 */
id: string, 
/**
 * The name; absent for an image without one.
 */
name: string | null, };

/**
 * A part of the repositories of an account, from the cache.
 */
export type RepositoryList = { 
/**
 * Paths within the registry (`namespace/name`), sorted.
 */
names: Array<string>, 
/**
 * What is known of some of them, by name; with the first part.
 */
marks: Array<RepositoryMark>, 
/**
 * When the list was last fetched whole; absent: never.
 */
refreshedAt: number | null, 
/**
 * Those that the registry didn't list, and where each is known from; with the first part.
 */
known: Array<KnownRepository>, 
/**
 * The registry was found to list nothing for this account, lately.
 */
refused: boolean, 
/**
 * Why it may lack something, or what was left out, as a sentence.
 */
note: string | null, 
/**
 * What the next part is asked for by; absent: this is the last.
 */
next: string | null, };

/**
 * What is known of one repository in the list.
 */
export type RepositoryMark = { 
/**
 * `namespace/name`.
 */
name: string, 
/**
 * Its words; the description of its vendor's own list where it says none itself.
 */
words: AboutWords, 
/**
 * It, or one of its tags, is watched.
 */
watched: boolean, 
/**
 * When a watched tag was last moved by someone else, and nobody has looked since (seconds, UTC).
 */
movedAt: number | null, };

/**
 * The parts of a repository's page.
 */
export type RepositoryTab = "tags" | "timeline" | "about";

/**
 * From the cache: everything that is known of a repository's commits, newest first.
 */
export type RepositoryTimeline = { 
/**
 * The repository as the engine names it: `host/namespace/name`.
 */
path: string, 
/**
 * At most eight, from the left: the tags that moved last; where there are more tags than lanes, the last
 * lane is shared by the others.
 */
lanes: Array<Lane>, 
/**
 * Newest first.
 */
rows: Array<TimelineRow>, 
/**
 * Commits that no tag names, as the registry's own interface tells them, newest first: none of them stands among the rows.
 */
untagged: Array<CommitRow>, 
/**
 * When the list of tags was last fetched whole; absent: never.
 */
refreshedAt: number | null, };

/**
 * One request to a registry or its token service. Nothing secret: no query, no header, no body, no user.
 */
export type RequestLine = { 
/**
 * When it ended (seconds, UTC).
 */
at: number, 
/**
 * `GET`, `PUT`, …
 */
method: string, 
/**
 * Host and port.
 */
host: string, 
/**
 * Path; `…` where it is another host's.
 */
path: string, 
/**
 * Status of the answer; absent: there was none.
 */
status: number | null, 
/**
 * How long it took.
 */
milliseconds: number, 
/**
 * Bytes of the answer's body that were read.
 */
bytes: number, 
/**
 * 1 for the first try.
 */
attempt: number, 
/**
 * Why it failed.
 */
failure: string | null, };

/**
 * A transfer whose engine tries again.
 */
export type Retrying = { 
/**
 * Bytes that had moved when it broke off.
 */
at: number, 
/**
 * Which try this is; the first that comes after a break is the second.
 */
attempt: number, 
/**
 * After how many tries the engine gives up; absent where that is not known.
 */
of: number | null, };

/**
 * What a person says to a repository's rule, for this computer.
 */
export type RuleAnswer = "allow" | "notHere" | "later";

/**
 * Answers a repository's rule.
 */
export type RuleAnswerOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * The rule that was shown, word for word; another one by now is not answered.
 */
rule: string, 
/**
 * The answer.
 */
answer: RuleAnswer, };

/**
 * A rule of the repository by which a computer writes by itself, and what was said to it on this one.
 */
export type RuleConsent = { 
/**
 * The rule word for word, as it is answered to.
 */
rule: string, 
/**
 * When this computer may write because of it.
 */
keep: KeepRule | null, 
/**
 * It also wants what others displace to be kept.
 */
rescue: boolean, 
/**
 * Who set it, as it says itself: whoever may push may write that.
 */
author: string | null, 
/**
 * What was said; absent: it is to be asked now.
 */
answer: RuleAnswer | null, };

/**
 * Who set a rule.
 */
export type RuleFrom = { "kind": "nobody" } | { "kind": "thisComputer" } | { "kind": "repository", 
/**
 * Who is named as its author there.
 */
author: string | null, };

/**
 * Save images as an archive.
 */
export type SaveOrder = { 
/**
 * Names, or ids of images without one.
 */
images: Array<string>, 
/**
 * The folder, as it was typed; absent: the downloads.
 */
folder: string | null, };

/**
 * An archive that was written.
 */
export type Saved = { 
/**
 * Where it is.
 */
path: string, 
/**
 * Its length.
 */
bytes: number, 
/**
 * What the person should know besides.
 */
notes: Array<Note>, };

/**
 * What the main part shows.
 */
export type Screen = { "kind": "welcome" } | { "kind": "images" } | { "kind": "containers" } | { "kind": "search" } | { "kind": "settings" } | { "kind": "repositories", 
/**
 * Account id.
 */
account: string, 
/**
 * The namespace; absent: all.
 */
namespace: string | null, } | { "kind": "repository", 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, };

/**
 * A page of what was found.
 */
export type SearchPage = { 
/**
 * Repositories, in the order of whoever found them.
 */
rows: Array<SearchRow>, 
/**
 * The page that follows; absent: there is none.
 */
next: number | null, 
/**
 * Who found them.
 */
by: FoundBy, 
/**
 * What that is called: a host, or the engine's name.
 */
host: string, 
/**
 * Why Docker Hub did not answer, where the engine did in its place.
 */
problem: Problem | null, };

/**
 * A public repository.
 */
export type SearchRow = { 
/**
 * The registry's host, as names of images write it.
 */
host: string, 
/**
 * `namespace/name`, as its registry calls it.
 */
repository: string, 
/**
 * The last part of that.
 */
name: string, 
/**
 * What stands before it: a user or an organisation; empty where there is none.
 */
user: string, 
/**
 * What it says of itself.
 */
description: string, 
/**
 * How many people gave it a star.
 */
stars: number, 
/**
 * How often it was pulled; absent where nobody says.
 */
pulls: number | null, 
/**
 * Its registry vouches for it.
 */
official: boolean, };

/**
 * A second sign-in, as it was typed.
 */
export type SecondOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * The user; empty where it has none.
 */
user: string, 
/**
 * The token.
 */
secret: string, };

/**
 * Whether an account has a second sign-in.
 */
export type SecondState = "absent" | "given" | "refused" | "unreached";

/**
 * The second sign-in that a vendor's own interface takes of an account.
 */
export type SecondView = { 
/**
 * The vendor.
 */
vendor: VendorId, 
/**
 * The host that is shown it.
 */
host: string, 
/**
 * Whether it has a user, beside its secret.
 */
wantsUser: boolean, 
/**
 * Whether there is one.
 */
state: SecondState, 
/**
 * Whose it is, where it has a user.
 */
user: string | null, 
/**
 * It is kept until the window closes, as there is no keychain.
 */
forSession: boolean, };

/**
 * A token service of a registry, and the certificate that is trusted there.
 */
export type ServiceTrust = { 
/**
 * `host[:port]`.
 */
host: string, 
/**
 * The SHA-256 of the certificate.
 */
trusted: string, };

/**
 * What is set, and where it lies.
 */
export type SettingsView = { 
/**
 * What is set.
 */
values: AppSettings, 
/**
 * The file that holds it.
 */
file: string, 
/**
 * The folder that exports go to.
 */
downloads: string, 
/**
 * The file that requests are written to where that is set.
 */
log: string, 
/**
 * Where faults of the app itself are written down.
 */
faults: string, 
/**
 * What became of a file that could not be read, or of a change that could not be written.
 */
problem: Problem | null, };

/**
 * How somebody does not answer.
 */
export type Silence = { "kind": "waiting" } | { "kind": "trouble", 
/**
 * Why.
 */
problem: Problem, 
/**
 * True while a question waits all the same: it can be ended.
 */
asking: boolean, } | { "kind": "ended" };

/**
 * What a registry may be able to do.
 */
export type Skill = "catalog" | "keepsOverwritten" | "deletes" | "deletesTags" | "referrers" | "history" | "time";

/**
 * Where a fact comes from.
 */
export type Source = "registry" | "commitTag" | "imageLabel" | "seenHere" | "imported";

/**
 * Data that a change made stale.
 */
export type Stale = { "of": "accounts" } | { "of": "answering" } | { "of": "answers", 
/**
 * Account id.
 */
account: string, } | { "of": "repositories", 
/**
 * Account id.
 */
account: string, } | { "of": "impossible", 
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
repository: string, } | { "of": "moves", 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, } | { "of": "about", 
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
tag: string, } | { "of": "images" } | { "of": "containers" } | { "of": "held" } | { "of": "engine" } | { "of": "engines" } | { "of": "hosted" };

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
preferences: Preferences, 
/**
 * What the person has set.
 */
settings: SettingsView, };

/**
 * How a step stands.
 */
export type StepState = "running" | "cached" | "done" | "failed" | "stopped";

/**
 * A part of the tags of a repository, from the cache; commit tags are folded into their tag.
 */
export type TagList = { 
/**
 * One a tag, in the registry's order; then those that are only remembered.
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
keep: KeepRule | null, 
/**
 * Why it may lack something, or what was left out, as a sentence.
 */
note: string | null, 
/**
 * What the next part is asked for by; absent: this is the last.
 */
next: string | null, 
/**
 * Present where the rows are no part of the list in its order, but those that stood on top when it was last looked at.
 */
top: TopRows | null, };

/**
 * Order of the tags table.
 */
export type TagOrder = "newest" | "oldest" | "version" | "versionUp" | "name" | "nameDown" | "largest" | "smallest";

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
 * `os/architecture[/variant]`, at most 64; then what else is to say of them, such as how many more there are.
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
deleted: boolean, 
/**
 * It is watched, by itself or with its repository.
 */
watched: boolean, 
/**
 * When someone else was last seen to have moved it, and nobody has answered (seconds, UTC).
 */
movedAt: number | null, };

/**
 * What stood on top of a list when it was last looked at.
 */
export type TagTop = { 
/**
 * The list and its order.
 */
rows: TopRows, 
/**
 * The tags, first one first: at most 100 are kept.
 */
tags: Array<string>, };

/**
 * A name that another image bears.
 */
export type TakenName = { 
/**
 * The name.
 */
name: string, 
/**
 * First 12 hex digits of the image that bears it.
 */
short: string, };

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
 * What a task does.
 */
export type TaskKind = "push" | "pull" | "delete" | "prune" | "undo" | "build" | "commit" | "save" | "load";

/**
 * What a task led to.
 */
export type TaskOutcome = { "kind": "moved" } & Outcome | { "kind": "removed" } & DeleteOutcome | { "kind": "made" } & Made | { "kind": "saved" } & Saved | { "kind": "loaded" } & Loaded;

/**
 * How a transfer stands.
 */
export type TaskState = "waiting" | "running" | "done" | "failed" | "cancelled" | "interrupted";

/**
 * One task: a transfer, a deletion. A restarted app and a reloaded window find it again.
 */
export type TaskView = { 
/**
 * Stable id.
 */
id: string, 
/**
 * What is done.
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
 * The tag it is about; empty: several, or none.
 */
tag: string, 
/**
 * First 12 hex digits of the commit or, of a push, the image; empty: several. Of a save of several, how many.
 */
short: string, 
/**
 * Of a push, the name in the engine that the image was chosen by, where it has one; of a build, its folder’s; of a commit,
 * its container’s; of a save, the image’s; of a load, its file’s.
 */
image: string | null, 
/**
 * The engine that the order names, by its id; absent: the one that is used.
 */
engine?: string | null, 
/**
 * How it stands.
 */
state: TaskState, 
/**
 * What is counted in `done` and `total`.
 */
unit: Unit, 
/**
 * The app was closed while it ran, and no run before this one has told so.
 */
untold: boolean, 
/**
 * It can be repeated as it was ordered; else its sheet is opened again.
 */
canRetry: boolean, 
/**
 * Bytes moved, or items done.
 */
done: number, 
/**
 * Bytes or items in all; 0 while unknown.
 */
total: number, 
/**
 * Bytes a second over the last seconds; absent while unknown.
 */
rate: number | null, 
/**
 * What broke off and is tried again by the engine; absent while all goes on.
 */
retrying: Retrying | null, 
/**
 * One a layer.
 */
items: Array<TaskItem>, 
/**
 * What it led to.
 */
outcome: TaskOutcome | null, 
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
 * Light or dark.
 */
export type ThemeChoice = "system" | "light" | "dark";

/**
 * The push that follows once an image is there, with the answers its sheet gave.
 */
export type ThenPush = { 
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
 * A new answer about keeping is stored in the repository, for everyone, where that may be done.
 */
shareRule: boolean, 
/**
 * The rule of the repository that the sheet showed and the person ticked, word for word.
 */
allows: string | null, 
/**
 * The second yes: overwrite though the old commit can't be kept.
 */
acceptLoss: boolean, 
/**
 * What becomes of a local name that somebody gave to another image.
 */
takenName: NameAnswer, 
/**
 * The other computer that the sheet said the sign-in goes to.
 */
secretGoesTo: string | null, 
/**
 * What the engine pushes is put under the tag once more in Docker's own format, where it is in another one.
 */
asDocker?: boolean, };

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
source: Source, 
/**
 * Of a time that was only noticed: the tag was something else at least until then, so it is newer than that.
 */
after?: number, };

/**
 * What a time tells.
 */
export type TimeKind = "since" | "by" | "built" | "pushed";

/**
 * A commit that became active, under one tag or under several at the same time.
 */
export type TimelineRow = { 
/**
 * Stable key within the timeline.
 */
key: string, 
/**
 * One a tag, in the order of the lanes; never empty.
 */
marks: Array<Mark>, 
/**
 * The commit, as the first mark's tag shows it; its time is the earliest of the marks'.
 */
commit: CommitRow, };

/**
 * Of which list, in which order, rows stood on top.
 */
export type TopRows = { 
/**
 * The order that the person wished for.
 */
order: TagOrder, 
/**
 * Whether most rows were unknown, so that the list stood in an order that needs no facts.
 */
unknown: boolean, 
/**
 * How many tags there were.
 */
of: number, };

/**
 * A scheme that a person typed before a host.
 */
export type TypedScheme = "https" | "http";

/**
 * One who has not answered. Whoever answers is not listed.
 */
export type Unanswered = { 
/**
 * Who.
 */
whom: Whom, 
/**
 * Since when, and what is known of it.
 */
state: Silence, };

/**
 * Taking a registry of this computer away.
 */
export type UnhostOrder = { 
/**
 * Which one.
 */
id: string, 
/**
 * Its data goes too.
 */
data: boolean, 
/**
 * The problems that a person said yes to, as of a keychain that can't be asked.
 */
anyway: Array<Code>, };

/**
 * What taking a registry of this computer away would do.
 */
export type UnhostPlan = { 
/**
 * The folder of its data, which stays unless the person says otherwise.
 */
folder: string, 
/**
 * How much data there is (bytes).
 */
bytes: number, 
/**
 * True where there is more than could be counted.
 */
more: boolean, };

/**
 * What a task counts.
 */
export type Unit = "bytes" | "items";

/**
 * Which containers use an image.
 */
export type UsedBy = { 
/**
 * Their names; a few of them.
 */
names: Array<string>, 
/**
 * How many there are beyond those.
 */
more: number, };

/**
 * The vendors whose registries are told apart.
 */
export type VendorId = "plain" | "hub" | "synapse" | "polly" | "harbor" | "quay" | "ghcr" | "gitlab" | "gitea" | "ecr" | "ecrPublic" | "google" | "acr" | "artifactory" | "nexus" | "zot" | "pulp";

/**
 * Begin or end to watch a repository, or one tag of it.
 */
export type WatchOrder = { 
/**
 * Account id.
 */
account: string, 
/**
 * `namespace/name`.
 */
repository: string, 
/**
 * One tag; absent: every tag.
 */
tag: string | null, 
/**
 * True: watch.
 */
on: boolean, };

/**
 * What is watched in a repository.
 */
export type WatchView = { 
/**
 * Every tag is.
 */
all: boolean, 
/**
 * These are.
 */
tags: Array<string>, 
/**
 * When the registry was last asked (seconds, UTC).
 */
askedAt: number | null, 
/**
 * From when on it should have been asked again (seconds, UTC); absent: nothing is watched.
 */
overdueAt: number | null, 
/**
 * Why it could not be asked, as a sentence.
 */
trouble: string | null, };

/**
 * A way in which a registry takes a sign-in: whom the secret goes to.
 */
export type WayView = { 
/**
 * The way, to be handed back where it is agreed to.
 */
way: string, 
/**
 * `host[:port]` that gets the secret.
 */
to: string, 
/**
 * That host as people read it, where it is a name in another alphabet: shown beside `to`, never in its place.
 */
readable: string | null, 
/**
 * True where that is the registry itself.
 */
registryItself: boolean, 
/**
 * False where the secret is sent in the clear.
 */
encrypted: boolean, };

/**
 * Whom the window waits for.
 */
export type Whom = { "of": "account", 
/**
 * Account id.
 */
account: string, } | { "of": "signIn" } | { "of": "engine" };
