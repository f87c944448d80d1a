// Words of the engine's containers.

import type { ContainerState } from "../../backend/backend";

const states: Record<ContainerState, string> = {
  created: "never started",
  running: "running",
  paused: "paused",
  restarting: "restarting",
  stopped: "stopped",
  removing: "being removed",
  dead: "dead",
  other: "in a state unknown here",
};

export const containers = {
  title: "Containers",
  table: "Containers of this computer",
  partsOf: "Parts of the containers",
  tabs: { running: "Running", all: "All" },
  filter: (count: string) => `Filter ${count} containers`,
  filterOne: "Filter 1 container",
  filterNone: "Filter containers",
  noneMatches: (typed: string) => `No container holds “${typed}”.`,
  nothingRuns: "Nothing runs.",
  orderBy: "Order of the containers",
  orders: {
    newest: "Newest first",
    oldest: "Oldest first",
    name: "Name",
    nameDown: "Name, from the end",
    state: "State",
  },
  columns: { name: "Name", image: "Image", state: "State", started: "Started", runs: "Runs" },
  states,
  changed: "changed since its image",
  changedAnd: "changed since its image · ",
  changedHow: (added: string, modified: string, deleted: string) =>
    `${added} added, ${modified} changed, ${deleted} deleted`,
  andMore: (count: string) => `and ${count} more`,
  startedWhen: (when: string) => `started ${when}`,
  endedWhen: (when: string) => `ended ${when}`,
  menu: (name: string) => `Actions for ${name}`,
  mark: "Mark for a commit and push",
  marked: "marked: go to a repository",
  hint: "Drag onto a repository to commit and push",
  showImage: "Show its image",
  copyName: "Copy name",
  copyId: "Copy container ID",
  emptyTitle: "No container on this computer",
  emptyText: "Containers you run show here. Drag one onto a repository to commit and push it.",
};
