// Public images of the backend from memory, as Docker Hub lists them.

import type { SearchPage, SearchRow } from "../backend/backend";
import { problem } from "./problem";

const row = (path: string, description: string, stars: number, pulls: number, official = false): SearchRow => {
  const repository = path.includes("/") ? path : `library/${path}`;
  const [user = "", name = ""] = repository.split("/");
  return { host: "docker.io", repository, user, name, description, stars, pulls, official };
};
const PAGE = 25;

export class FakeSearch {
  rows: SearchRow[] = [
    row(
      "debian",
      "Debian is a Linux distribution that's composed entirely of free software.",
      5210,
      1_400_000_000,
      true,
    ),
    row("staphb/samtools", "Container for samtools, for reading and writing SAM, BAM and CRAM files.", 7, 1_250_000),
    row("biocontainers/samtools", "Tools for manipulating next-generation sequencing data.", 61, 4_800_000),
    row("genomicpariscentre/samtools", "", 3, 90_300),
    row("zlskidmore/samtools", "Samtools docker image, all versions since 1.9", 4, 318_000),
    ...Array.from({ length: 40 }, (_, n) =>
      row(`lab${n}/samtools`, "A pipeline step with samtools in it.", n % 4, n * 137),
    ),
  ];
  /** Docker Hub does not answer: the engine does. */
  refused = false;

  search(term: string, page: number): SearchPage {
    const wanted = term.toLowerCase();
    const found = this.rows.filter((each) => `${each.repository} ${each.description}`.toLowerCase().includes(wanted));
    const rows = found.slice((page - 1) * PAGE, page * PAGE);
    const next = found.length > page * PAGE ? page + 1 : null;
    if (!this.refused) return { rows, next, by: "hub", host: "hub.docker.com", problem: null };
    const why = problem("hub.docker.com has had too many requests for now.", "other", {
      hints: ["Try again in 10 minutes."],
      detail: "Too many requests\nGET /v2/search/repositories/ (429)",
    });
    const told = found.map((each) => ({ ...each, pulls: null }));
    return { rows: told, next: null, by: "engine", host: "Docker", problem: why };
  }
}
