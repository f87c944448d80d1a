// The backend from memory as the address of a plain browser asks for it.

import type { Whom } from "../backend/backend";
import { FakeBackend } from "./fake";
import { manyMoves } from "./history";
import { problem } from "./problem";
import { manyTransfers, misbehave } from "./trouble";

const ACCOUNT = "registry.polly.example";
const MOVED = [
  ["v3", "2e04bfa1e576", "8c41f09be2d7", 270],
  ["v2", "51aa0be3c96f", null, 7200],
  ["nightly", "a60c1d7be920", "ee10b2947d35", 18_000],
] as const;

/**
 * Makes one: `?fake&empty&at=images`, `&at=genomics/aligner`, `&tab=timeline`, `&commits=5000&tags=300`,
 * `&list=genomics`, `&moved=3`, `&silence=waiting`, `&many=300`, `&bad`, `&transfers`.
 */
export function fromAddress(search: string): FakeBackend {
  const asked = new URLSearchParams(search);
  const made = new FakeBackend({ latency: Number(asked.get("latency") ?? 120), empty: asked.has("empty") });
  const at = asked.get("at");
  if (at === "settings") made.preferences.place = { kind: "settings" };
  else if (at === "images" || at === "containers") made.preferences.place = { kind: at };
  else if (at) made.preferences.place = { kind: "repository", account: ACCOUNT, repository: at };
  const list = asked.get("list");
  if (list !== null) made.preferences.place = { kind: "repositories", account: ACCOUNT, namespace: list || null };
  const tab = asked.get("tab");
  if (tab === "timeline" || tab === "about") made.preferences.tab = tab;
  const [commits, tags] = [Number(asked.get("commits") ?? 0), Number(asked.get("tags") ?? 300)];
  if (commits > 0 && at) made.history.moves[at] = manyMoves(made.now, commits, tags);
  for (const [moved, from, to, ago] of MOVED.slice(0, Number(asked.get("moved") ?? 0))) {
    made.abouts.move("genomics/aligner", moved, from, to, ago, { kept: moved === "nightly" });
  }
  beSilent(
    made,
    asked.get("silence"),
    at === "images" || at === "containers" ? { of: "engine" } : { of: "account", account: ACCOUNT },
  );
  if (asked.has("bad")) misbehave(made);
  if (asked.has("transfers")) manyTransfers(made);
  const many = Number(asked.get("many") ?? 0);
  for (let n = 0; n < many; n += 1) made.repositoryNames["docker.synapse.org"]?.push(`syn${n % 40}/tool-${n}`);
  return made;
}

function beSilent(made: FakeBackend, silence: string | null, whom: Whom): void {
  if (silence === "waiting" || silence === "ended") made.silent(whom, { kind: silence });
  if (silence !== "trouble") return;
  const told = problem(`${ACCOUNT} can’t be reached.`, "noAnswer", {
    hints: ["Check the address and port, and that you are on the network or VPN it needs."],
    detail: "connection refused",
  });
  made.silent(whom, { kind: "trouble", problem: told, asking: false });
}
