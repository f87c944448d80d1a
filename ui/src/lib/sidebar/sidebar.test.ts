import { flushSync } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { settle, started } from "../../test/start";
import { accountSheet } from "../accounts/accounts.svelte";
import { app } from "../app/state.svelte";
import type { Silence } from "../backend/backend";
import { problem, type FakeBackend } from "../fake/fake";
import { committing } from "../making/commit.svelte";
import { push } from "../push/push.svelte";
import { SidebarState } from "./sidebar.svelte";

const POLLY = "registry.polly.example";
let backend: FakeBackend;
let side: SidebarState;

async function open(prepare: (backend: FakeBackend) => void = () => undefined): Promise<void> {
  backend = await started(prepare);
  side = new SidebarState();
  side.lists.listen();
  side.lists.follow(app.accounts);
  await settle();
}
const names = (): string[] => side.rows.flatMap((row) => (row.kind === "repository" ? [row.repository] : []));
const row = (key: string) => {
  const found = side.rows.find((one) => one.key === key);
  if (!found) throw new Error(`no row ${key}`);
  return found;
};
const refreshed = (): unknown[] =>
  backend.calls.filter((call) => call[0] === "refreshRepositories").map((call) => call[1]);

beforeEach(() => {
  accountSheet.close();
  push.close();
});

describe("the sidebar", () => {
  it("refreshes what is signed in, and shows the rest from the cache", async () => {
    await open();
    expect(refreshed()).toEqual([POLLY, "docker.synapse.org"]);
    expect(names()).toContain("genomics/aligner");
  });

  it("reads an account again when the backend says that it is stale, and only then", async () => {
    await open();
    backend.repositoryNames[POLLY] = ["new/tool"];
    await settle();
    expect(names()).not.toContain("new/tool");
    backend.emit({ kind: "stale", what: { of: "repositories", account: POLLY } });
    await settle();
    expect(names()).toContain("new/tool");
  });

  it("keeps the cached rows and says in place what went wrong", async () => {
    await open((made) => (made.failing.refreshRepositories = problem("It does not answer.")));
    expect(names()).toContain("genomics/aligner");
    expect(row(`${POLLY} problem`)).toMatchObject({ note: { problem: { message: "It does not answer." } } });
    backend.failing = {};
    await side.lists.refresh(POLLY);
    expect(side.rows.some((one) => one.key === `${POLLY} problem`)).toBe(false);
  });

  it("reads an account anew once it is signed in again", async () => {
    await open();
    await backend.signIn("ghcr.io", {
      address: "ghcr.io",
      user: "ana",
      secret: "x",
      allowPlainHttp: false,
      keep: { kind: "keychain" },
      agreed: ["basic"],
    });
    await settle();
    side.lists.follow(app.accounts);
    await settle();
    expect(refreshed()).toContain("ghcr.io");
  });

  it("signs out, and says so where that failed", async () => {
    await open((made) => (made.failing.signOut = problem("The keychain is locked.")));
    const polly = app.accounts[0];
    if (!polly) throw new Error("no account");
    await side.signOut(polly);
    expect(side.problem?.message).toBe("The keychain is locked.");
    backend.failing = {};
    await side.signOut(polly);
    expect([side.problem, app.account(POLLY)?.state]).toEqual([null, "signedOut"]);
  });
});

describe("the group of the page on show", () => {
  it("is opened where it starts folded, which nothing remembers as done by hand", async () => {
    await open((made) => {
      made.repositoryNames[POLLY] = Array.from({ length: 13 }, (_, n) => `team-${n}/tool`);
    });
    expect(names()).not.toContain("team-7/tool");
    app.go({ kind: "repository", account: POLLY, repository: "team-7/tool" });
    side.reveal();
    expect(names()).toContain("team-7/tool");
    expect(names()).not.toContain("team-8/tool");
    expect([app.folded, app.unfolded]).toEqual([[], []]);
    side.fold(`${POLLY}/team-7`, true);
    side.reveal();
    expect(names()).not.toContain("team-7/tool");
  });
});

describe("a registry that does not answer", () => {
  const trouble = (asking: boolean): Silence => ({ kind: "trouble", problem: problem("It is gone."), asking });

  it.each<[string, Silence, string]>([
    ["is let go of by Enter while one waits", { kind: "waiting" }, "stopAsking"],
    ["is let go of by Enter while a question waits all the same", trouble(true), "stopAsking"],
    ["is asked anew by Enter where nothing waits", trouble(false), "refreshRepositories"],
    ["is asked anew by Enter once it was let go of", { kind: "ended" }, "refreshRepositories"],
  ])("%s", async (_, silence, call) => {
    await open((made) => made.silent({ of: "account", account: POLLY }, silence));
    const before = backend.calls.length;
    side.enter(row(`${POLLY} silence`));
    expect(backend.calls.slice(before).map(([name]) => name)).toContain(call);
    expect(backend.calls.slice(before).map(([name]) => name)).not.toContain(
      call === "stopAsking" ? "refreshRepositories" : "stopAsking",
    );
  });
});

describe("its keys", () => {
  it("move, fold and unfold as in any tree", async () => {
    await open();
    side.active = POLLY;
    const genomics = side.key("ArrowRight");
    expect(genomics).toBe(side.activeIndex + 1);
    side.active = `${POLLY}/genomics`;
    expect(side.key("ArrowLeft")).toBe(side.activeIndex);
    flushSync();
    expect(app.folded).toEqual([`${POLLY}/genomics`]);
    expect(names()).not.toContain("genomics/aligner");
    expect(side.rows[side.key("ArrowLeft") ?? -1]?.key).toBe(POLLY);
    side.key("ArrowRight");
    expect(app.folded).toEqual([]);
    expect(side.rows[side.key("End") ?? -1]?.key).toBe("ghcr.io");
    expect(side.key("Home")).toBe(0);
    expect(side.key("q")).toBeNull();
  });

  it("open the first match of the filter", async () => {
    await open();
    side.chooseFirst();
    expect(app.place.kind).toBe("welcome");
    side.filter = "qc";
    side.chooseFirst();
    expect(app.place).toEqual({ kind: "repository", account: POLLY, repository: "genomics/qc-report" });
    expect(row(side.here)).toMatchObject({ repository: "genomics/qc-report" });
  });
});

describe("a drop", () => {
  const image = { kind: "image", id: "sha256:aa", name: "aligner:dev" } as const;

  it("on a repository opens the sheet for it, on a namespace or an account it lists those that are there", async () => {
    await open();
    const targets = [`${POLLY} genomics/aligner`, `${POLLY}/genomics`, POLLY].map((key) => side.target(row(key)));
    expect(targets.map((target) => target?.label(image))).toEqual([
      "Push to genomics/aligner",
      "Push to a repository in genomics",
      `Push to a repository in ${POLLY}`,
    ]);
    expect(targets.map((target) => target?.refuses(image))).toEqual([null, null, null]);
    targets[0]?.drop(image);
    await vi.waitFor(() => expect(push.draft?.repository).toBe("genomics/aligner"));
    targets[1]?.drop(image);
    await vi.waitFor(() => expect(push.placing?.namespace).toBe("genomics"));
    push.close();
  });

  it("of a container opens the sheet that commits it first", async () => {
    await open();
    const container = {
      kind: "container",
      id: "c0",
      name: "notebook",
      image: "lab:mine",
      imageId: "sha256:aa",
    } as const;
    const targets = [`${POLLY} genomics/aligner`, `${POLLY}/genomics`, POLLY].map((key) => side.target(row(key)));
    expect(targets.map((target) => target?.label(container))).toEqual([
      "Commit and push to genomics/aligner",
      "Commit and push to a repository in genomics",
      `Commit and push to a repository in ${POLLY}`,
    ]);
    targets[0]?.drop(container);
    await vi.waitFor(() =>
      expect(committing.draft?.going).toMatchObject({ repository: "genomics/aligner", tag: "mine" }),
    );
    committing.close();
    targets[1]?.drop(container);
    await vi.waitFor(() => expect(push.placing?.namespace).toBe("genomics"));
    expect(push.placing?.label).toBe("notebook");
    push.close();
    expect(side.target(row("ghcr.io"))?.refuses(container)).toBe("You are signed out here");
  });

  it("is refused with the reason where one is signed out, and by rows that are no place", async () => {
    await open();
    expect(side.target(row("ghcr.io"))?.refuses(image)).toBe("You are signed out here");
    // Files alone are taken there.
    expect(side.target(row("images"))?.files).toBe(true);
    expect(side.target(row("containers"))).toBeNull();
  });

  it("opens a folded group it rests on", async () => {
    await open();
    side.fold(`${POLLY}/genomics`, true);
    side.target(row(`${POLLY}/genomics`))?.open?.();
    expect(names()).toContain("genomics/aligner");
  });
});
