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
  insecure: (name: string, registries: string) =>
    `${name} may use plain HTTP or an untrusted certificate with ${registries}`,
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
  columns: {
    name: "Name",
    image: "Image",
    created: "Created",
    size: "Size",
    unique: "Unique",
    platform: "Platform",
    usedBy: "Used by",
    place: "In a registry",
  },
  partsOf: "Parts of the images",
  tabs: { all: "All", notPushed: "Not pushed", dangling: "Dangling" },
  noneNotPushed: "Every image with a name is in a registry.",
  noneDangling: "No image without a name.",
  sizeOf: (unique: string, shared: string | null) =>
    shared === null ? `${unique} unique, nothing shared` : `${unique} unique, ${shared} shared with other images`,
  uniqueOf: (size: string) => `${size} unique`,
  usedBy: (names: string) => `used by ${names}`,
  andMore: (names: string, count: string) => `${names} and ${count} more`,
  notPushed: "not pushed",
  newer: (tag: string) => `newer than ${tag}`,
  newerTitle: (name: string) => `Built after the active commit of ${name}, and not pushed`,
  known: (repository: string) => `in ${repository}`,
  builtWhen: (when: string) => `built ${when}`,
  pushTo: "Push to…",
  pushWhat: (name: string) => `Push ${name} to a repository…`,
  menu: (name: string) => `Actions for ${name}`,
  copyName: "Copy name",
  copyDigest: "Copy path by digest",
  copyId: "Copy image ID",
  mark: "Mark for a push",
  marked: "marked: go to a repository",
  emptyTitle: "No image on this computer",
  emptyText: "Pull one from a repository: open it in the sidebar, and choose Pull beside a commit.",
  tryAgain: "Try again",
};
