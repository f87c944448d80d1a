import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { transfers } from "../activity/tasks.svelte";
import { app } from "../app/state.svelte";
import type { CommitOrder, ContainerRow } from "../backend/backend";
import type { FakeBackend } from "../fake/fake";
import { push } from "../push/push.svelte";
import PushSheets from "../push/PushSheets.svelte";
import { committing, openCommit, openCommitAnywhere, openCommitTo } from "./commit.svelte";
import MakingSheets from "./MakingSheets.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";
let backend: FakeBackend;
let deaf: () => void;

beforeEach(async () => {
  backend = await started();
  backend.committing.pace = 0;
  deaf = transfers.start();
  render(MakingSheets);
  render(PushSheets);
});
afterEach(() => {
  committing.close();
  push.close();
  deaf();
  cleanup();
});

const container = (name: string): ContainerRow =>
  backend.containerRows.find((row) => row.name === name) as ContainerRow;
const shown = (id: string): HTMLElement => screen.getByTestId(id);
const said = (id: string): string => (shown(id).textContent ?? "").replace(/\s+/g, " ").trim();
const enabled = (id: string): boolean => !screen.getByTestId<HTMLButtonElement>(id).disabled;
const ready = (): Promise<void> => waitFor(() => expect(enabled("commit-go")).toBe(true));
const ordered = (): CommitOrder[] =>
  backend.calls.filter(([name]) => name === "startCommit").map(([, order]) => order as CommitOrder);

async function opened(tag?: string): Promise<void> {
  await openCommitTo(container("notebook"), { account: POLLY, repository: ALIGNER, namespace: null });
  await ready();
  if (tag === undefined) return;
  await fireEvent.input(shown("push-tag"), { target: { value: tag } });
  await waitFor(() => expect(said("push-target")).toContain(tag));
  await ready();
}

describe("the commit sheet", () => {
  it("says what changed, what stays out and what goes, in a few words", async () => {
    await opened("v9");
    expect(said("commit-changed")).toBe("Since its image, jupyter-lab:mine: 14 added, 3 changed, 1 deleted. Show them");
    expect(said("commit-held")).toBe("It is paused while it is read.");
    expect(said("commit-volumes")).toBe("What lies in /data stays out: it is a volume.");
    expect(said("commit-fact")).toMatch(/^at most [\d ]+\.\d MB and its changes$/);
    expect(said("commit-go")).toContain("Commit and push");
    const read = (shown("commit-sheet").textContent ?? "").split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    expect(read.length, read.join(" ")).toBeLessThanOrEqual(60);
    const found = await axe.run(shown("commit-sheet"), {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(found.violations.map(({ id }) => id)).toEqual([]);
  });

  it("lists the first of what changed, and counts the rest", async () => {
    await opened("v9");
    await fireEvent.click(shown("commit-show"));
    const rows = [...shown("commit-changes").querySelectorAll("li")].map((row) =>
      (row.textContent ?? "").replace(/\s+/g, " ").trim(),
    );
    expect(rows).toEqual([
      "+ new /home/jovyan/notes.ipynb",
      "~ changed /etc/pip.conf",
      "− gone /tmp/pip-cache",
      "and 15 more",
    ]);
    await fireEvent.click(shown("commit-show"));
    expect(screen.queryByTestId("commit-changes")).toBeNull();
  });

  it("orders what was answered, and the push with it; the image it is made on is told to the plan", async () => {
    await opened("v9");
    await fireEvent.input(shown("commit-message"), { target: { value: " Notes of Tuesday " } });
    await fireEvent.click(shown("commit-options"));
    await fireEvent.input(shown("commit-author"), { target: { value: "Ana" } });
    await fireEvent.click(shown("commit-pause"));
    await fireEvent.input(shown("commit-lines"), { target: { value: 'env A=b\n\n  CMD ["x"]  ' } });
    expect(screen.queryByTestId("commit-held")).toBeNull();
    await fireEvent.click(shown("commit-go"));
    await waitFor(() => expect(committing.draft).toBeNull());
    const notebook = container("notebook");
    expect(ordered()).toEqual([
      {
        container: notebook.id,
        called: "notebook",
        name: null,
        moveName: false,
        author: "Ana",
        message: "Notes of Tuesday",
        pause: false,
        lines: ["env A=b", 'CMD ["x"]'],
        then: expect.objectContaining({ account: POLLY, repository: ALIGNER, tag: "v9", expected: null }),
      },
    ]);
    const asked = backend.calls.findLast(([name]) => name === "planPush")?.[1];
    expect(asked).toMatchObject({ image: null, base: notebook.imageId, repository: ALIGNER, tag: "v9" });
    // Its row, and then that of its push.
    const [task] = transfers.tasks;
    expect(task).toMatchObject({ kind: "commit", image: "notebook", repository: ALIGNER, tag: "v9" });
    backend.committing.end(task?.id ?? "");
    expect(transfers.tasks.map(({ kind, state }) => [kind, state])).toEqual([
      ["push", "running"],
      ["commit", "done"],
    ]);
    // Its question opens by itself.
    const [pushed] = transfers.tasks;
    const problem = { code: "tagMoved" as const, message: "v9 has moved.", hints: [], detail: null };
    if (pushed) backend.transfers.put({ ...pushed, state: "failed", problem });
    await waitFor(() => expect(push.draft?.problem?.message).toBe("v9 has moved."));
    expect(push.draft).toMatchObject({ account: POLLY, repository: ALIGNER, tag: "v9" });
  });

  it("says before the button what a tag would lose", async () => {
    await opened("v3");
    await waitFor(() => expect(shown("push-target").dataset["digest"]).not.toBe(""));
    expect(said("commit-go")).toMatch(/Commit, push, keep the old one|Commit and replace v3/);
  });

  it("takes no line that can’t be said of a container", async () => {
    await opened("v9");
    await fireEvent.click(shown("commit-options"));
    const type = (value: string): Promise<boolean> => fireEvent.input(shown("commit-lines"), { target: { value } });
    for (const line of ["RUN make", "ENV", "# a comment", "ENV A=b \\"]) {
      await type(`CMD x\n${line}`);
      expect(said("commit-bad-line")).toContain(`“${line}” can’t be said here.`);
      expect(said("commit-bad-line")).toContain("CMD, ENTRYPOINT, ENV");
      expect(said("commit-fact")).toBe("A line under Commit options can’t be said.");
      expect(enabled("commit-go")).toBe(false);
    }
    await type("cmd x");
    expect(screen.queryByTestId("commit-bad-line")).toBeNull();
    await ready();
  });

  it("without a repository keeps the image here, and asks before a name moves", async () => {
    openCommit(container("notebook"));
    await ready();
    expect(screen.queryByTestId("push-tag")).toBeNull();
    expect(screen.getByTestId<HTMLInputElement>("commit-name").value).toBe("notebook:latest");
    expect(said("commit-fact")).toBe("The image stays on this computer.");
    backend.failing.startCommit = {
      ...{ code: "nameTaken", message: "On this computer notebook:latest is another image." },
      ...{ hints: [], detail: null },
    };
    await fireEvent.click(shown("commit-go"));
    await waitFor(() => expect(said("commit-problem")).toContain("is another image"));
    expect(said("commit-go")).toContain("Commit and move the name");
    // Another name is no question any more.
    await fireEvent.input(shown("commit-name"), { target: { value: "notebook:2" } });
    expect(said("commit-go")).not.toContain("move");
    await fireEvent.click(shown("commit-go"));
    await waitFor(() => expect(said("commit-go")).toContain("Commit and move the name"));
    delete backend.failing.startCommit;
    await fireEvent.click(shown("commit-go"));
    await waitFor(() => expect(committing.draft).toBeNull());
    expect(ordered().map(({ name, moveName, then }) => [name, moveName, then])).toEqual([
      ["notebook:latest", false, null],
      ["notebook:2", false, null],
      ["notebook:2", true, null],
    ]);
  });

  it("says so where nothing changed, where nobody knows, and where the container is gone", async () => {
    openCommit(container("aligner-run"));
    await ready();
    expect(said("commit-changed")).toMatch(/^Nothing has changed since its image, .*aligner:v2\.$/);
    expect(screen.queryByTestId("commit-show")).toBeNull();
    openCommit(container("trial"));
    await waitFor(() => expect(said("commit-changed")).toContain("can’t be told soon"));
    expect(screen.queryByTestId("commit-held")).toBeNull();
    openCommit({ ...container("trial"), id: "gone" });
    await waitFor(() => expect(said("commit-problem")).toContain("no longer has this container"));
    expect(enabled("commit-go")).toBe(false);
  });

  it("lists likely places where none was chosen, and takes a new one", async () => {
    openCommitAnywhere(container("notebook"));
    await screen.findByTestId("place-choice");
    expect(said("place-choice")).toContain("Push notebook to…");
    await screen.findAllByTestId("place-option");
    push.placing?.take(`${POLLY}/${ALIGNER}`);
    await waitFor(() => expect(committing.draft?.going?.repository).toBe(ALIGNER));
    expect(push.placing).toBeNull();
    committing.close();

    await openCommitTo(container("notebook"), { account: POLLY, repository: null, namespace: "genomics" });
    await screen.findByTestId("place-choice");
    await fireEvent.input(shown("place-choice-filter"), { target: { value: "fresh" } });
    await fireEvent.click(shown("place-new"));
    await waitFor(() => expect(committing.draft?.going?.repository).toBe("genomics/fresh"));
    expect(said("commit-sheet")).toContain("and push to genomics/fresh");
  });

  it("begins at the tag that its image’s name says", async () => {
    const [row] = backend.imageRows;
    const at = { account: POLLY, repository: ALIGNER, namespace: null };
    await openCommitTo({ ...container("notebook"), image: "team/aligner:dev", imageId: row?.id ?? "" }, at);
    expect(committing.draft?.going?.tag).toBe("dev");
  });

  it("asks for the sign-in first where one is signed out", async () => {
    const away = app.accounts.find(({ state }) => state === "signedOut");
    await openCommitTo(container("notebook"), { account: away?.id ?? "", repository: "a/b", namespace: null });
    expect(committing.draft).toBeNull();
  });
});
