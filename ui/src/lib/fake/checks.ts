// The connection check of the backend from memory: three lines of it are no good, as a lab's own Harbor may have them.

import type { CheckLine, CheckMark, CheckView, Impossible, Probe } from "../backend/backend";
import { problem } from "./problem";
import type { World } from "./world";

const ASKING: readonly Probe[] = [
  "reached",
  "certificate",
  "clock",
  "signedIn",
  "catalog",
  "paging",
  "read",
  "push",
  "delete",
  "referrers",
  "ranges",
  "commitTags",
  "oldVersions",
  "limits",
  "mount",
  "chunks",
];

type Said = [CheckMark, string, string?];

export class FakeChecks {
  #world: World;
  #last = new Map<string, CheckView>();
  /** What is said of each thing. */
  answers: Record<Probe, Said> = {
    reached: ["good", "Over TLS, 42 ms."],
    certificate: ["good", "Trusted by this computer."],
    clock: ["warn", "It is 3 minutes behind this computer’s."],
    signedIn: ["good", "As ana; your secret goes to registry.polly.example."],
    catalog: ["no", "Not for you; not needed here.", "GET /v2/_catalog (401)"],
    paging: ["good", "In parts."],
    read: ["good", "You may read genomics/aligner."],
    push: ["good", "You may push to genomics/aligner."],
    delete: ["no", "Deleting is switched off at registry.polly.example."],
    referrers: ["good", "Listed."],
    ranges: ["good", "A layer that broke off goes on."],
    commitTags: ["good", "Their names are allowed; none was seen here yet."],
    oldVersions: ["unknown", "Not known of this registry. Many keep it until their next clean-up."],
    limits: ["unknown", "None told."],
    mount: ["unknown", "Only an upload tells; none was begun."],
    chunks: ["unknown", "Only an upload tells; none was begun."],
  };
  /** What is impossible, by account. */
  impossible: Record<string, Impossible[]> = {};
  /** Lines come, and the rest is still asked. */
  stuck: Probe | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  check(account: string, repository: string | null): CheckView {
    const until = this.stuck === null ? ASKING.length : ASKING.indexOf(this.stuck);
    const lines = ASKING.map((probe, at): CheckLine => {
      const [mark, said, asked] = at < until ? this.answers[probe] : (["asking", "Asking…"] as const);
      return { probe, mark, said, detail: null, asked: asked ?? null };
    });
    const running = until < ASKING.length;
    const view = { account, repository: repository ?? "genomics/aligner", askedAt: this.#world.now, lines, running };
    this.#last.set(account, view);
    this.#world.emit({ kind: "checked", check: view });
    return view;
  }

  tryUpload(account: string): CheckView {
    this.answers.mount = ["good", "A layer that another repository has isn’t sent again."];
    this.answers.chunks = ["good", "In chunks; the upload was given up."];
    return this.check(account, this.#last.get(account)?.repository ?? null);
  }

  report(account: string): string {
    const check = this.#last.get(account);
    if (check === undefined) throw problem("Nothing was asked yet.");
    return check.lines.map(({ probe, said }) => `${probe}: ${said}`).join("\n");
  }
}
