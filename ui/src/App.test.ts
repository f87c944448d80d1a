import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { flushSync } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import App from "./App.svelte";
import { accountSheet, openAddRegistry } from "./lib/accounts/accounts.svelte";
import { app } from "./lib/app/state.svelte";
import type { Screen } from "./lib/backend/backend";
import { FakeBackend, problem, type FakeOptions } from "./lib/fake/fake";
import { keepingSheet, openKeep } from "./lib/keeping/sheets.svelte";
import { push } from "./lib/push/push.svelte";
import { creating, openCreate } from "./lib/repositories/creating.svelte";
import { settle } from "./test/start";

const ALIGNER = {
  kind: "repository",
  account: "registry.polly.example",
  repository: "genomics/aligner",
} as const satisfies Screen;

async function open(
  options: FakeOptions & { place?: Screen } = {},
  prepare: (backend: FakeBackend) => void = () => undefined,
) {
  const preferences = {
    place: options.place ?? { kind: "welcome" },
    folded: [],
    tagOrder: "newest",
    tab: "tags",
  } as const;
  const backend = new FakeBackend({ preferences: { ...preferences, folded: [], columns: [], recent: [] }, ...options });
  prepare(backend);
  render(App, { backend });
  await drawn();
  // The sheets are read behind the first page.
  await vi.dynamicImportSettled();
  await drawn();
  return backend;
}

async function drawn(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await settle();
    flushSync();
  }
}

async function fill(id: string, text: string): Promise<void> {
  await fireEvent.input(screen.getByTestId(id), { target: { value: text } });
}

/** Returns what axe finds, as lines; contrast needs a real window and is kept by the tokens. */
async function faults(): Promise<string[]> {
  const found = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(found.passes.length).toBeGreaterThan(10); // it looked at something
  return found.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" | ")}`);
}

afterEach(() => {
  accountSheet.close();
  push.close();
  flushSync();
});

describe("the window is accessible", () => {
  it.each<[string, FakeOptions & { place?: Screen }]>([
    ["with nothing in it yet", { empty: true }],
    ["before anything is chosen", {}],
    ["at the images", { place: { kind: "images" } }],
    ["at a repository", { place: ALIGNER }],
    ["at an empty repository", { place: { ...ALIGNER, repository: "genomics/variant-filter" } as Screen }],
  ])("%s", async (_, options) => {
    await open(options);
    expect(await faults()).toEqual([]);
  });

  it("with the sheet of a new registry", async () => {
    await open();
    await fireEvent.click(screen.getByTestId("add-registry"));
    await drawn();
    expect(screen.getByTestId("registry-sheet")).toBeTruthy();
    expect(await faults()).toEqual([]);
  });

  it("with the sheet of a push", async () => {
    const backend = await open({ place: { kind: "images" } });
    const image = backend.imageRows[0];
    push.open({
      imageId: image?.id ?? "",
      name: "aligner:dev",
      account: app.accounts[0]?.id ?? "",
      repository: "genomics/aligner",
      namespace: null,
      tag: "v3",
    });
    await drawn();
    await new Promise((done) => setTimeout(done, 400));
    await drawn();
    expect(await faults()).toEqual([]);
  });
});

describe("adding a registry", () => {
  it("goes from the welcome page through the sheet to its repositories", async () => {
    const backend = await open({ empty: true });
    await fill("welcome-address", "registry.example");
    const field = screen.getByTestId<HTMLInputElement>("welcome-address");
    await fireEvent.submit(field.form as HTMLFormElement);
    await drawn();
    expect(screen.getByTestId<HTMLInputElement>("address").value).toBe("registry.example");
    expect(screen.getByTestId("diagnosis").textContent).toContain("over TLS, asks for a sign-in");
    await fill("user", "ana");
    await fill("secret", "right");
    await fireEvent.submit(screen.getByTestId<HTMLInputElement>("secret").form as HTMLFormElement);
    await drawn();
    expect(screen.queryByTestId("registry-sheet")).toBeNull();
    expect(backend.accountRows.map((row) => row.host)).toEqual(["registry.example"]);
    expect(screen.getAllByTestId("repository-row").map((row) => row.dataset["repository"])).toContain("tools/report");
  });

  it("begins with a name people know, and says which token it takes", async () => {
    await open({ empty: true });
    const github = screen.getAllByTestId("known-registry").find((tile) => tile.dataset["known"] === "github");
    await fireEvent.click(github as HTMLElement);
    await drawn();
    expect(screen.getByTestId<HTMLInputElement>("address").value).toBe("ghcr.io");
    expect(screen.getByTestId("known-help").textContent).toContain("classic");
    expect(document.activeElement).toBe(screen.getByTestId("user"));
  });

  it("offers the same names in the sheet, as long as nothing is typed", async () => {
    await open({ empty: true });
    const names = (): string[] => screen.getAllByTestId("known-registry").map((tile) => tile.dataset["known"] ?? "");
    const onPage = names();
    expect(onPage.slice(0, 4)).toEqual(["polly", "synapse", "hub", "github"]);
    expect(onPage).toHaveLength(12);
    openAddRegistry();
    await drawn();
    expect(names()).toEqual([...onPage, ...onPage]);
    await fill("address", "registry.example");
    expect(names()).toEqual(onPage);
    await fill("address", "");
    const sheet = screen.getByTestId("registry-sheet");
    await fireEvent.click(sheet.querySelector("[data-known=harbor]") as HTMLElement);
    await drawn();
    expect(screen.getByTestId("known-help").textContent).toContain("robot$");
    expect(document.activeElement).toBe(screen.getByTestId("address"));
    expect(names()).toEqual(onPage);
    accountSheet.close();
    openAddRegistry();
    await drawn();
    await fireEvent.click(screen.getByTestId("registry-sheet").querySelector("[data-known=quay]") as HTMLElement);
    await drawn();
    expect(screen.getByTestId<HTMLInputElement>("address").value).toBe("quay.io");
    expect(document.activeElement).toBe(screen.getByTestId("user"));
    expect(await faults()).toEqual([]);
  });

  it("opens what stood in a pull line once the registry is there", async () => {
    await open({ empty: true });
    const field = screen.getByTestId<HTMLInputElement>("welcome-address");
    const pasted = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(pasted, { clipboardData: { getData: () => "docker pull registry.example/tools/report:v1" } });
    field.dispatchEvent(pasted);
    await drawn();
    expect(screen.getByTestId("dropped-path").textContent).toContain("tools/report");
    await fireEvent.submit(screen.getByTestId<HTMLInputElement>("secret").form as HTMLFormElement);
    await drawn();
    expect(screen.queryByTestId("registry-sheet")).toBeNull();
    expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("report");
    // The tag that was named is the one that is selected.
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset["tag"]).toBe("v1"));
  });

  it("opens an image of one word, not a namespace of that name", async () => {
    await open({ empty: true });
    const field = screen.getByTestId<HTMLInputElement>("welcome-address");
    await fill("welcome-address", "registry.example/report:v1");
    await fireEvent.submit(field.form as HTMLFormElement);
    await drawn();
    await fireEvent.submit(screen.getByTestId<HTMLInputElement>("secret").form as HTMLFormElement);
    await drawn();
    expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("report");
  });

  it("says no more which token a name takes once the address is another one", async () => {
    await open({ empty: true });
    const hub = screen.getAllByTestId("known-registry").find((tile) => tile.dataset["known"] === "hub");
    await fireEvent.click(hub as HTMLElement);
    await drawn();
    expect(screen.getByTestId("known-help")).toBeTruthy();
    await fill("address", "registry.example");
    expect(screen.queryByTestId("known-help")).toBeNull();
  });

  it("shows how to get an engine, with a line to copy", async () => {
    await open({ empty: true });
    await fireEvent.click(screen.getByText("How to get one"));
    expect(screen.getByTestId("engine-command").textContent).toContain("docker");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("engine-command"))); // the link is gone
  });

  it("takes the sandbox's sign-in with one click", async () => {
    await open({ empty: true });
    const sandbox = screen.getAllByTestId("found-registry").find((row) => row.dataset["host"] === "127.0.0.1:5000");
    await fireEvent.click(sandbox as HTMLElement);
    await drawn();
    expect(screen.getByTestId<HTMLInputElement>("user").value).toBe("demo");
    expect(screen.getByTestId<HTMLInputElement>("secret").value).toBe("longshore");
  });

  it("never shows the secret of a pasted login line", async () => {
    await open({ empty: true });
    const field = screen.getByTestId<HTMLInputElement>("welcome-address");
    const pasted = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(pasted, { clipboardData: { getData: () => "docker login -u ana -p s3cret registry.example" } });
    field.dispatchEvent(pasted);
    await drawn();
    expect(pasted.defaultPrevented).toBe(true);
    expect(field.value).toBe("");
    expect(screen.getByTestId<HTMLInputElement>("address").value).toBe("registry.example");
    expect(screen.getByTestId<HTMLInputElement>("secret").type).toBe("password");
    expect(document.body.textContent).not.toContain("s3cret");
  });

  it("shows the registry's own words as text, whatever they are", async () => {
    const detail = "<img src=x onerror=alert(1)>";
    await open({}, (backend) => (backend.failing.addAccount = problem("No.", "signIn", { detail })));
    await fireEvent.click(screen.getByTestId("add-registry"));
    await drawn();
    await fill("address", "registry.example");
    await fill("user", "ana");
    await fill("secret", "x");
    // Nothing goes before the sheet has shown where to.
    await vi.waitFor(() => expect(screen.getByTestId("diagnosis").textContent).toContain("over TLS"));
    await fireEvent.submit(screen.getByTestId<HTMLInputElement>("secret").form as HTMLFormElement);
    expect((await screen.findByTestId("problem")).querySelector("pre")?.textContent).toBe(detail);
    expect(document.querySelector("img")).toBeNull();
  });
});

describe("the sidebar", () => {
  it("draws few of 10 000 repositories and filters them as one types", async () => {
    await open({}, (backend) => {
      backend.repositoryNames["docker.synapse.org"] = Array.from(
        { length: 10_000 },
        (_, n) => `syn${n % 50}/tool-${n}`,
      );
    });
    expect(screen.getAllByRole("treeitem").length).toBeLessThan(60);
    await fill("filter-repositories", "tool-9999");
    await drawn();
    expect(screen.getAllByTestId("repository-row").map((row) => row.dataset["repository"])).toEqual([
      "syn49/tool-9999",
    ]);
  });

  it("is walked by keys, and Enter opens a repository", async () => {
    await open();
    const images = screen.getByTestId("nav-images");
    images.focus();
    for (let step = 0; step < 5; step += 1) {
      await fireEvent.keyDown(document.activeElement as Element, { key: "ArrowDown" });
      await drawn();
    }
    expect((document.activeElement as HTMLElement).dataset["repository"]).toBe("genomics/aligner");
    await fireEvent.keyDown(document.activeElement as Element, { key: "Enter" });
    expect(app.place).toEqual(ALIGNER);
  });

  it("asks for an expired sign-in in its place, and goes on after it", async () => {
    const backend = await open({}, (made) => {
      made.failing.refreshRepositories = problem("Your sign-in is no longer accepted.", "signIn");
    });
    const asked = screen.getAllByTestId("account-problem")[0];
    await fireEvent.click(asked?.querySelector("button") as HTMLElement);
    await drawn();
    backend.failing = {};
    await fill("secret", "right");
    await fireEvent.submit(screen.getByTestId<HTMLInputElement>("secret").form as HTMLFormElement);
    await drawn();
    expect(screen.getAllByTestId("account-problem")).toHaveLength(1); // the other account's
  });
});

describe("closing", () => {
  it("asks while images move; what is safe is the main button", async () => {
    const backend = await open();
    const where = { account: ALIGNER.account, repository: ALIGNER.repository, tag: "v3" };
    for (const short of ["2e04bfa1e576", "8c41f09be2d7"]) backend.transfers.start("pull", where, short);
    backend.emit({ kind: "closeAsked", running: 2 });
    await drawn();
    expect(screen.getByTestId("closing").textContent).toContain("2 transfers are under way");
    await fireEvent.submit(screen.getByTestId<HTMLButtonElement>("stay").form as HTMLFormElement);
    await drawn();
    expect(screen.queryByTestId("closing")).toBeNull();
    backend.emit({ kind: "closeAsked", running: 1 });
    await drawn();
    await fireEvent.click(screen.getByTestId("close-anyway"));
    await drawn();
    expect(backend.calls.filter((call) => call[0] === "leave")).toHaveLength(1);
  });
});

describe("what other rooms ask of the window", () => {
  it("leads where a pressed notification says", async () => {
    const backend = await open();
    const { account, repository } = ALIGNER;
    backend.emit({ kind: "show", account, repository, tag: "v2", makeActive: null });
    await drawn();
    expect(app.place).toEqual(ALIGNER);
    expect(screen.getByTestId("repository-page").dataset["repository"]).toBe(repository);
  });

  it("shows the sheet of a new repository, and the sheets of keeping", async () => {
    const backend = await open({ place: ALIGNER });
    openCreate(ALIGNER.account, "genomics");
    await drawn();
    expect(screen.getByTestId("create-sheet")).toBeTruthy();
    creating.close();
    openKeep(ALIGNER, backend.abouts.keepOf(ALIGNER.repository));
    await drawn();
    expect(screen.queryByTestId("create-sheet")).toBeNull();
    expect(screen.getByTestId("keep-sheet")).toBeTruthy();
    keepingSheet.close();
  });
});

describe("F5", () => {
  it("refreshes the page and the sidebar, and never reloads the window", async () => {
    const backend = await open({ place: ALIGNER });
    backend.calls.length = 0;
    const event = new KeyboardEvent("keydown", { key: "F5", bubbles: true, cancelable: true });
    window.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    await waitFor(() =>
      expect(backend.calls.map((call) => call[0])).toEqual(
        expect.arrayContaining(["refreshTags", "refreshRepositories"]),
      ),
    );
  });
});
