// Words about whose registry an account is at.

import type { KindMeans, KindPart, VendorId } from "../../backend/backend";
import { second } from "./second";

/** The vendors, by the names that people know. */
const vendors: Record<VendorId, string> = {
  plain: "OCI registry",
  hub: "Docker Hub",
  synapse: "Synapse",
  polly: "Polly",
  harbor: "Harbor",
  quay: "Quay",
  ghcr: "GitHub",
  gitlab: "GitLab",
  gitea: "Gitea or Forgejo",
  ecr: "Amazon ECR",
  ecrPublic: "Amazon ECR Public",
  google: "Google Artifact Registry",
  acr: "Azure Container Registry",
  artifactory: "Artifactory",
  nexus: "Nexus",
  zot: "zot",
  pulp: "Pulp",
};

const parts: Record<KindPart, string> = {
  list: "Repositories",
  describe: "Descriptions",
  create: "New repositories",
  tagFacts: "Tag details",
  history: "Older versions",
  deleteTag: "Deleting a tag",
  deleteCommit: "Deleting a commit",
  restore: "Restoring",
};

const means: Record<Exclude<KindMeans, "native">, string> = {
  byProtocol: "registry protocol",
  byCommitTags: "commit tags",
  impossible: "not possible",
};

export const kinds = {
  open: "Registry type…",
  title: (host: string) => `Registry type of ${host}`,
  vendors,
  recognised: "by what it answers",
  chosen: "chosen by hand",
  notYet: "Not recognised yet. That happens when its repositories are listed.",
  answersAs: (vendor: string) => `It answers as ${vendor}.`,
  change: "Change…",
  again: "By what it answers",
  table: "How each thing works",
  what: "What",
  how: "How",
  parts,
  means,
  native: (vendor: string) => `${vendor}’s own interface`,
  done: "Done",
  command: {
    missing: (program: string) => `${program} isn’t on this computer. Its table can be pasted under About.`,
    ask: (program: string) => `Its interface is ${program}, another company’s program.`,
    organisation: "Organisation",
    letRun: (program: string) => `Let Longshore run ${program}`,
    running: "Running…",
    runs: (program: string) => `Longshore runs ${program} for this registry.`,
    stop: "Stop running it",
  },
  second,
};
