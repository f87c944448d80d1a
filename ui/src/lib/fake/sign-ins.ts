// Addresses, accounts and their sign-ins of the backend from memory.

import type {
  AccountView,
  AddressView,
  Code,
  ConnectionOrder,
  NewAccount,
  ProbeView,
  Problem,
  Program,
  WayView,
} from "../backend/backend";
import { FakeCertificates } from "./certificates";
import { account, way } from "./data";
import { FakeEncryptedFile } from "./encrypted-file";
import { problem } from "./problem";
import type { World } from "./world";

export class FakeSignIns {
  /** Token services of registries, by host; the others are sent the secret themselves. */
  tokenServices: Record<string, string> = { "docker.synapse.org": "auth.synapse.example" };

  /** The programs of this computer, and the files that would hold their secret in plain text. */
  programs: Program[] = ["docker", "podman"];
  plainIn: string[] = [];
  /** The users whose sign-in the programs' helpers have. */
  programUsers: string[] = [];
  /** Why an account can't go just now, one after the other. */
  stuck: Problem[] = [];
  file = new FakeEncryptedFile();
  certificates: FakeCertificates;

  constructor(private readonly world: World) {
    this.certificates = new FakeCertificates(world);
  }

  changeConnection(id: string, connection: ConnectionOrder): AccountView {
    this.certificates.checkProxy(connection);
    this.certificates.check(id, connection);
    return this.#change(id, { state: "signedIn", connection: this.certificates.kept(id, connection) });
  }

  readAddress(text: string): AddressView {
    const line = /^docker login\b(.*)$/.exec(text.trim());
    const given = line?.[1] ?? text;
    const user = /(?:-u|--username)[ =](\S+)/.exec(given)?.[1] ?? null;
    const hasSecret = this.takeLoginSecret(given) !== "";
    const plain = given.replace(/(?:-u|--username|-p|--password)[ =]\S+/g, "").trim();
    const typed = plain.startsWith("http://") ? "http" : plain.startsWith("https://") ? "https" : null;
    const [host = "", ...path] = withoutScheme(plain).split("/");
    if (!/^[a-z0-9.-]+(:\d+)?$/i.test(host)) {
      throw problem("This is not an address of a registry.", "address", {
        hints: ["It looks like registry.example.com."],
      });
    }
    const droppedPath = path.join("/") === "" ? null : path.join("/");
    const readable = host.startsWith("xn--bcher-kva") ? host.replace("xn--bcher-kva", "bücher") : null;
    return { host: host.toLowerCase(), readable, droppedPath, typed, user, hasSecret };
  }

  takeLoginSecret(text: string): string {
    return /(?:-p|--password)[ =](\S+)/.exec(text)?.[1] ?? "";
  }

  probeRegistry(address: string, connection?: ConnectionOrder): ProbeView {
    const host = withoutScheme(address);
    this.certificates.checkProxy(connection);
    this.certificates.check(host, connection);
    if (host.endsWith(".invalid")) {
      throw problem(`No computer is called ${host}.`, "other", { hints: ["Check the spelling, or your network."] });
    }
    const local = host.startsWith("127.") || host.startsWith("localhost");
    const plain = host.startsWith("plain.");
    const wantsSignIn = !host.startsWith("open.");
    const certsFolder = this.certificates.folder(host);
    return {
      host,
      tls: !local && !plain,
      needsPlainHttpConsent: plain,
      wantsSignIn,
      ways: [this.#wayOf(host)],
      certsFolder,
      pairFolder: this.certificates.pairs[host] ?? null,
    };
  }

  addAccount(given: NewAccount): AccountView {
    const signed = this.#signed(given, withoutScheme(given.address).split("/")[0] ?? "");
    const made = { ...signed, namespace: given.namespace ?? null };
    this.world.accountRows = [...this.world.accountRows, made];
    this.world.repositoryNames[made.id] ??= ["library/hello", "tools/report"];
    this.#stale();
    return made;
  }

  signIn(id: string, given: NewAccount): AccountView {
    const programs = this.world.accountRows.find((row) => row.id === id)?.programs ?? [];
    return this.#change(id, { ...this.#signed(given, id), programs });
  }

  approveSignIn(id: string, way: string | null): AccountView {
    const row = this.world.accountRows.find((one) => one.id === id);
    if (way !== null && row?.wanted?.way !== way) throw problem("It wants it otherwise by now.", "signInChanged");
    const ways = way === null || !row?.wanted ? (row?.ways ?? []) : [row.wanted];
    return this.#change(id, { state: "signedIn", wanted: null, ways });
  }

  signOut(id: string, anyway: Code[]): void {
    this.#isStuck(anyway);
    this.#change(id, { state: "signedOut", programs: [] });
  }

  openFile(passphrase: string): void {
    this.file.open(passphrase);
    this.#ofFile("signedIn");
  }

  putFileAside(): string | null {
    const aside = this.file.putAside();
    this.#ofFile("signedOut");
    return aside;
  }

  #ofFile(state: AccountView["state"]): void {
    const rows = this.world.accountRows;
    this.world.accountRows = rows.map((row) => (row.state === "fileClosed" ? { ...row, state } : row));
    this.#stale();
  }

  signInPrograms(id: string, plain: boolean): AccountView {
    if (this.plainIn.length > 0 && !plain) throw problem("Docker was not signed in along with it.", "program");
    return this.#change(id, { programs: this.programs });
  }

  signOutPrograms(id: string, anyway: boolean): AccountView {
    if (!anyway) this.#isStuck([]);
    return this.#change(id, { programs: [] });
  }

  removeAccount(id: string, anyway: Code[]): void {
    this.#isStuck(anyway);
    this.world.accountRows = this.world.accountRows.filter((row) => row.id !== id);
    this.#stale();
  }

  #isStuck(anyway: Code[]): void {
    const why = this.stuck.find(({ code }) => !anyway.includes(code));
    if (why) throw why;
  }

  #wayOf(host: string): WayView {
    const service = this.tokenServices[host];
    return service === undefined ? way(host, true) : way(service);
  }

  #signed(given: NewAccount, host: string): AccountView {
    const now = this.#wayOf(host);
    const picked = given.from === undefined ? undefined : this.world.foundRows.find(({ from }) => from === given.from);
    if ((given.user !== "" || picked) && !given.agreed.includes(now.way)) {
      throw problem(`${host} asks for your secret to be sent to ${now.to}.`, "signInChanged");
    }
    if (given.secret === "wrong") {
      throw problem("The registry does not accept this user and password.", "signIn", { detail: "UNAUTHORIZED" });
    }
    if (picked) {
      this.world.foundRows = this.world.foundRows.filter((row) => row !== picked);
      return account(host, { user: picked.user ?? "oauth2accesstoken", ways: [now], source: picked.source });
    }
    if (given.user !== "") this.file.keep(given.keep);
    const isForSession = given.keep.kind === "session";
    const state = given.user === "" ? "anonymous" : isForSession ? "signedInForSession" : "signedIn";
    const ways = given.user === "" ? [] : [now];
    this.certificates.check(host, given.connection);
    const connection = this.certificates.kept(host, given.connection);
    return account(host, { user: given.user || null, state, plainHttp: given.allowPlainHttp, ways, connection });
  }

  #change(id: string, changes: Partial<AccountView>): AccountView {
    const row = this.world.accountRows.find((one) => one.id === id);
    if (!row) throw problem("This registry is no longer here.");
    const changed = { ...row, ...changes, id };
    this.world.accountRows = this.world.accountRows.map((one) => (one.id === id ? changed : one));
    this.#stale();
    return changed;
  }

  #stale(): void {
    this.world.emit({ kind: "stale", what: { of: "accounts" } });
  }
}

function withoutScheme(address: string): string {
  return address.replace(/^https?:\/\//, "");
}
