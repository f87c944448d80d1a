// Where the focus is after an act: on what it changed.

import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { settle, started } from "../../../test/start";
import { task as some } from "../../../test/tasks";
import { acts } from "../../acts/acts.svelte";
import { keepCommit, openMakeActive } from "../../acts/acts.svelte";
import { said } from "../../acts/said.svelte";
import { transfers } from "../../activity/tasks.svelte";
import { changed, HELD } from "../../app/changed.svelte";
import { app } from "../../app/state.svelte";
import { digest } from "../../fake/data";
import { push } from "../../push/push.svelte";
import RepositoryPage from "./RepositoryPage.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";

async function shown(tab: "tags" | "timeline" = "tags") {
  const backend = await started((made) => {
    made.preferences.place = { kind: "repository", account: POLLY, repository: ALIGNER };
    made.preferences.tab = tab;
  });
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  render(RepositoryPage, { account, repository: ALIGNER });
  await waitFor(() => expect(screen.queryAllByTestId(tab === "tags" ? "tag-row" : "timeline-row")).not.toHaveLength(0));
  return backend;
}
const focused = (): string | undefined => (document.activeElement as HTMLElement | null)?.dataset["tag"];
const short = (): string | undefined => (document.activeElement as HTMLElement | null)?.dataset["short"];
const at = (tag: string, commit: string | null = null) => ({ account: POLLY, repository: ALIGNER, tag, commit });

afterEach(() => {
  acts.closeActive();
  said.dismiss();
  changed.at = null;
  cleanup();
  app.tab = "tags";
});

describe("after an act", () => {
  it("the focus is on the tag that was moved", async () => {
    await shown();
    changed.note(at("nightly"));
    await waitFor(() => expect(focused()).toBe("nightly"));
  });

  it("it is on the row of the commit that was kept", async () => {
    await shown("timeline");
    await keepCommit({ account: POLLY, repository: ALIGNER, tag: "v3", digest: digest("2e04bfa1e576") });
    await waitFor(() => expect(short()).toBe("2e04bfa1e576"));
  });

  it("it is on the row of the commit that became active, not on the one that was", async () => {
    const backend = await shown("timeline");
    const read = backend.timeline;
    let answer = (): void => undefined;
    openMakeActive({ account: POLLY, repository: ALIGNER, tag: "v3", commit: digest("2e04bfa1e576") });
    await waitFor(() => expect(acts.active?.ready).toBe(true));
    // The rows are read again some time after the act.
    backend.timeline = async (...asked) => {
      await new Promise<void>((done) => (answer = done));
      return read(...asked);
    };
    await acts.makeActive();
    await settle();
    expect(short()).toBeUndefined();
    expect(changed.at).toMatchObject(at("v3", digest("2e04bfa1e576")));
    await vi.waitFor(() => {
      answer();
      expect(short()).toBe("2e04bfa1e576");
    });
  });

  it("a push leads to the commit that arrived", async () => {
    const backend = await shown("timeline");
    const arrived = digest("feedfeed0001");
    await push.open({
      imageId: "sha256:aa",
      name: null,
      account: POLLY,
      repository: ALIGNER,
      namespace: null,
      tag: "v3",
    });
    await waitFor(() => expect(push.draft).not.toBeNull());
    if (push.draft)
      push.draft.push = () =>
        Promise.resolve({ id: "p1", order: { account: POLLY, repository: ALIGNER, tag: "v3" } } as never);
    await push.go();
    const outcome = { kind: "moved", name: "", digest: arrived, commitTag: null, previous: null, notes: [] };
    const deaf = transfers.start();
    const task = { id: "p1", kind: "push", state: "done", tag: "v3", items: [], outcome };
    backend.emit({ kind: "task", task: task as never });
    await settle();
    deaf();
    transfers.tasks = [];
    expect(changed.at).toMatchObject(at("v3", arrived)); // no row shows it yet
    expect(short()).toBeUndefined();
  });

  it("it stays with a person who typed already when it was done", async () => {
    await shown();
    const field = screen.getByTestId("tags-filter");
    field.focus();
    changed.note(at("nightly"));
    await waitFor(() => expect(changed.at).toBeNull());
    await settle();
    expect(document.activeElement).toBe(field);
  });

  it("it stays with a person who went on before the registry had answered", async () => {
    const backend = await shown("timeline");
    const keep = backend.keepCommit;
    let answer = (): void => undefined;
    backend.keepCommit = async (order) => {
      await new Promise<void>((done) => (answer = done));
      return keep(order);
    };
    const other = document.createElement("button");
    document.body.append(other);
    const kept = keepCommit({ account: POLLY, repository: ALIGNER, tag: "v3", digest: digest("2e04bfa1e576") });
    other.focus();
    answer();
    await kept;
    await waitFor(() => expect(changed.at).toBeNull());
    await settle();
    expect(document.activeElement).toBe(other);
    other.remove();
  });

  it("it is let go of where the page is left, shows no list, or knows nothing of it for long", async () => {
    await shown();
    const unknown = at("not-there");
    changed.note(unknown);
    await settle();
    expect(changed.at).toEqual(unknown);
    app.tab = "about";
    await waitFor(() => expect(changed.at).toBeNull());
    app.tab = "tags";
    changed.note(unknown);
    cleanup();
    expect(changed.at).toBeNull();
    await shown();
    vi.useFakeTimers();
    try {
      changed.note(unknown);
      await vi.advanceTimersByTimeAsync(HELD - 1);
      expect(changed.at).toEqual(unknown);
      await vi.advanceTimersByTimeAsync(1);
      expect(changed.at).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("it stays with a person who has gone on, who types, or who is elsewhere", async () => {
    await shown();
    const field = screen.getByTestId("tags-filter");
    changed.note(at("nightly"));
    field.focus();
    await settle();
    expect(document.activeElement).toBe(field);
    changed.note({ ...at("nightly"), repository: "genomics/qc-report" });
    expect(changed.at).toBeNull();
    const other = document.createElement("button");
    document.body.append(other);
    changed.note(at("v2"), field);
    other.focus();
    await settle();
    expect(document.activeElement).toBe(other);
    other.remove();
  });
});

describe("a push that came back in an earlier run", () => {
  it("goes on from what was ordered, at the engine that the order names", async () => {
    const backend = await shown();
    const problem = { code: "tagMoved" as const, message: "The tag moved.", hints: [], detail: null };
    const image = "ffffffffffff"; // the used engine doesn’t have it
    const came = { kind: "push" as const, account: POLLY, repository: ALIGNER, tag: "v1", short: image, problem };
    backend.transfers.put(some({ ...came, id: "t", engine: "context:gpu", state: "failed", image: "aligner:gpu" }));
    await push.reopen(some({ ...came, id: "t" }));
    await waitFor(() => expect(backend.calls.some(([name]) => name === "planPush")).toBe(true));
    expect(backend.calls.find(([name]) => name === "planPush")?.[1]).toMatchObject({
      ...{ image: `sha256:${image}`, name: "aligner:gpu", engine: "context:gpu" },
      ...{ account: POLLY, repository: ALIGNER, tag: "v1" },
    });
    push.close();
  });

  it("says so where nobody can tell what was ordered", async () => {
    const backend = await shown();
    backend.failing.orderedPush = { code: "other", message: "It can’t be read.", hints: [], detail: null };
    await push.reopen(some({ id: "t", kind: "push" }));
    expect(said.now?.text).toContain("What was ordered can’t be read");
    expect(said.now?.problem?.message).toBe("It can’t be read.");
  });
});
