// Words of the engine's images.

import type { ImageStore } from "../../backend/backend";

const stores: Record<ImageStore, string> = {
  graphDriver: "graph-driver store",
  containerd: "containerd store",
};

export const images = {
  title: "Images",
  thisComputer: "This computer",
  engine: (name: string, version: string) => `${name} Engine ${version}`,
  stores,
  table: "Images of this computer",
  filter: (count: string) => `Filter ${count} images`,
  filterOne: "Filter 1 image",
  filterNone: "Filter images",
  noneMatches: (typed: string) => `No image holds “${typed}”.`,
  orderBy: "Order of the images",
  hint: "Drag onto a repository to push",
  orders: {
    newest: "Newest first",
    oldest: "Oldest first",
    name: "Name",
    nameDown: "Name, from the end",
    largest: "Largest first",
    smallest: "Smallest first",
  },
  columns: { name: "Name", image: "Image", created: "Created", size: "Size", place: "In a registry" },
  notPushed: "not pushed",
  known: (repository: string) => `in ${repository}`,
  builtWhen: (when: string) => `built ${when}`,
  noName: "no name",
  pushTo: "Push to…",
  pushWhat: (name: string) => `Push ${name} to a repository…`,
  menu: (name: string) => `Actions for ${name}`,
  copyName: "Copy name",
  copyId: "Copy image ID",
  mark: "Mark for a push",
  marked: "marked: go to a repository",
  emptyTitle: "No image on this computer",
  emptyText: "Pull one from a repository: open it in the sidebar, and choose Pull beside a commit.",
  tryAgain: "Try again",
};
