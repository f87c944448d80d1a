// The transfers of the backend from memory: bytes that move by a clock, and the plan of a push.

import type {
  AppEvent,
  ImageRow,
  KeepPlan,
  PullOrder,
  PushOrder,
  PushPlan,
  TagRow,
  TaskKind,
  TaskOutcome,
  TaskState,
  TaskView,
} from "../backend/backend";
import { problem } from "./problem";

const STEP = 100;
const TOTAL = 411_900_000;
const LAYERS: [string, number][] = [
  ["e9f15b1c2a7d", 71_400_000],
  ["4ab0c8e19f33", 12_000_000],
  ["c77d0e5a6b21", 204_800_000],
  ["01feb3d4c590", 96_300_000],
  ["9d20a7f6e814", 27_400_000],
];

const UNANSWERED = { shareRule: false, allows: null, acceptLoss: false, takenName: "unasked" } as const;

interface Asked {
  account: string;
  repository: string;
  tag: string;
}

export class FakeTransfers {
  #tasks: TaskView[] = [];
  #timers = new Map<string, ReturnType<typeof setInterval>>();
  #tell: (event: AppEvent) => void;
  #last = 0;
  /** What a task of another kind led to. */
  led: ((task: TaskView) => TaskOutcome | null) | null = null;

  constructor(tell: (event: AppEvent) => void) {
    this.#tell = tell;
  }

  list(): TaskView[] {
    return this.#tasks;
  }

  /** Puts a task among the others as it is given. */
  put(task: TaskView): void {
    const known = this.#tasks.some((one) => one.id === task.id);
    this.#tasks = known ? this.#tasks.map((one) => (one.id === task.id ? task : one)) : [task, ...this.#tasks];
    this.#tell({ kind: "task", task });
  }

  nextId(): string {
    this.#last += 1;
    return `task-${this.#last}`;
  }

  start(kind: TaskKind, asked: Asked, short: string, image: string | null = null): string {
    const id = this.nextId();
    this.put({
      id,
      kind,
      account: asked.account,
      repository: asked.repository,
      tag: asked.tag,
      short,
      image,
      state: "running",
      unit: "bytes",
      untold: false,
      canRetry: true,
      done: 0,
      total: TOTAL,
      rate: null,
      retrying: null,
      items: LAYERS.map(([layer, total]) => ({ id: layer, done: 0, total, state: "waiting" })),
      outcome: null,
      problem: null,
      startedAt: Math.floor(Date.now() / 1000),
      finishedAt: null,
    });
    this.#timers.set(
      id,
      setInterval(() => this.#move(id), STEP),
    );
    return id;
  }

  #move(id: string): void {
    const task = this.#tasks.find((one) => one.id === id);
    if (!task || task.state !== "running") return;
    const done = Math.min(task.total, task.done + 3_840_000);
    if (done === task.total) return this.end(id, "done");
    let left = done;
    const items = task.items.map((item) => {
      const moved = Math.min(item.total, left);
      left -= moved;
      const state = moved === item.total ? ("done" as const) : moved > 0 ? ("moving" as const) : ("waiting" as const);
      return { ...item, done: moved, state };
    });
    this.put({ ...task, done, items, rate: 38_400_000 });
  }

  end(id: string, state: TaskState): void {
    clearInterval(this.#timers.get(id));
    const task = this.#tasks.find((one) => one.id === id);
    if (!task) return;
    const name = `${task.account}/${task.repository}:${task.tag}`;
    const ended = { ...task, state, rate: null, finishedAt: Math.floor(Date.now() / 1000) };
    if (state === "done") {
      ended.done = ended.total;
      ended.items = ended.items.map((item) => ({ ...item, done: item.total, state: "done" as const }));
      ended.outcome = this.led?.(task) ?? {
        kind: "moved",
        name,
        digest: null,
        commitTag: null,
        previous: null,
        notes: [],
      };
    }
    this.put(ended);
    if (state === "done" && task.kind === "pull") this.#tell({ kind: "stale", what: { of: "images" } });
  }

  retry(id: string): string {
    const task = this.#tasks.find((one) => one.id === id);
    if (!task) return id;
    if (!task.canRetry) throw problem("What this would do may have changed.");
    this.dismiss(id);
    return this.start(task.kind, task, task.short, task.image);
  }

  /** Returns a push as it was ordered, but for its answers. */
  pushOf(id: string, images: readonly ImageRow[]): PushOrder {
    const { short, name, order } = this.#orderOf(id);
    const image = images.find((row) => row.id.includes(short))?.id ?? `sha256:${short}`;
    return { ...order, image, name, expected: null, keep: "byRule", ...UNANSWERED };
  }

  /** Returns a pull as it was ordered. */
  pullOf(id: string): PullOrder {
    const { short, order } = this.#orderOf(id);
    return { ...order, commit: `sha256:${short}`, moveName: false };
  }

  #orderOf(id: string): { order: Asked & { engine?: string }; short: string; name: string | null } {
    const task = this.#tasks.find((one) => one.id === id);
    if (!task) throw problem("This is no longer listed.");
    const { account, repository, tag, short, image: name, engine } = task;
    return { order: { account, repository, tag, ...(engine ? { engine } : {}) }, short, name };
  }

  clear(): void {
    const finished = ["done", "cancelled", "interrupted"];
    this.#tasks = this.#tasks.filter((one) => !finished.includes(one.state));
  }

  dismiss(id: string): void {
    this.#tasks = this.#tasks.filter((one) => one.id !== id);
  }

  plan(
    image: ImageRow | null,
    row: TagRow | undefined,
    newRepository: boolean,
    keep: KeepPlan,
    base: ImageRow | null = null,
  ): PushPlan {
    const lost = (row?.platforms ?? []).filter((platform) => platform !== "linux/amd64");
    return {
      image:
        image === null
          ? null
          : { short: image.id.slice(7, 19), created: image.created, size: image.size, platforms: ["linux/amd64"] },
      target: row
        ? {
            digest: row.digest ?? "",
            time: row.time,
            size: row.size,
            platforms: row.platforms,
            sameImage: image?.place.kind === "active" && image.place.tag === row.name,
          }
        : null,
      warnings: lost.map((platform) => `amd64 only, ${platform.replace("linux/", "")} is lost`),
      newRepository,
      keep,
      atMost: image === null ? (base?.size ?? null) : 24_100_000,
      newLayers: image === null && base === null ? 0 : 2,
      nameTaken: null,
    };
  }
}
