import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { settle, started } from "../../../test/start";
import { acts } from "../../acts/acts.svelte";
import { commitMenu } from "../../acts/commit";
import { said } from "../../acts/said.svelte";
import { impossibles } from "../../app/impossible.svelte";
import { app } from "../../app/state.svelte";
import type { FakeBackend } from "../../fake/fake";
import ContextMenu from "../../shared/overlay/ContextMenu.svelte";
import { SidebarState } from "../../sidebar/sidebar.svelte";
import RepositoryPage from "./RepositoryPage.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";
const OFF = "Deleting is off at registry.polly.example.";
const READS = "You may read genomics/aligner, and not push to it.";

afterEach(() => {
  acts.closeDelete();
  cleanup();
});

async function open(prepare: (backend: FakeBackend) => void): Promise<FakeBackend> {
  const backend = await started(prepare);
  app.go({ kind: "repository", account: POLLY, repository: ALIGNER });
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  render(ContextMenu);
  render(RepositoryPage, { account, repository: ALIGNER });
  await settle();
  return backend;
}
const noDelete = (backend: FakeBackend): void => {
  backend.checks.impossible[POLLY] = [{ act: "delete", repository: null, why: OFF }];
};
async function item(testid: string): Promise<HTMLElement> {
  const row = (await screen.findAllByTestId("tag-row"))[0] as HTMLElement;
  row.focus();
  await fireEvent.contextMenu(row);
  return waitFor(() => {
    const found = screen.getByTestId("context-menu").querySelector<HTMLElement>(`[data-testid=${testid}]`);
    if (!found) throw new Error(`no ${testid}`);
    return found;
  });
}

it("is greyed with its reason, which the keyboard and a screen reader reach", async () => {
  await open(noDelete);
  const entry = await item("menu-delete-tag");
  expect(entry.getAttribute("aria-disabled")).toBe("true");
  expect((entry as HTMLButtonElement).disabled).toBe(false);
  const why = document.getElementById(entry.getAttribute("aria-describedby") ?? "");
  expect(why?.textContent).toBe(OFF);
  await fireEvent.keyDown(screen.getByTestId("context-menu"), { key: "End" });
  expect(document.activeElement).toBe(entry);
  await fireEvent.click(entry);
  expect(acts.deleting).toBeNull();
});

it("tells a single tag apart from a commit, which goes with every tag it has", async () => {
  const backend = await open(noDelete);
  const row = (await backend.commits(POLLY, ALIGNER, "v3")).rows[0];
  const why = (): string | null | undefined =>
    row && commitMenu({ account: POLLY, repository: ALIGNER, tag: "v3", row }, []).find(({ danger }) => danger)?.why;
  expect(why()).toBeUndefined();
  backend.checks.impossible[POLLY] = [{ act: "deleteCommit", repository: null, why: OFF }];
  backend.emit({ kind: "stale", what: { of: "impossible", account: POLLY } });
  await waitFor(() => expect(why()).toBe(OFF));
  expect((await item("menu-delete-tag")).getAttribute("aria-disabled")).toBeNull();
});

it("says why where its key is pressed on the row", async () => {
  await open(noDelete);
  const row = (await screen.findAllByTestId("tag-row"))[0] as HTMLElement;
  row.focus();
  await fireEvent.keyDown(row, { key: "Delete" });
  expect(acts.deleting).toBeNull();
  expect(said.now?.text).toBe(OFF);
});

it("is offered again once the backend knows otherwise", async () => {
  const backend = await open(noDelete);
  expect((await item("menu-delete-tag")).getAttribute("aria-disabled")).toBe("true");
  backend.checks.impossible[POLLY] = [];
  backend.emit({ kind: "stale", what: { of: "impossible", account: POLLY } });
  await waitFor(() => expect(impossibles.why(POLLY, ALIGNER, "delete")).toBeNull());
  expect((await item("menu-delete-tag")).getAttribute("aria-disabled")).toBeNull();
});

it("refuses a drop where one may only read, and nowhere else", async () => {
  await open((backend) => {
    backend.checks.impossible[POLLY] = [{ act: "write", repository: ALIGNER, why: READS }];
  });
  const side = new SidebarState();
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  const refusal = (repository: string): string | null => {
    const row = { key: "r", level: 3, kind: "repository" as const, account, repository, name: repository };
    const image = { kind: "image" as const, id: "sha256:0", name: "a:1", label: "a:1" };
    return side.target(row)?.refuses?.(image) ?? null;
  };
  await waitFor(() => expect(refusal(ALIGNER)).toBe(READS));
  expect(refusal("genomics/peak-caller")).toBeNull();
  expect((await item("menu-delete-tag")).getAttribute("aria-disabled")).toBeNull();
});

it("is asked anew where somebody signs in", async () => {
  const backend = await open(noDelete);
  expect(impossibles.why(POLLY, ALIGNER, "delete")).toBe(OFF);
  backend.checks.impossible[POLLY] = [];
  backend.emit({ kind: "stale", what: { of: "accounts" } });
  await waitFor(() => expect(impossibles.why(POLLY, ALIGNER, "delete")).toBeNull());
});
