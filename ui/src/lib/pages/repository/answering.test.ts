import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import { settle, started } from "../../../test/start";
import { app } from "../../app/state.svelte";
import type { Silence, Whom } from "../../backend/backend";
import { problem, type FakeBackend } from "../../fake/fake";
import RepositoryPage from "./RepositoryPage.svelte";

afterEach(cleanup);

const POLLY = "registry.polly.example";
const whom: Whom = { of: "account", account: POLLY };
const gone = problem("It can’t be reached.", "noAnswer", { hints: ["Check the network."] });
const trouble: Silence = { kind: "trouble", problem: gone, asking: false };

async function shown(repository = "genomics/aligner", prepare: (made: FakeBackend) => void = () => undefined) {
  const backend = await started(prepare);
  app.tab = "tags";
  const account = app.account(POLLY);
  if (account === undefined) throw new Error("no account");
  render(RepositoryPage, { account, repository });
  await settle();
  return backend;
}

const called = (backend: FakeBackend, name: string): number => backend.calls.filter((call) => call[0] === name).length;

describe("a registry that does not answer", () => {
  it("is named, and can be let go of", async () => {
    const backend = await shown();
    backend.silent(whom, { kind: "waiting" });
    await waitFor(() => expect(screen.getByTestId("answering").textContent).toContain(`${POLLY} hasn’t answered yet.`));
    await fireEvent.click(screen.getByTestId("stop-asking"));
    await waitFor(() => expect(screen.getByTestId("answering").dataset["kind"]).toBe("ended"));
    expect(backend.calls).toContainEqual(["stopAsking", whom]);
    const asked = called(backend, "refreshTags");
    await fireEvent.click(screen.getByTestId("ask-again"));
    await waitFor(() => expect(called(backend, "refreshTags")).toBe(asked + 1));
  });

  it("is told once, above the rows, as of when they were read; what is in sight is read again when it is back", async () => {
    const backend = await shown("genomics/aligner", (made) => {
      made.silent(whom, trouble);
      made.failing = { refreshTags: gone, resolveTag: gone, askCommits: gone, refreshAbout: gone };
    });
    await waitFor(() => expect(screen.getAllByText(gone.message)).toHaveLength(1));
    expect(screen.getByTestId("problem").dataset["kind"]).toBe("trouble");
    expect(screen.getByTestId("as-of").textContent).toContain("as of");
    await waitFor(() => expect(screen.getAllByTestId("tag-row").length).toBeGreaterThan(5));
    const first = screen.getAllByTestId("tag-row")[0];
    if (first === undefined) throw new Error("no row");
    expect(screen.getByTestId("problem").compareDocumentPosition(first)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    const asked = called(backend, "refreshTags");
    backend.failing = {};
    backend.silent(whom, null);
    await waitFor(() => expect(called(backend, "refreshTags")).toBe(asked + 1));
    await waitFor(() => expect(screen.queryByTestId("problem")).toBeNull());
  });

  it("is told by the page itself where nobody else does", async () => {
    await shown("genomics/aligner", (made) => (made.failing = { refreshTags: gone }));
    await waitFor(() => expect(screen.getByTestId("problem").dataset["kind"]).toBe("own"));
  });
});

describe("an empty repository", () => {
  it("is called so when its registry has said so, and not before", async () => {
    let answer: (() => void) | undefined;
    const backend = await shown("genomics/variant-filter", (made) => {
      made.refreshTags = () => new Promise((done) => (answer = done));
    });
    await waitFor(() => expect(answer).toBeDefined());
    await settle();
    expect(screen.queryByTestId("repository-empty")).toBeNull();
    answer?.();
    await waitFor(() => screen.getByTestId("repository-empty"));
    backend.silent(whom, trouble);
    await waitFor(() => expect(screen.queryByTestId("repository-empty")).toBeNull());
  });
});
