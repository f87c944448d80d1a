// Registries of this computer in the backend from memory: they run as soon as somebody starts them.

import type {
  AccountView,
  HostedState,
  HostedView,
  HostingFolder,
  HostingOrder,
  HostingPlan,
  UnhostOrder,
  UnhostPlan,
} from "../backend/backend";
import { account } from "./data";
import { problem } from "./problem";
import type { FakeTransfers } from "./transfers";
import type { World } from "./world";

export class FakeHosting {
  rows: HostedView[] = [];
  /** The engine has the image of a registry. */
  hasImage = false;
  readonly #world: World;
  readonly #transfers: FakeTransfers;
  #last = 0;

  constructor(world: World, transfers: FakeTransfers) {
    this.#world = world;
    this.#transfers = transfers;
  }

  plan(): HostingPlan {
    return {
      ways: [
        {
          id: "engine:unix:///var/run/docker.sock",
          by: "engine",
          name: "Docker 28.5.1",
          images: [
            { name: "registry:3", from: this.hasImage ? null : "docker.io" },
            { name: "registry:2", from: null },
          ],
          notes: [],
        },
        { id: "program:/usr/bin/zot", by: "program", name: "zot", images: [], notes: [] },
      ],
      problems: [],
      folder: "/home/ana/longshore-registry",
      port: 5000,
    };
  }

  folder(typed: string): HostingFolder {
    if (!/^[~/]/.test(typed)) return { note: null, problem: problem(`“${typed}” is no whole path.`) };
    const note = typed.endsWith("/old") ? "A registry’s data is in it already, and is used as it is." : null;
    return { note, problem: null };
  }

  download(): string {
    const at = { account: "", repository: "docker.io/library/registry", tag: "3" };
    const before = this.#transfers.led;
    const id = this.#transfers.start("pull", at, "");
    this.#transfers.led = (task) => {
      if (task.id !== id) return before?.(task) ?? null;
      this.hasImage = true;
      return { kind: "moved", name: "registry:3", digest: null, commitTag: null, previous: null, notes: [] };
    };
    return id;
  }

  host({ way, image, folder, port, user }: HostingOrder): AccountView {
    const host = `127.0.0.1:${port}`;
    if (this.rows.some((row) => row.host === host)) throw problem(`${host} is a registry that was started here.`);
    this.#last += 1;
    const by = way.startsWith("engine:") ? "engine" : "program";
    const name = image ?? "zot";
    this.rows = [...this.rows, { id: `hosted-${this.#last}`, host, by, name, folder, state: "running", problem: null }];
    const made = account(host, {
      id: `here-${this.#last}`,
      user: user === "" ? null : user,
      state: user === "" ? "anonymous" : "signedIn",
      plainHttp: true,
    });
    this.#world.accountRows = [...this.#world.accountRows, made];
    this.#world.repositoryNames[made.id] = [];
    this.#tell();
    return made;
  }

  set(id: string, state: HostedState): void {
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, state, problem: null } : row));
    this.#tell();
  }

  planUnhost(id: string): UnhostPlan {
    return { folder: this.rows.find((row) => row.id === id)?.folder ?? "", bytes: 12_400_000, more: false };
  }

  unhost({ id }: UnhostOrder): void {
    const gone = this.rows.find((row) => row.id === id);
    this.rows = this.rows.filter((row) => row.id !== id);
    this.#world.accountRows = this.#world.accountRows.filter(({ host }) => host !== gone?.host);
    this.#tell();
  }

  #tell(): void {
    this.#world.emit({ kind: "stale", what: { of: "hosted" } });
    this.#world.emit({ kind: "stale", what: { of: "accounts" } });
  }
}
