// Words of the search for public images.

import { foreign } from "../foreign";

export const search = {
  title: "Public images",
  show: "Search public images",
  showFor: (typed: string) => `Search public images for “${foreign(typed)}”…`,
  field: "Name, user or description",
  go: "Search",
  stop: "Stop",
  table: "Public images that were found",
  columns: {
    name: "Name",
    user: "User",
    description: "Description",
    stars: "Stars",
    pulls: "Pulls",
  },
  official: "official",
  by: {
    hub: "From Docker Hub",
    engine: (engine: string) => `From ${engine}’s own search`,
  },
  inPlace: (engine: string) => `What stands here is what ${engine}’s own search found.`,
  asking: "Asking Docker Hub…",
  startTitle: "Search public images",
  startText: "Type a name or a word of its description, then press Enter. Docker Hub is asked, without a sign-in.",
  startOther: "To search another registry, begin with its address: quay.io/samtools.",
  none: (typed: string) => `Nothing found for “${foreign(typed)}”.`,
  more: "Show more",
  reading: "Reading more…",
  stars: (count: string, number: number) => (number === 1 ? "1 star" : `${count} stars`),
  pulls: (count: string) => `${count} pulls`,
  menu: (name: string) => `Actions for ${foreign(name)}`,
  open: "Open its tags",
  openWhat: (name: string) => `Open the tags of ${foreign(name)}`,
  pull: "Pull latest",
  copyName: "Copy name",
};
