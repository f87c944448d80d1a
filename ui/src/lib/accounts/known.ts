// Registries that people know by name, and the address of each. Which kind a registry is, is never read from this: only
// what it answers tells.

import type { words } from "../messages";

export type KnownId = Exclude<keyof typeof words.known, "label" | "byCommand" | "runningCommand">;

/** The names in the order in which they are shown, each with its address where there is but one. */
export const KNOWN: readonly { id: KnownId; address: string }[] = [
  { id: "polly", address: "" },
  { id: "synapse", address: "docker.synapse.org" },
  { id: "hub", address: "docker.io" },
  { id: "github", address: "ghcr.io" },
  { id: "gitlab", address: "registry.gitlab.com" },
  { id: "quay", address: "quay.io" },
  { id: "harbor", address: "" },
  { id: "aws", address: "" },
  { id: "google", address: "" },
  { id: "azure", address: "" },
  { id: "other", address: "" },
  { id: "here", address: "" },
];
