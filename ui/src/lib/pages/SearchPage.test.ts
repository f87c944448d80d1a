import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { accountSheet } from "../accounts/accounts.svelte";
import { app } from "../app/state.svelte";
import { account } from "../fake/data";
import { problem, type FakeBackend } from "../fake/fake";
import { openSearch, publicImages } from "../search/search.svelte";
import SearchPage from "./SearchPage.svelte";

async function shown(prepare?: (backend: FakeBackend) => void) {
  const backend = await started(prepare);
  return { backend, view: render(SearchPage) };
}
const rows = (): HTMLElement[] => screen.queryAllByTestId("search-row");
const names = (): (string | undefined)[] => rows().map((row) => row.dataset["name"]);
const field = (): HTMLInputElement => screen.getByTestId("search-field");
async function search(typed: string): Promise<void> {
  await fireEvent.input(field(), { target: { value: typed } });
  await fireEvent.keyDown(field(), { key: "Enter" });
}
const asked = (backend: FakeBackend): unknown[] => backend.calls.filter(([name]) => name === "searchPublic");
const withHub = (backend: FakeBackend): void =>
  void backend.accountRows.push(account("docker.io", { user: null, state: "anonymous" }));

afterEach(() => {
  cleanup();
  accountSheet.close();
  publicImages.stop();
  Object.assign(publicImages, { typed: "", asked: null, rows: [], answer: null, problem: null, panel: null });
});

describe("the search for public images", () => {
  it("asks at Enter and not before, and shows who answered", async () => {
    const { backend } = await shown();
    expect(screen.getByTestId("search-start").textContent).toContain("without a sign-in");
    await waitFor(() => expect(document.activeElement).toBe(field()));
    await fireEvent.input(field(), { target: { value: "samtools" } });
    expect(asked(backend)).toEqual([]);
    await fireEvent.keyDown(field(), { key: "Enter" });
    await waitFor(() => expect(names()[0]).toBe("staphb/samtools"));
    expect(asked(backend)).toEqual([["searchPublic", "samtools", 1]]);
    expect(screen.getByTestId("search-says").textContent).toBe("From Docker Hub");
    expect(screen.queryByTestId("search-instead")).toBeNull();
    expect(rows()[1]?.getAttribute("aria-label")).toContain("61 stars, 4.8M pulls");
  });

  it("reads on, each repository once", async () => {
    const { backend } = await shown();
    await search("samtools");
    await waitFor(() => expect(publicImages.rows).toHaveLength(25));
    await fireEvent.click(screen.getByTestId("search-more"));
    await waitFor(() => expect(publicImages.rows).toHaveLength(44));
    expect(asked(backend)).toHaveLength(2);
    expect(screen.queryByTestId("search-more")).toBeNull();
    backend.failing.searchPublic = problem("No more.");
    publicImages.answer = publicImages.answer && { ...publicImages.answer, next: 3 };
    await fireEvent.click(await screen.findByTestId("search-more"));
    // What was found stays.
    await waitFor(() => expect(screen.getByTestId("search-problem").textContent).toContain("No more."));
    expect(publicImages.rows).toHaveLength(44);
  });

  it("says why Docker Hub did not answer, and whose answer it is", async () => {
    const { backend } = await shown();
    backend.search.refused = true;
    await search("samtools");
    const said = await screen.findByTestId("search-instead");
    expect(said.textContent).toContain("too many requests");
    expect(said.textContent).toContain("what Docker’s own search found");
    expect(screen.getByTestId("search-says").textContent).toBe("From Docker’s own search");
    expect(names()[0]).toBe("staphb/samtools");
  });

  it("says when nothing is found, and when nobody answers", async () => {
    const { backend } = await shown();
    await search("nothing like it");
    await waitFor(() => expect(screen.getByTestId("search-table").textContent).toContain("Nothing found for"));
    backend.failing.searchPublic = problem("Nobody answers.");
    await search("samtools");
    await waitFor(() => expect(screen.getByTestId("search-problem").textContent).toContain("Nobody answers."));
    expect(screen.queryByTestId("search-table")).toBeNull();
    delete backend.failing.searchPublic;
    await fireEvent.click(within(screen.getByTestId("search-problem")).getByText("Try again"));
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
  });

  it("stops waiting: what comes then is nobody's answer", async () => {
    const { backend } = await shown();
    let come: (() => void) | undefined;
    const before = backend.searchPublic;
    backend.searchPublic = async (...given) => {
      await new Promise<void>((done) => (come = done));
      return before(...given);
    };
    await search("samtools");
    await fireEvent.click(await screen.findByTestId("search-stop"));
    expect(screen.getByTestId("search-start")).toBeTruthy();
    expect(field().value).toBe("samtools");
    come?.();
    await new Promise((done) => setTimeout(done, 20));
    expect(rows()).toEqual([]);
  });

  it("opens the tags of a repository at Docker Hub", async () => {
    await shown(withHub);
    await search("debian");
    await waitFor(() => expect(names()).toEqual(["debian"]));
    expect(within(rows()[0] as HTMLElement).getByTestId("search-official")).toBeTruthy();
    await fireEvent.click(screen.getByTestId("search-open"));
    const hub = app.accounts.find(({ host }) => host === "docker.io");
    expect(app.place).toEqual({ kind: "repository", account: hub?.id, repository: "library/debian" });
  });

  it("pulls what latest points at", async () => {
    const { backend } = await shown(withHub);
    await search("staphb");
    await waitFor(() => expect(names()).toEqual(["staphb/samtools"]));
    (rows()[0] as HTMLElement).focus();
    await fireEvent.keyDown(rows()[0] as HTMLElement, { key: "p" });
    await waitFor(() => expect(backend.calls.some(([name]) => name === "startPull")).toBe(true));
    const order = backend.calls.find(([name]) => name === "startPull")?.[1];
    expect(order).toMatchObject({ repository: "staphb/samtools", tag: "latest", commit: null });
  });

  it("adds Docker Hub first where it is missing, and goes on with what was wanted", async () => {
    const { backend } = await shown();
    openSearch("debian");
    await fireEvent.click(screen.getByTestId("search-go"));
    await waitFor(() => expect(names()).toEqual(["debian"]));
    await fireEvent.click(screen.getByTestId("search-open"));
    const sheet = accountSheet.open;
    if (sheet.kind !== "form") throw new Error("no sheet");
    await waitFor(() => expect(sheet.form.diagnosis.kind).toBe("answers"));
    expect(sheet.form.address).toBe("docker.io");
    await sheet.form.submit();
    const made = backend.accountRows.find(({ host }) => host === "docker.io");
    expect(app.place).toEqual({ kind: "repository", account: made?.id, repository: "library/debian" });
  });

  it("signs in first where Docker Hub is signed out, and goes on then", async () => {
    const { backend } = await shown((made) => void made.accountRows.push(account("docker.io", { state: "signedOut" })));
    await search("debian");
    await waitFor(() => expect(names()).toEqual(["debian"]));
    await fireEvent.click(screen.getByTestId("search-pull"));
    const sheet = accountSheet.open;
    if (sheet.kind !== "form") throw new Error("no sheet");
    expect(sheet.form.account?.host).toBe("docker.io");
    expect(backend.calls.some(([name]) => name === "startPull")).toBe(false);
    await waitFor(() => expect(sheet.form.diagnosis.kind).toBe("answers"));
    sheet.form.secret = "token";
    await sheet.form.submit();
    await waitFor(() => expect(backend.calls.some(([name]) => name === "startPull")).toBe(true));
  });

  it("has no fault a checker finds", async () => {
    const { view } = await shown();
    await search("samtools");
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });
});
