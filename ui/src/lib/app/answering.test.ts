import { describe, expect, it } from "vitest";
import type { Backend, Unanswered } from "../backend/backend";
import { setBackend } from "../backend/current";
import { problem } from "../fake/problem";
import { settle, started } from "../../test/start";
import { answering } from "./answering.svelte";
import { listing } from "./listing.svelte";

const whom = { of: "account", account: "a" } as const;
const waiting: Unanswered = { whom, state: { kind: "waiting" } };

describe("who has not answered", () => {
  it("is as the last reading says, however long an earlier one takes", async () => {
    const answers: ((all: Unanswered[]) => void)[] = [];
    setBackend({ unanswered: () => new Promise((resolve) => answers.push(resolve)) } as unknown as Backend);
    const first = answering.read();
    const second = answering.read();
    void answering.read();
    answers[0]?.([waiting]);
    await settle();
    expect(answers).toHaveLength(2);
    answers[1]?.([]);
    await Promise.all([first, second]);
    expect(answering.all).toEqual([]);
    expect(answers).toHaveLength(2);
  });

  it("is asked again where the backend says that it answers, and not where a question begins", async () => {
    const backend = await started();
    const asked: string[] = [];
    const quiet = answering.onAnswers("a", (account) => asked.push(account));
    backend.silent(whom, { kind: "ended" });
    await settle();
    backend.unansweredRows = []; // asked again, and not answered yet
    backend.emit({ kind: "stale", what: { of: "answering" } });
    await settle();
    expect(asked).toEqual([]);
    backend.emit({ kind: "stale", what: { of: "answers", account: "a" } });
    backend.emit({ kind: "stale", what: { of: "answers", account: "b" } });
    expect(asked).toEqual(["a"]);
    quiet();
  });

  it("is not asked for its list once more where the person ended it", async () => {
    let asked = 0;
    let end = (): void => undefined;
    setBackend({
      refreshRepositories: () =>
        new Promise((_, reject) => {
          asked += 1;
          end = () => reject(problem("You ended it.", "ended"));
        }),
    } as unknown as Backend);
    listing.reset();
    const running = listing.refresh("a");
    void listing.refresh("a");
    end();
    await running;
    expect(asked).toBe(1);
    listing.reset();
  });
});
