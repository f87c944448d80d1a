// Trouble that a screen has to stand: names too long, a registry that fails, a keychain that is locked.

import type { TaskView } from "../backend/backend";
import * as data from "./data";
import type { FakeBackend } from "./fake";
import { problem } from "./problem";

/** Puts the trouble into a backend from memory. */
export function misbehave(made: FakeBackend): void {
  const long = "a-name-as-long-as-a-registry-allows-".repeat(4).slice(0, 128);
  made.accountRows.unshift(data.account(`${long.slice(0, 60)}.example:5000`, { user: long.slice(0, 60) }));
  made.accountRows.push(data.account("lab.example", { state: "keychainUnavailable" }));
  made.repositoryNames[made.accountRows[0]?.id ?? ""] = [`${long}/${long}`];
  const tag = "v1.0.0-alpha.1_a-tag-as-long-as-a-registry-allows.".repeat(3).slice(0, 128);
  made.history.movesOf("genomics/aligner").forEach((move, n) => {
    move.tags = move.tags.map((name) => (name === "latest" ? tag : name));
    if (n === 1) move.by = long;
    if (n === 2) move.tags = ["nightly", ...Array.from({ length: 12 }, (_, of) => `${of}-${tag}`.slice(0, 128))];
  });
  const first = made.tagRows["genomics/aligner"]?.[0];
  if (first) made.tagRows["genomics/aligner"]?.unshift({ ...first, name: tag });
  const words = { title: long, description: `${long} `.repeat(15), authors: long, created: made.now };
  made.abouts.words["genomics/aligner"] = words;
  made.abouts.move("genomics/aligner", tag, "8c41f09be2d7", "2e04bfa1e576", 270, { kept: true });
  const image = made.imageRows[0];
  if (image) made.imageRows.unshift({ ...image, key: "long", name: `${long.slice(0, 60)}.example/${long}:${tag}` });
  made.failing.refreshRepositories = problem(
    "The registry does not answer. It may be down, or behind a network you are not on.",
    "other",
    { detail: "connection refused" },
  );
  made.failing.addAccount = problem("The keychain is locked, so the password can’t be kept there.", "keychain", {
    hints: ["Unlock it and sign in again."],
  });
}

/** Puts a transfer of every state into a backend from memory. */
export function manyTransfers(made: FakeBackend): void {
  const [account, repository] = ["registry.polly.example", "genomics/aligner"];
  const asked = { account, repository, tag: "v3" };
  const start = (tag: string): string => made.transfers.start("push", { ...asked, tag }, "d41e07c9a2b3", "aligner:dev");
  const change = (id: string, values: Partial<TaskView>): void => {
    const task = made.transfers.list().find((one) => one.id === id);
    if (task) made.transfers.put({ ...task, ...values });
  };
  made.transfers.end(start("v1"), "done");
  const failed = start("v2");
  made.transfers.end(failed, "failed");
  change(failed, {
    problem: problem("The registry took no more bytes.", "other", { detail: "507 insufficient storage" }),
  });
  made.transfers.end(start("paper-2025"), "interrupted");
  change(start("nightly"), { state: "waiting" });
  change(start("rc"), { retrying: { at: 57_000_000, attempt: 2, of: 5 }, done: 57_000_000 });
  made.transfers.start("pull", asked, "8c41f09be2d7");
}
