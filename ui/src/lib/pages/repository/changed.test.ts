// Where the focus is after an act: on what it changed.

import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { settle, started } from "../../../test/start";
import { acts } from "../../acts/acts.svelte";
import { keepCommit } from "../../acts/acts.svelte";
import { said } from "../../acts/said.svelte";
import { changed } from "../../app/changed.svelte";
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
    await waitFor(() => expect((document.activeElement as HTMLElement | null)?.dataset["short"]).toBe("2e04bfa1e576"));
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
  it("says so where its image is gone, or where nobody can tell", async () => {
    const backend = await shown();
    const task = { id: "t", short: "ffffffffffff", account: POLLY, repository: ALIGNER, tag: "v1", problem: null };
    await push.reopen(task as never);
    expect(said.now?.text).toContain("The image ffffffffffff is not on this computer any more");
    backend.failing.images = { code: "noEngine", message: "No engine answers.", hints: [], detail: null };
    await push.reopen(task as never);
    expect(said.now?.problem?.message).toBe("No engine answers.");
  });
});
