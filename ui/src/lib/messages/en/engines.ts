// Words of the engines there are to choose from.

import type { EngineWay } from "../../backend/backend";

const ways: Record<EngineWay, string> = {
  ssh: "over SSH",
  tls: "over TLS",
  plain: "unencrypted",
};

export const engines = {
  choose: "Choose an engine",
  first: "The first that answers",
  here: "this computer",
  there: (host: string, way: EngineWay) => `${host}, ${ways[way]}`,
  answers: (name: string, version: string) => `${name} ${version}`,
  asking: "is being asked",
  notAsked: "not asked yet",
  used: "in use",
  look: "Look for engines",
  lookAgain: "Look again",
  looking: "Looking for engines…",
  another: "Another address…",
  use: (name: string) => `Use engine ${name}`,
  pullTo: (name: string) => `Pull to ${name}`,
  confideTitle: "Send your sign-in along?",
  confide: (registry: string, host: string) =>
    `Your sign-in at ${registry} goes to ${host} for this pull, as the engine there signs in by itself.`,
  confideOnce: "This is asked once for each registry and computer, until Longshore is closed.",
  pull: "Pull",
  goesTo: (registry: string, host: string) => `Your sign-in at ${registry} goes to ${host}, where the engine is.`,
};
