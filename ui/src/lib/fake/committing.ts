// Commits of containers of the backend from memory: each takes a moment, and its push follows.

import type { CommitOrder, CommitPlan, ContainerFacts, ContainerRow, TaskView } from "../backend/backend";
import { problem } from "./problem";
import type { FakeTransfers } from "./transfers";

const IMAGE = `sha256:c0a1b2d3e4f5${"0".repeat(52)}`;

export class FakeCommits {
  /** Milliseconds that one takes; 0: it ends by `end` alone. */
  pace = 1200;
  /** What lies in volumes. */
  mounts: string[] = ["/data"];
  #orders = new Map<string, CommitOrder>();

  constructor(private readonly transfers: FakeTransfers) {}

  plan(row: ContainerRow | undefined, told: ContainerFacts | undefined): CommitPlan {
    if (row === undefined) throw problem("The engine no longer has this container.");
    return {
      container: row.id,
      name: row.name,
      imageId: row.imageId,
      running: row.state === "running",
      changed: told?.changed ?? null,
      mounts: this.mounts,
      moreMounts: 0,
      lines: ["CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "ONBUILD", "USER", "VOLUME", "WORKDIR"],
    };
  }

  start(order: CommitOrder): string {
    const id = this.transfers.nextId();
    const { account = "", repository = "", tag = "" } = order.then ?? {};
    this.transfers.put({
      ...{ id, kind: "commit", account, repository, tag, short: "", image: order.called },
      ...{ state: "running", unit: "items", untold: false, canRetry: true, done: 0, total: 1 },
      ...{ rate: null, retrying: null, items: [], outcome: null, problem: null },
      ...{ startedAt: Math.floor(Date.now() / 1000), finishedAt: null },
    } satisfies TaskView);
    this.#orders.set(id, order);
    if (this.pace > 0) setTimeout(() => this.end(id), this.pace);
    return id;
  }

  /** Ends one well; its push begins. */
  end(id: string): void {
    const task = this.transfers.list().find((one) => one.id === id);
    const order = this.#orders.get(id);
    if (task?.state !== "running" || order === undefined) return;
    const { name, then } = order;
    const next = then === null ? null : this.transfers.start("push", then, IMAGE.slice(7, 19));
    this.transfers.put({
      ...task,
      state: "done",
      done: 1,
      finishedAt: Math.floor(Date.now() / 1000),
      outcome: { kind: "made", image: IMAGE, name, then: then !== null, engine: null, next, notes: [] },
    });
  }
}
