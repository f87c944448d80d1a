// Builds of the backend from memory: a folder that is always there, and steps that run by a clock.

import type {
  AppEvent,
  BuildLog,
  BuildOrder,
  BuildPlan,
  BuildQuestion,
  BuildStep,
  ImageRow,
  TaskView,
} from "../backend/backend";
import { problem } from "./problem";
import type { FakeTransfers } from "./transfers";

const STEPS: readonly [text: string, took: number | null, lines: readonly string[]][] = [
  ["FROM debian:12-slim", null, []],
  ["RUN apt-get install -y samtools", 41, ["Reading package lists...", "Setting up samtools (1.16.1-1) ..."]],
  [
    "RUN make -j2 aligner",
    72,
    [
      "cc -O3 -march=x86-64-v2 -c src/seed.c",
      "cc -O3 -march=x86-64-v2 -c src/extend.c",
      "cc -O3 -march=x86-64-v2 -c src/sam.c",
    ],
  ],
  ["COPY aligner /usr/local/bin/", 0, []],
  ["RUN aligner --version", 1, ["aligner 1.4"]],
  ["ENV THREADS=2", 0, []],
  ['ENTRYPOINT ["aligner"]', 0, []],
];
const IMAGE = `sha256:5be1c09a77d2${"0".repeat(52)}`;

const BUILT: ImageRow = {
  key: IMAGE,
  id: IMAGE,
  name: null,
  created: null,
  size: 212_400_000,
  digests: [],
  platforms: ["linux/amd64"],
  usedBy: { names: [], more: 0 },
  dangling: true,
  place: { kind: "notPushed" },
};

export class FakeMaking {
  /** What `planBuild` answers besides the folder's name. */
  plan: Omit<BuildPlan, "folder" | "name" | "dockerfile"> = {
    dockerfiles: ["Dockerfile", "dev.Dockerfile"],
    stages: ["build", "test"],
    args: [
      { name: "VERSION", default: "1.4" },
      { name: "JOBS", default: null },
    ],
    files: 214,
    bytes: 38_100_000,
    cut: false,
    builder: { kind: "buildx", version: "0.38.2" },
    platforms: ["linux/amd64", "linux/arm64"],
  };
  /** Milliseconds from one step to the next; 0: only `step` moves a build on. */
  pace = 900;
  #logs = new Map<string, BuildLog>();
  #timers = new Map<string, ReturnType<typeof setInterval>>();
  #orders = new Map<string, BuildOrder>();

  constructor(
    private readonly transfers: FakeTransfers,
    private readonly tell: (event: AppEvent) => void,
    private readonly made: (image: ImageRow) => void,
  ) {}

  planBuild({ folder, dockerfile }: BuildQuestion): BuildPlan {
    const name = folder.split("/").findLast((part) => part !== "") ?? "";
    if (!/^[~/]/.test(folder)) throw problem(`${folder} is no folder of this computer.`);
    return { ...this.plan, folder: folder.replace(/^~/, "/home/ana"), name, dockerfile: dockerfile ?? "Dockerfile" };
  }

  startBuild(order: BuildOrder): string {
    const id = this.transfers.nextId();
    const { account = "", repository = "", tag = "" } = order.then ?? {};
    const name = order.folder.split("/").findLast((part) => part !== "") ?? "";
    this.transfers.put({
      id,
      kind: "build",
      account,
      repository,
      tag,
      short: "",
      image: name,
      state: "running",
      unit: "items",
      untold: false,
      canRetry: true,
      done: 0,
      total: 0,
      rate: null,
      retrying: null,
      items: [],
      outcome: null,
      problem: null,
      startedAt: Math.floor(Date.now() / 1000),
      finishedAt: null,
    });
    this.#logs.set(id, { known: true, steps: [], sent: 12_400_000 });
    this.#orders.set(id, order);
    if (this.pace > 0)
      this.#timers.set(
        id,
        setInterval(() => this.step(id), this.pace),
      );
    return id;
  }

  buildLog(task: string): BuildLog {
    return this.#logs.get(task) ?? { known: false, steps: [], sent: 0 };
  }

  /** Moves a build on by a step, or ends it. */
  step(id: string): void {
    const task = this.#task(id);
    const log = this.#logs.get(id);
    if (!task || !log) return;
    const changed: BuildStep[] = [];
    const last = log.steps.at(-1);
    if (last) changed.push(ended(last, last.key === 0 ? "cached" : "done"));
    const next = STEPS[log.steps.length];
    if (next) changed.push(begun(log.steps.length, next[0], next[2]));
    this.#change(id, changed);
    if (next) this.transfers.put({ ...task, done: log.steps.length, total: STEPS.length });
    else this.#end(task, "done");
  }

  /** Ends a build in the step that runs. */
  fail(id: string): void {
    const task = this.#task(id);
    const last = this.#logs.get(id)?.steps.at(-1);
    if (!task || !last) return;
    this.#change(id, [ended(last, "failed")]);
    this.#end(task, "failed");
  }

  /** Stops a build; false where the task is none. */
  stop(id: string): boolean {
    const task = this.#task(id);
    if (!task || !this.#logs.has(id)) return false;
    const last = this.#logs.get(id)?.steps.at(-1);
    if (last) this.#change(id, [ended(last, "stopped")]);
    this.#end(task, "cancelled");
    return true;
  }

  #task(id: string): TaskView | undefined {
    return this.transfers.list().find((one) => one.id === id);
  }

  #change(id: string, changed: BuildStep[]): void {
    const log = this.#logs.get(id) ?? { known: false, steps: [], sent: 0 };
    const all = new Map(log.steps.map((step) => [step.key, step]));
    for (const step of changed) all.set(step.key, step);
    const sent = this.plan.bytes;
    this.#logs.set(id, { known: true, steps: [...all.values()], sent });
    this.tell({ kind: "build", task: id, steps: changed, sent });
  }

  #end(task: TaskView, state: "done" | "failed" | "cancelled"): void {
    clearInterval(this.#timers.get(task.id));
    const then = this.#orders.get(task.id)?.then ?? null;
    const text = this.#logs.get(task.id)?.steps.at(-1)?.text ?? "";
    if (state === "done") this.made({ ...BUILT, created: Math.floor(Date.now() / 1000) });
    // What follows begins before the end is told.
    const next = state === "done" && then !== null ? this.transfers.start("push", then, IMAGE.slice(7, 19)) : null;
    this.transfers.put({
      ...task,
      state,
      done: task.total,
      finishedAt: Math.floor(Date.now() / 1000),
      outcome:
        state === "done"
          ? { kind: "made", image: IMAGE, name: null, then: then !== null, engine: null, next, notes: [] }
          : null,
      problem:
        state === "failed"
          ? {
              code: "other",
              message: `${text} failed.`,
              hints: ["Look at what it printed, mend the Dockerfile or its files, and build again."],
              detail: "returned a non-zero code: 2",
            }
          : null,
    });
  }
}

function begun(key: number, text: string, lines: readonly string[]): BuildStep {
  const began = Math.floor(Date.now() / 1000) - (STEPS[key]?.[1] ?? 0);
  return {
    key,
    number: key + 1,
    of: STEPS.length,
    stage: null,
    text,
    state: "running",
    began,
    seconds: null,
    lines: [...lines],
    more: 0,
  };
}

function ended(step: BuildStep, state: BuildStep["state"]): BuildStep {
  return { ...step, state, seconds: state === "cached" ? null : (STEPS[step.key]?.[1] ?? 0) };
}
