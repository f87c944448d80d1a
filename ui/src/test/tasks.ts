// A task as the backend lists it, for tests: a pull of `genomics/aligner:v3` that has just begun.

import type { TaskView } from "../lib/backend/backend";

export function task(changes: Partial<TaskView> = {}): TaskView {
  return {
    id: "t1",
    kind: "pull",
    account: "registry.polly.example",
    repository: "genomics/aligner",
    tag: "v3",
    short: "2e04bfa1e576",
    image: null,
    state: "running",
    unit: "bytes",
    untold: false,
    canRetry: true,
    done: 0,
    total: 0,
    rate: null,
    retrying: null,
    items: [],
    outcome: null,
    problem: null,
    startedAt: 100,
    finishedAt: null,
    ...changes,
  };
}
