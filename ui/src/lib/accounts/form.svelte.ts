// What stands behind the fields of "Add a registry" and "Sign in": the address is read and asked while one types, so
// that the sentence under the fields is the diagnosis. Nothing here knows how it is drawn.

import { app, getBackend } from "../app/state.svelte";
import {
  asProblem,
  type AccountView,
  type AddressView,
  type FoundRegistry,
  type NewAccount,
  type Problem,
  type ProbeView,
  type WayView,
} from "../backend/backend";
import { words } from "../messages";
import { Along } from "./along.svelte";
import { Connection } from "./connection.svelte";
import { KeepChoice } from "./keep.svelte";
import { KNOWN, type KnownId } from "./known";
import { cameAtOnce, mayHoldSecret, pulled } from "./pasted";

export interface Prefill {
  /** As typed or pasted. */
  text?: string;
  user?: string | null;
  secret?: string | null;
  /** The name it was chosen by, which says what to type. */
  known?: KnownId;
  /** What was found on this computer and picked. */
  found?: FoundRegistry;
}

export type Diagnosis =
  | { kind: "idle" }
  | { kind: "asking"; host: string }
  | { kind: "answers"; probe: ProbeView }
  | { kind: "problem"; problem: Problem };

interface Options {
  prefill?: Prefill;
  /** Present: this account signs in again, and its address stays. */
  account?: AccountView;
  done: (account: AccountView) => void;
}

const DEBOUNCE = 350;

export class AddressForm {
  readonly account: AccountView | undefined;
  /** The name it was chosen by, as long as the address is still that one's. */
  known = $state.raw<KnownId | null>(null);
  address = $state("");
  /** The sign-in among those found on this computer that is used where it lies; then none is typed. */
  picked = $state.raw<FoundRegistry | null>(null);
  user = $state("");
  secret = $state("");
  allowPlainHttp = $state(false);
  diagnosis = $state.raw<Diagnosis>({ kind: "idle" });
  /** What stood behind the host: it is opened once the registry is there. */
  droppedPath = $state<string | null>(null);
  /** Whether the sign-in is for what stood behind the host alone; null until a person or what was picked says so. */
  #isForPath = $state<boolean | null>(null);
  /** The host as people read it, where it is a name in another alphabet. */
  readable = $state<string | null>(null);
  /** What it is reached by, where this computer does not trust it by itself. */
  readonly connection: Connection;
  /** What came back from the last try. */
  problem = $state.raw<Problem | null>(null);
  /** Why the fields can't be sent as they are. */
  missing = $state<string | null>(null);
  busy = $state(false);
  /** Polly's command is being run. */
  runs = $state(false);
  /** Where the secret is kept; a choice once the keychain could not take it. */
  readonly keep = new KeepChoice();

  /** Docker's and Podman's own programs, which may be signed in with it. */
  readonly along: Along;
  /** The account that there is already, while what was to be done along with it failed. */
  made = $state.raw<AccountView | null>(null);

  #done: (account: AccountView) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;
  #tried = 0;

  constructor({ prefill = {}, account, done }: Options) {
    this.#done = done;
    this.account = account;
    this.along = new Along((account?.programs ?? []).length > 0);
    this.connection = new Connection(account);
    this.known = prefill.known ?? null;
    this.user = account?.user ?? prefill.user ?? "";
    this.secret = prefill.secret ?? "";
    this.allowPlainHttp = account?.plainHttp ?? false;
    const text = account
      ? withScheme({ typed: account.plainHttp ? "http" : "https", host: account.host })
      : prefill.text;
    if (text) this.type(text, { now: true });
    if (prefill.found) this.pick(prefill.found);
  }

  /** Begins with a name that people know: its address where there is but one, and what to type. */
  startFrom(known: KnownId, address: string): void {
    this.known = known;
    if (address !== "") this.type(address, { now: true });
  }

  /** Takes what was found on this computer: its sign-in where there is one, else its address. */
  pick(found: FoundRegistry): void {
    [this.problem, this.missing] = [null, null];
    const path = found.namespace === null ? found.host : `${found.host}/${found.namespace}`;
    if (!this.account) this.type(path, { now: true });
    const isKept = found.from !== null;
    this.picked = isKept ? found : null;
    this.user = isKept ? "" : (found.user ?? "");
    this.secret = isKept ? "" : (found.sandboxSecret ?? "");
  }

  get needsConsent(): boolean {
    if (this.problem?.code === "plainHttp") return true;
    return this.diagnosis.kind === "answers" && this.diagnosis.probe.needsPlainHttpConsent;
  }

  /** Tells whether a certificate stands between: nothing else is asked for before that. */
  get blocked(): boolean {
    return this.connection.wants !== null && this.diagnosis.kind !== "idle" && this.diagnosis.kind !== "answers";
  }

  /** Tells whether only where the sign-in is kept is asked: the registry took it, and the keychain could not. */
  get asksWhere(): boolean {
    const isInTheWay = this.problem !== null && this.problem.code !== "encryptedFile";
    return this.keep.refused !== null && this.made === null && !this.anonymous && !isInTheWay;
  }

  get anonymous(): boolean {
    return this.picked === null && this.user.trim() === "" && this.secret === "";
  }

  /** Tells whether going on means going on without a sign-in: the registry has answered, and nothing was given. */
  get without(): boolean {
    return this.anonymous && this.diagnosis.kind === "answers";
  }

  /**
   * Where the secret would go; shown before it is sent. Where it went so far belongs to it as long as the registry asks
   * for nothing else: some paths ask otherwise than the first question does.
   */
  get ways(): WayView[] {
    if (this.#asked.length === 0 || this.elsewhere) return this.#asked;
    return this.#before.length > 0 ? this.#before : this.#asked;
  }

  /** Tells whether the secret would go where it has not gone so far. */
  get elsewhere(): boolean {
    const before = this.#before;
    return before.length > 0 && this.#asked.some((way) => !before.some((known) => known.way === way.way));
  }

  get #asked(): WayView[] {
    return this.diagnosis.kind === "answers" ? this.diagnosis.probe.ways : [];
  }

  get #before(): WayView[] {
    return this.account?.ways ?? [];
  }

  /** Tells whether there is a sign-in that the programs of this computer could be given. */
  get offersAlong(): boolean {
    const isForAll = !this.isForPath && (this.account?.namespace ?? null) === null;
    return this.picked === null && !this.anonymous && !this.blocked && isForAll;
  }

  /** What stood behind the host, where a sign-in may be for that alone. */
  get namespace(): string | null {
    const path = this.account ? null : this.droppedPath;
    return path === null || this.anonymous || /[:@]/.test(path) ? null : path;
  }

  /** Tells whether the sign-in is for that alone, as one that another program keeps for it is. */
  get isForPath(): boolean {
    return this.namespace !== null && (this.#isForPath ?? typeof this.picked?.namespace === "string");
  }

  set isForPath(is: boolean) {
    this.#isForPath = is;
  }

  /** The host that answers, once it does. */
  get host(): string {
    return this.diagnosis.kind === "answers" ? this.diagnosis.probe.host : "";
  }

  /** Tells whether it can be sent: a secret only where it has been shown to whom. */
  get canSubmit(): boolean {
    if (this.blocked) return !this.busy && this.connection.ready;
    const shown = this.anonymous || this.diagnosis.kind === "answers" || this.diagnosis.kind === "problem";
    if (this.made !== null) return !this.busy;
    if (this.offersAlong && this.along.lacksYes) return false;
    return !this.busy && shown && this.address.trim() !== "" && (!this.needsConsent || this.allowPlainHttp);
  }

  /**
   * Takes what the address field holds. What came in one piece and may hold a secret leaves the field at once, before it
   * is read; what is typed by hand leaves it when it has been read.
   */
  type(typed: string, { now = false } = {}): void {
    // A line that is still being written is left as it is: what it names is known at its end.
    const once = now || cameAtOnce(this.address, typed);
    const text = once ? pulled(typed) : typed;
    const own = KNOWN.find(({ id }) => id === this.known)?.address ?? "";
    if (own !== "" && text.trim() !== own) this.known = null;
    const held = mayHoldSecret(text) && once;
    this.picked = null;
    this.connection.pause();
    this.address = held ? "" : text;
    this.problem = null;
    this.missing = null;
    this.droppedPath = null;
    this.#isForPath = null;
    this.readable = null;
    if (!this.account) this.allowPlainHttp = false;
    clearTimeout(this.#timer);
    this.#round += 1;
    this.diagnosis = { kind: "idle" };
    if (text.trim() === "") return;
    if (now || held || text !== typed) void this.#read(text, this.#round);
    else this.#timer = setTimeout(() => void this.#read(text, this.#round), DEBOUNCE);
  }

  async #read(typed: string, round: number): Promise<void> {
    const text = pulled(typed);
    try {
      const read = await getBackend().readAddress(text);
      if (round !== this.#round) return;
      if (mayHoldSecret(text)) this.address = withScheme(read);
      if (read.hasSecret) this.secret = await getBackend().takeLoginSecret(text);
      if (round !== this.#round) return;
      if (read.user !== null) this.user = read.user;
      this.droppedPath = read.droppedPath;
      this.readable = read.readable;
      await this.#ask(read, round);
    } catch (thrown) {
      if (round === this.#round) this.diagnosis = { kind: "problem", problem: asProblem(thrown) };
    }
  }

  /** Asks the registry anew, and shows what it says; what was typed stays. */
  async askAgain(): Promise<void> {
    this.#round += 1;
    await this.#read(this.address, this.#round);
  }

  async #ask(read: AddressView, round: number): Promise<void> {
    this.diagnosis = { kind: "asking", host: read.host };
    const probe = await this.connection.ask(read.host, withScheme(read), () => round !== this.#round);
    if (round === this.#round) this.diagnosis = { kind: "answers", probe };
  }

  /** Tries the files that were typed. */
  async useTyped(): Promise<void> {
    if (this.busy || !this.connection.ready) return;
    this.connection.takeTyped();
    await this.#reach();
  }

  /** Runs Polly's command, and takes the line that it prints as if it had been pasted. */
  async signInByCommand(): Promise<void> {
    if (this.runs) return;
    this.runs = true;
    this.problem = null;
    const round = this.#round;
    try {
      const line = await getBackend().loginByCommand("polly");
      if (round === this.#round) this.type(line, { now: true });
    } catch (thrown) {
      if (round === this.#round) this.problem = asProblem(thrown);
    } finally {
      this.runs = false;
    }
  }

  /** Notes what the person said by the name they began with, where no answer of the registry tells it. */
  async #say(account: AccountView): Promise<void> {
    if (this.account !== undefined || this.known !== "polly") return;
    try {
      await getBackend().chooseKind({ account: account.id, vendor: "polly" });
    } catch {
      // It can be said at its row, and all goes by the protocol until then.
    }
  }

  /** Goes on with nothing of its own that is trusted or shown. */
  async trustNothing(): Promise<void> {
    if (this.busy) return;
    this.connection.takeNothing();
    await this.#reach();
  }

  /** Trusts the certificate that is presented, for this registry alone. */
  async trustPresented(): Promise<void> {
    if (this.busy) return;
    this.connection.takePresented();
    await this.#reach();
  }

  /** Goes through the proxy that was chosen. */
  async useProxy(): Promise<void> {
    if (this.busy || !this.connection.proxy.ready) return;
    this.connection.proxy.take();
    await this.#reach();
  }

  /** Asks again by what was given. An account that is signed in goes on with it at once. */
  async #reach(): Promise<void> {
    this.busy = true;
    this.#tried += 1;
    const tried = this.#tried;
    try {
      const order = this.connection.order;
      if (this.account && this.account.state !== "signedOut" && order !== undefined) {
        const made = await getBackend().changeConnection(this.account.id, order);
        await app.readAccounts();
        if (tried === this.#tried) this.#done(made);
      } else await this.askAgain();
    } catch {
      // What is still in the way is looked at anew.
      if (tried === this.#tried) await this.askAgain();
    } finally {
      if (tried === this.#tried) this.busy = false;
    }
  }

  /** Signs in, or says in place why not. */
  async submit(): Promise<void> {
    if (this.blocked) return this.useTyped();
    if (!this.canSubmit) return;
    if (this.made !== null) return this.#done(this.made);
    this.missing = this.#whatIsMissing();
    if (this.missing !== null) return;
    // What was given is for the host that has answered, and for no other that is typed over it.
    const isGiven = !this.anonymous || this.connection.order !== undefined;
    if (isGiven && this.diagnosis.kind !== "answers") return this.askAgain();
    this.busy = true;
    this.problem = null;
    this.#tried += 1;
    const tried = this.#tried;
    try {
      const backend = getBackend();
      const made = await (this.account
        ? backend.signIn(this.account.id, this.#given())
        : backend.addAccount(this.#given()));
      await this.#say(made);
      const failed = this.offersAlong ? await this.along.apply(made) : null;
      await app.readAccounts();
      if (tried !== this.#tried) return;
      if (failed === null) this.#done(made);
      // It is signed in, and what is missing is told before one goes on.
      else [this.made, this.problem] = [made, failed];
    } catch (thrown) {
      if (tried !== this.#tried) return;
      const problem = asProblem(thrown);
      if (problem.code === "keychain") await this.keep.refuse(problem);
      else this.problem = problem;
      if (problem.code === "encryptedFile") await this.keep.look();
      // It asks for the secret elsewhere than was shown: it is shown now, and the next press agrees to it.
      if (problem.code === "signInChanged") await this.askAgain();
    } finally {
      if (tried === this.#tried) this.busy = false;
    }
  }

  #whatIsMissing(): string | null {
    if (this.picked !== null) return null;
    if (this.user.trim() === "" && this.secret !== "") return words.accounts.userMissing;
    if (this.user.trim() !== "" && this.secret === "") return words.accounts.secretMissing;
    return this.keep.missing;
  }

  #given(): NewAccount {
    const connection = this.connection.order;
    return {
      address: pulled(this.address.trim()),
      user: this.user.trim(),
      secret: this.secret,
      allowPlainHttp: this.allowPlainHttp,
      keep: this.keep.order,
      agreed: this.anonymous ? [] : this.ways.map((way) => way.way),
      ...(this.picked?.from ? { from: this.picked.from } : {}),
      ...(connection ? { connection } : {}),
      ...(this.isForPath && this.namespace !== null ? { namespace: this.namespace } : {}),
    };
  }

  /** Ends it as the sheet is closed: what is still under way changes nothing any more, and the secret is let go. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#round += 1;
    this.#tried += 1;
    this.secret = "";
    this.keep.forget();
    this.connection.proxy.forget();
    this.busy = false;
  }
}

/** Returns the host with the scheme that was typed: a wish, which goes wherever the host goes. */
function withScheme({ typed, host }: Pick<AddressView, "typed" | "host">): string {
  return typed === null ? host : `${typed}://${host}`;
}
