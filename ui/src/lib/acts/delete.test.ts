import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { accountSheet } from "../accounts/accounts.svelte";
import { transfers } from "../activity/tasks.svelte";
import type { DeleteItem, DeleteOrder, DeletePlan } from "../backend/backend";
import { digest } from "../fake/data";
import { problem, type FakeBackend } from "../fake/fake";
import { acts, keepCommit, openDelete } from "./acts.svelte";
import ActSheets from "./ActSheets.svelte";
import { said } from "./said.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";
const tag = (name: string): DeleteItem => ({ kind: "tag", name });

async function opened(items: DeleteItem[], prepare?: (backend: FakeBackend) => void): Promise<FakeBackend> {
  const backend = await started(prepare);
  render(ActSheets);
  openDelete({ account: POLLY, repository: ALIGNER, items });
  await waitFor(() => expect(acts.deleting?.planning).toBe(false));
  await waitFor(() => expect(screen.getByTestId("delete-sheet")).toBeTruthy());
  return backend;
}
const planned =
  (changes: Partial<DeletePlan>) =>
  (made: FakeBackend): void => {
    const plan = made.acts.planDelete.bind(made.acts);
    made.acts.planDelete = (question) => ({ ...plan(question), ...changes });
  };
const held = (made: FakeBackend): void => void (made.removals.held = true);
const text = (id: string): string => screen.getByTestId(id).textContent?.replace(/\s+/g, " ").trim() ?? "";
const orders = (backend: FakeBackend): DeleteOrder[] =>
  backend.calls.filter(([name]) => name === "delete").map(([, order]) => order as DeleteOrder);
const press = (id: string): Promise<boolean> => fireEvent.click(screen.getByTestId(id));
const deleted = (backend: FakeBackend): string[] =>
  backend.tagsOf(ALIGNER).flatMap((row) => (row.deleted ? [row.name] : []));

afterEach(() => {
  acts.closeDelete();
  said.dismiss();
  accountSheet.close();
  cleanup();
});

describe("the sheet before a deletion", () => {
  it("says what it points at, what else goes, what stays, what is freed, what was not checked, and how", async () => {
    await opened([tag("v3")]);
    expect(screen.getByText("Delete the tag v3?")).toBeTruthy();
    expect(text("delete-what")).toMatch(/^It points at 8c41f09be2d7, pushed \d hours? ago\.$/);
    expect(text("delete-goes")).toBe("nothing else");
    expect(text("delete-stays")).toContain("tag latest: It points at the same commit.");
    expect(text("delete-freed")).toBe("nothing: 404.0 MB are shared and stay");
    expect(text("delete-unchecked")).toContain("Platform images in other repositories.");
    await press("delete-options");
    expect(text("delete-how")).toContain("so latest is not touched");
    expect(text("delete-fact")).toBe("Can be undone");
  });

  it("has no fault a checker finds", async () => {
    await opened(["v3", "latest", "nightly", "nightly-arm", "v2", "v1", "paper-2025"].map(tag));
    for (const more of screen.getAllByTestId("show-more")) await fireEvent.click(more);
    const found = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("begins with Cancel: it has the focus, and Enter does not delete", async () => {
    const backend = await opened([tag("nightly")]);
    expect(document.activeElement).toBe(screen.getByTestId("delete-cancel"));
    const buttons = screen.getByTestId("delete-cancel").parentElement?.querySelectorAll("button") ?? [];
    expect([...buttons].map((button) => button.textContent?.trim())).toEqual(["Cancel", "Delete tag"]);
    await fireEvent.submit(screen.getByTestId("delete-go").closest("form") as HTMLFormElement);
    expect(orders(backend)).toEqual([]);
    await press("delete-cancel");
    expect(screen.queryByTestId("delete-sheet")).toBeNull();
    expect(orders(backend)).toEqual([]);
  });

  it("offers to keep first what would lose its last name, and keeps it before the tag goes", async () => {
    const backend = await opened([tag("nightly")]);
    expect(text("delete-goes")).toContain("commit ee10b2947d35");
    await press("delete-keep-first");
    await press("delete-go");
    await waitFor(() => expect(deleted(backend)).toEqual(["nightly"]));
    const made = backend.calls.filter(([name]) => name === "keepCommit" || name === "delete");
    expect(made.map(([name]) => name)).toEqual(["keepCommit", "delete"]);
    expect(made[0]?.[1]).toMatchObject({ tag: "nightly", digest: digest("ee10b2947d35") });
  });

  it("deletes nothing where what should be kept first can't be", async () => {
    const backend = await opened([tag("nightly")], (made) => {
      made.failing = { keepCommit: problem("This registry takes no such tag.") };
    });
    await press("delete-keep-first");
    await press("delete-go");
    await waitFor(() => expect(text("delete-problem")).toContain("This registry takes no such tag."));
    expect(orders(backend)).toEqual([]);
  });

  it("offers no keeping where another name holds the commit", async () => {
    await opened([tag("v3")]);
    expect(screen.queryByTestId("delete-keep-first")).toBeNull();
  });

  it("leaves with Escape", async () => {
    const backend = await opened([tag("nightly")]);
    await fireEvent.keyDown(screen.getByTestId("delete-sheet"), { key: "Escape" });
    expect(screen.queryByTestId("delete-sheet")).toBeNull();
    expect(orders(backend)).toEqual([]);
  });

  it("lists every tag that goes with a commit", async () => {
    await opened([{ kind: "commit", digest: digest("8c41f09be2d7") }]);
    expect(screen.getByText("Delete the commit 8c41f09be2d7?")).toBeTruthy();
    expect(screen.getAllByTestId("effect").map((each) => each.textContent?.replace(/\s+/g, " "))).toEqual([
      "tag v3",
      "tag latest",
    ]);
    expect(text("delete-go")).toBe("Delete commit");
  });

  it("speaks of keeping where it is a commit tag", async () => {
    const backend = await started();
    render(ActSheets);
    const kept = backend.acts.commits(POLLY, ALIGNER, backend.tagsOf(ALIGNER)[0] as never)[1]?.commitTag ?? "";
    openDelete({ account: POLLY, repository: ALIGNER, items: [tag(kept)] });
    await waitFor(() => expect(screen.getByText("Stop keeping 2e04bfa1e576?")).toBeTruthy());
    await waitFor(() => expect(text("delete-what")).toContain("keeps this commit of v3: 2e04bfa1e576"));
    await press("delete-go");
    await waitFor(() => expect(text("said-text")).toBe("2e04bfa1e576 is no longer kept."));
    const rows = backend.acts.commits(POLLY, ALIGNER, backend.tagsOf(ALIGNER)[0] as never);
    expect(rows.map((row) => row.commitTag !== null)).toEqual([false, false, true, false]);
    await press("said-undo");
    await waitFor(() => expect(text("said-text")).toBe("2e04bfa1e576 is back."));
  });

  it("has no button where nothing can be deleted, and says why", async () => {
    await opened([tag("nightly")], planned({ impossible: "Deleting is switched off on this registry." }));
    expect(text("delete-impossible")).toBe("Deleting is switched off on this registry.");
    expect(screen.queryByTestId("delete-go")).toBeNull();
    expect(screen.queryByTestId("delete-goes")).toBeNull();
    expect(text("delete-cancel")).toBe("Close");
  });

  it("leaves alone what is refused, and says why", async () => {
    const backend = await opened([tag("nightly"), tag("paper-2025")]);
    expect(screen.getByText("Delete 2 tags?")).toBeTruthy();
    expect(text("delete-refused")).toBe("paper-2025: This registry lets nobody change paper-2025.");
    expect(text("delete-go")).toBe("Delete tag");
    await press("delete-go");
    await waitFor(() => expect(orders(backend)).toHaveLength(1));
    expect(orders(backend)[0]?.items).toEqual([{ item: tag("nightly"), expected: digest("ee10b2947d35"), names: [] }]);
  });

  it("bounds a long list, and shows more of it on request", async () => {
    const many = Array.from({ length: 60 }, (_, n) => ({
      kind: "tag" as const,
      name: `t${n}`,
      digest: digest("8c41f09be2d7"),
      note: null,
    }));
    await opened([tag("v3")], planned({ goes: many, stays: [] }));
    expect(screen.getAllByTestId("effect")).toHaveLength(4);
    expect(text("show-more")).toBe("and 56 more");
    await press("show-more");
    expect(screen.getAllByTestId("effect")).toHaveLength(60);
  });

  it("says where a thing is not there any more", async () => {
    await opened([tag("never-was")]);
    expect(text("delete-what")).toBe("It is not there any more.");
    expect(screen.queryByTestId("delete-go")).toBeNull();
  });

  it("shows in place why there is no plan, with the sign-in as the next step", async () => {
    const backend = await opened([tag("nightly")], (made) => {
      made.failing = { planDelete: problem("Your sign-in is no longer accepted.", "signIn") };
    });
    expect(screen.getByTestId("delete-problem").dataset["code"]).toBe("signIn");
    expect(screen.queryByTestId("delete-go")).toBeNull();
    await press("act-sign-in");
    expect(accountSheet.open.kind).toBe("form");
    backend.failing = {};
    await fireEvent.click(screen.getByText("Try again"));
    await waitFor(() => expect(text("delete-what")).toContain("ee10b2947d35"));
  });
});

describe("a deletion", () => {
  it("is told in a line with Undo, which puts everything back", async () => {
    const backend = await opened([tag("nightly")]);
    await press("delete-go");
    await waitFor(() => expect(text("said-text")).toBe("Deleted nightly."));
    expect(screen.getByTestId("said-text").getAttribute("role")).toBe("status");
    expect(deleted(backend)).toEqual(["nightly"]);
    await press("said-undo");
    await waitFor(() => expect(text("said-text")).toBe("nightly is back."));
    expect(deleted(backend)).toEqual([]);
    await press("said-dismiss");
    expect(text("said-text")).toBe("");
  });

  it("is undone with Ctrl Z, and never while one types", async () => {
    const backend = await opened([tag("nightly")]);
    await press("delete-go");
    await waitFor(() => expect(deleted(backend)).toEqual(["nightly"]));
    const field = document.createElement("input");
    document.body.append(field);
    await fireEvent.keyDown(field, { key: "z", ctrlKey: true });
    field.remove();
    expect(deleted(backend)).toEqual(["nightly"]);
    await fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
    await waitFor(() => expect(deleted(backend)).toEqual([]));
  });

  it("lists what failed with its sentence", async () => {
    await opened([tag("nightly"), tag("v2")], (made) => {
      const real = made.acts.delete.bind(made.acts);
      made.acts.delete = (order) => {
        const moved = made.tagsOf(ALIGNER).find((row) => row.name === "v2");
        if (moved) moved.digest = digest("deadbeef0001");
        return real(order);
      };
    });
    await press("delete-go");
    await waitFor(() => expect(text("said-text")).toBe("Deleted 1 of 2."));
    expect(text("said-failed")).toBe("v2: It points elsewhere now.");
  });

  it("says why it could not be undone", async () => {
    const backend = await opened([tag("nightly")]);
    await press("delete-go");
    await waitFor(() => expect(screen.getByTestId("said-undo")).toBeTruthy());
    backend.failing = { undoDelete: problem("The layers are no longer there.") };
    await press("said-undo");
    await waitFor(() => expect(text("said-problem")).toContain("no longer there"));
  });

  it("stays on the sheet where it could not be done at all, with a new plan where something moved", async () => {
    const backend = await opened([tag("nightly")]);
    backend.failing = { delete: problem("nightly points at something else now.", "tagMoved") };
    await press("delete-go");
    await waitFor(() => expect(screen.getByTestId("delete-again")).toBeTruthy());
    expect(screen.getByTestId("delete-problem").dataset["code"]).toBe("tagMoved");
    backend.failing = {};
    await press("delete-go");
    await waitFor(() => expect(deleted(backend)).toEqual(["nightly"]));
  });

  it("can be stopped while it runs, that one alone, and tells what went", async () => {
    const backend = await opened([tag("nightly"), tag("v1"), tag("v2")], held);
    const other = await backend.delete({ account: POLLY, repository: "imaging/segment", items: [] });
    await press("delete-go");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("delete-stop")));
    expect(text("delete-fact")).toBe("Deleting…");
    await waitFor(() => expect(text("delete-count")).toBe("0 of 3"));
    backend.removals.next();
    await waitFor(() => expect(text("delete-count")).toBe("1 of 3"));
    expect(deleted(backend)).toEqual([]); // the fake takes them at the end
    await press("delete-stop");
    await waitFor(() => expect(text("delete-fact")).toBe("Stopping…"));
    expect(screen.getByTestId<HTMLButtonElement>("delete-stop").disabled).toBe(true);
    backend.removals.next();
    await waitFor(() => expect(text("said-text")).toContain("Deleted 2 of 3."));
    expect(text("said-note")).toBe("You stopped it: 1 left alone.");
    expect(screen.queryByTestId("delete-sheet")).toBeNull();
    const stopped = backend.calls.filter(([name]) => name === "cancelTask").map(([, id]) => id);
    expect(stopped).toHaveLength(1);
    expect(stopped).not.toContain(other);
    await press("said-undo");
    await waitFor(() => expect(backend.calls.some(([name]) => name === "undoDelete")).toBe(true));
  });

  it("goes on where its sheet is left, and the line at the bottom counts and stops it", async () => {
    const backend = await opened([tag("nightly"), tag("v1")], held);
    await press("delete-go");
    await fireEvent.keyDown(screen.getByTestId("delete-sheet"), { key: "Escape" });
    await waitFor(() => expect(text("said-text")).toBe("Deleting…"));
    expect(screen.queryByTestId("said-dismiss")).toBeNull();
    await waitFor(() => expect(text("said-count")).toBe("0 of 2"));
    await press("said-stop");
    expect(text("said-stop")).toBe("Stopping…");
    backend.removals.next();
    await waitFor(() => expect(text("said-text")).toContain("Deleted 1 of 2."));
    expect(screen.queryByTestId("said-count")).toBeNull();
  });

  it("asks in place for the sign-in that ended after it had begun", async () => {
    const backend = await opened([tag("nightly")]);
    backend.removals.failing = problem("Your sign-in is no longer accepted.", "signIn");
    await press("delete-go");
    await waitFor(() => expect(screen.getByTestId("delete-problem").dataset["code"]).toBe("signIn"));
    await press("act-sign-in");
    expect(accountSheet.open.kind).toBe("form");
    backend.removals.failing = null;
    await press("delete-go");
    await waitFor(() => expect(deleted(backend)).toEqual(["nightly"]));
  });

  it("says in the line at the bottom why it failed where its sheet was left", async () => {
    const backend = await opened([tag("nightly"), tag("v1")], held);
    await press("delete-go");
    await fireEvent.keyDown(screen.getByTestId("delete-sheet"), { key: "Escape" });
    await waitFor(() => expect(text("said-count")).toBe("0 of 2"));
    backend.removals.failing = problem("The registry does not answer.");
    backend.removals.next();
    await waitFor(() => expect(text("said-text")).toBe("The deletion could not be done."));
    expect(text("said-problem")).toContain("does not answer");
  });

  it("tells what went, with its Undo, where the rest failed", async () => {
    const backend = await opened([tag("nightly"), tag("v1")], held);
    await press("delete-go");
    await waitFor(() => expect(text("delete-count")).toBe("0 of 2"));
    backend.removals.next();
    await waitFor(() => expect(text("delete-count")).toBe("1 of 2"));
    backend.removals.failing = problem("The disk is full.");
    backend.removals.next();
    await waitFor(() => expect(text("said-text")).toBe("Deleted 1 of 2."));
    expect(text("said-problem")).toContain("The disk is full.");
    expect(screen.getByTestId("said-undo")).toBeTruthy();
    expect(deleted(backend)).toEqual(["nightly"]);
  });

  it("hands back the names that the sheet showed a commit to have", async () => {
    const commit = { kind: "commit", digest: digest("8c41f09be2d7") } as const;
    const backend = await opened([commit]);
    await press("delete-go");
    await waitFor(() => expect(orders(backend)).toHaveLength(1));
    expect(orders(backend)[0]?.items).toEqual([{ item: commit, expected: commit.digest, names: ["v3", "latest"] }]);
    await waitFor(() => expect(deleted(backend)).toEqual(["v3", "latest"]));
  });

  it("leaves alone a commit that has got a name since", async () => {
    const commit = { kind: "commit", digest: digest("8c41f09be2d7") } as const;
    const backend = await opened([commit]);
    const row = backend.tagsOf(ALIGNER).find((each) => each.name === "v1");
    if (row) row.digest = commit.digest;
    await press("delete-go");
    await waitFor(() => expect(text("said-failed")).toContain("v1 points at it too since you looked."));
    expect(deleted(backend)).toEqual([]);
  });

  it("offers Undo no more in the line where it was undone elsewhere", async () => {
    const backend = await opened([tag("nightly")]);
    await press("delete-go");
    await waitFor(() => expect(screen.getByTestId("said-undo")).toBeTruthy());
    const [task] = backend.transfers.list();
    if (task) await transfers.undo(task);
    await waitFor(() => expect(screen.queryByTestId("said-undo")).toBeNull());
    await waitFor(() => expect(deleted(backend)).toEqual([]));
  });
});

describe("keeping one commit", () => {
  it("is done at once, and told", async () => {
    const backend = await started();
    render(ActSheets);
    await keepCommit({ account: POLLY, repository: ALIGNER, tag: "v3", digest: digest("8c41f09be2d7") });
    await waitFor(() => expect(text("said-text")).toMatch(/^Kept 8c41f09be2d7: the tag _h\.v3\./));
    backend.failing = { keepCommit: problem("This registry refuses names that begin with an underscore.") };
    await keepCommit({ account: POLLY, repository: ALIGNER, tag: "v3", digest: digest("8c41f09be2d7") });
    await waitFor(() => expect(text("said-problem")).toContain("underscore"));
  });
});
