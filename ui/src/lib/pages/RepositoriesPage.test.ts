import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { settle, started } from "../../test/start";
import { app } from "../app/state.svelte";
import { problem, type FakeBackend } from "../fake/fake";
import { accountSheet } from "../accounts/accounts.svelte";
import { arrival } from "../app/arriving.svelte";
import { creating } from "../repositories/creating.svelte";
import { opening } from "../repositories/path.svelte";
import { RepositoriesView } from "../repositories/list.svelte";
import { menuOf } from "../repositories/menu";
import RepositorySheets from "../repositories/RepositorySheets.svelte";
import RepositoriesPage from "./RepositoriesPage.svelte";

const POLLY = "registry.polly.example";

async function shown(namespace: string | null = "genomics", prepare?: (backend: FakeBackend) => void) {
  const backend = await started(prepare);
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  const view = render(RepositoriesPage, { account, namespace });
  render(RepositorySheets);
  await settle();
  return { backend, view };
}
const lines = (): HTMLElement[] => screen.queryAllByTestId("repository-line");
const paths = (): string[] => lines().map((line) => line.dataset["repository"] ?? "");
const called = (backend: FakeBackend, name: string): unknown[][] =>
  backend.calls.filter(([call]) => call === name).map(([, ...given]) => given);
const focused = (): string | undefined => (document.activeElement as HTMLElement).dataset["repository"];
const press = (key: string): Promise<boolean> => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const type = (id: string, value: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId(id), { target: { value } });

afterEach(() => {
  cleanup();
  creating.close();
  opening.close();
  accountSheet.close();
  vi.useRealTimers();
});

describe("the list of repositories", () => {
  it("shows those of a namespace with their words and marks", async () => {
    await shown();
    await waitFor(() => expect(paths()).toHaveLength(4));
    expect(paths()[0]).toBe("genomics/aligner");
    const text = (at: number): string => lines()[at]?.textContent.replace(/\s+/g, " ") ?? "";
    expect(text(0)).toContain("Aligner · Short-read aligner");
    expect(text(3)).toContain("Filters called variants by panel.");
    expect(text(3)).toContain("3 days ago");
    expect(lines()[2]?.querySelector("[aria-label=Watched]")).toBeTruthy();
    expect(screen.getByTestId("line-moved").getAttribute("aria-label")).toBe("A watched tag was moved 4 min ago");
  });

  it("shows those of a whole account by their paths", async () => {
    const { view } = await shown(null);
    await waitFor(() => expect(paths()).toHaveLength(7));
    expect(lines()[0]?.textContent).toContain("genomics/");
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("filters as one types, by name and by what they say, and says when nothing matches", async () => {
    await shown(null);
    await waitFor(() => expect(paths()).toHaveLength(7));
    await type("repositories-filter", "ima st");
    expect(paths()).toEqual(["imaging/stitch"]);
    await type("repositories-filter", "PANEL");
    expect(paths()).toEqual(["genomics/variant-filter"]);
    await type("repositories-filter", "zebra");
    expect(screen.getByText("No repository holds “zebra”.")).toBeTruthy();
    await fireEvent.keyDown(screen.getByTestId("repositories-filter"), { key: "Escape" });
    expect(paths()).toHaveLength(7);
  });

  it("sorts by date, newest first, those without one last", async () => {
    await shown();
    await waitFor(() => expect(paths()).toHaveLength(4));
    await fireEvent.change(screen.getByTestId("repositories-order"), { target: { value: "newest" } });
    expect(paths()).toEqual([
      "genomics/variant-filter",
      "genomics/qc-report",
      "genomics/aligner",
      "genomics/peak-caller",
    ]);
  });

  it("is ordered by its heads, both ways, and its rows have spoken names", async () => {
    await shown();
    await waitFor(() => expect(paths()).toHaveLength(4));
    await fireEvent.click(screen.getByTestId("column-created"));
    await fireEvent.click(screen.getByTestId("column-created"));
    expect(paths()[0]).toBe("genomics/aligner");
    expect(screen.getByTestId("column-created").getAttribute("aria-sort")).toBe("ascending");
    await fireEvent.click(screen.getByTestId("column-name"));
    await fireEvent.click(screen.getByTestId("column-name"));
    expect(paths()[0]).toBe("genomics/variant-filter");
    expect((screen.getByTestId("repositories-order") as HTMLSelectElement).value).toBe("nameDown");
    expect(lines()[0]?.getAttribute("aria-label")).toMatch(
      /^genomics\/variant-filter, Filters called variants by panel\., by .+, created 3 days ago/,
    );
  });

  it("is walked by keys, and Enter opens", async () => {
    await shown();
    await waitFor(() => expect(paths()).toHaveLength(4));
    screen.getByTestId("repositories-filter").focus();
    await press("ArrowDown");
    await waitFor(() => expect(focused()).toBe("genomics/aligner"));
    await press("ArrowDown");
    await waitFor(() => expect(focused()).toBe("genomics/peak-caller"));
    await press("End");
    await waitFor(() => expect(focused()).toBe("genomics/variant-filter"));
    await press("ArrowUp");
    await waitFor(() => expect(focused()).toBe("genomics/qc-report"));
    expect(document.querySelectorAll('[data-testid=repository-line][tabindex="0"]')).toHaveLength(1);
    await press("Enter");
    expect(app.place).toEqual({ kind: "repository", account: POLLY, repository: "genomics/qc-report" });
  });

  it("opens the first match with Enter from the filter, and any by a press", async () => {
    await shown(null);
    await waitFor(() => expect(paths()).toHaveLength(7));
    await type("repositories-filter", "tiles");
    await fireEvent.keyDown(screen.getByTestId("repositories-filter"), { key: "Enter" });
    expect(app.place).toMatchObject({ repository: "imaging/tiles" });
    await type("repositories-filter", "");
    await fireEvent.click(lines()[0] as HTMLElement);
    expect(app.place).toMatchObject({ repository: "genomics/aligner" });
  });

  it("draws few of ten thousand", async () => {
    await shown(null, (made) => {
      made.repositoryNames[POLLY] = Array.from({ length: 10_000 }, (_, n) => `lab/tool-${n}`);
    });
    await waitFor(() => expect(lines().length).toBeGreaterThan(5));
    expect(lines().length).toBeLessThan(60);
    expect(screen.getByTestId("repositories-table").getAttribute("aria-rowcount")).toBe("10001");
  });

  it("says why it could not be read anew, keeps what it has, and tries again", async () => {
    const { backend } = await shown("genomics", (made) => {
      const known = made.repositories;
      made.repositories = async (account, after) => ({ ...(await known(account, after)), refreshedAt: null }); // never fetched whole
      made.failing.refreshRepositories = problem("No answer.", "signIn");
    });
    await waitFor(() => expect(screen.getByTestId("problem").textContent).toContain("No answer."));
    expect(paths()).toHaveLength(4);
    expect(screen.getByRole("button", { name: "Sign in…" })).toBeTruthy();
    backend.failing = {};
    await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(screen.queryByTestId("problem")).toBeNull());
  });

  it("says below the rows why the list may lack something", async () => {
    await shown(null, (made) => {
      made.listNote = "There are more than 100000; the others are not shown.";
    });
    await waitFor(() => expect(screen.getByTestId("list-note").textContent).toContain("the others are not shown"));
    expect(paths()).toHaveLength(7);
  });

  it("says that there is none, and where one is signed out", async () => {
    await shown("nothing-here");
    await waitFor(() => expect(screen.getByTestId("repositories-empty").textContent).toContain("No repository here"));
    cleanup();
    const { backend } = await shown("nothing-here", (made) => {
      const polly = made.accountRows[0];
      if (polly) polly.state = "signedOut";
    });
    await waitFor(() => screen.getByTestId("repositories-out"));
    expect(screen.getByTestId<HTMLButtonElement>("new-repository").disabled).toBe(true);
    expect(called(backend, "askAbouts")).toEqual([]);
  });
});

describe("F5", () => {
  it("asks anew for the words in sight; the list itself is the sidebar's", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(called(backend, "askAbouts")).toHaveLength(1));
    app.refresh?.();
    await waitFor(() => expect(called(backend, "askAbouts")).toHaveLength(2));
    expect(called(backend, "refreshRepositories")).toEqual([]);
  });
});

describe("the words of what is in sight", () => {
  async function listed() {
    const backend = await started();
    vi.useFakeTimers();
    const view = new RepositoriesView(POLLY, "genomics", () => true);
    const end = view.open();
    await vi.advanceTimersByTimeAsync(0);
    return { backend, view, end };
  }
  const asked = (backend: FakeBackend): unknown[] => called(backend, "askAbouts").map(([, names]) => names);

  it("are asked for together after a moment, each once", async () => {
    const { backend, view, end } = await listed();
    view.range(0, 1);
    await vi.advanceTimersByTimeAsync(100);
    view.range(0, 2);
    expect(asked(backend)).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    expect(asked(backend)).toEqual([["genomics/aligner", "genomics/peak-caller", "genomics/qc-report"]]);
    view.range(1, 3);
    await vi.advanceTimersByTimeAsync(300);
    expect(asked(backend)[1]).toEqual(["genomics/variant-filter"]);
    end();
  });

  it("are asked for again after a refresh, or where it failed", async () => {
    const { backend, view, end } = await listed();
    backend.failing.askAbouts = problem("It does not answer.");
    view.range(0, 0);
    await vi.advanceTimersByTimeAsync(300);
    backend.failing = {};
    view.range(0, 0);
    await vi.advanceTimersByTimeAsync(300);
    expect(asked(backend)).toHaveLength(2);
    await view.refresh();
    await vi.advanceTimersByTimeAsync(300);
    expect(asked(backend)).toHaveLength(3);
    end();
  });

  it("do not move rows under the pointer: a newer order waits until it has left", async () => {
    const { backend, view, end } = await listed();
    view.setOrder("newest");
    view.point(true);
    const before = view.matching.map((row) => row.path);
    backend.abouts.words["genomics/peak-caller"] = {
      title: null,
      description: "new",
      authors: null,
      created: backend.now,
    };
    backend.abouts.askAbouts(POLLY, ["genomics/peak-caller"]);
    await vi.advanceTimersByTimeAsync(0);
    expect(view.matching.map((row) => row.path)).toEqual(before);
    expect([view.held, view.matching.at(-1)?.mark?.words.description]).toEqual([true, "new"]);
    view.point(false);
    expect([view.held, view.matching[0]?.path]).toEqual([false, "genomics/peak-caller"]);
    end();
  });
});

describe("a new repository", () => {
  it("is made with its words and how it keeps, and shown", async () => {
    const { backend } = await shown();
    app.setTab("about");
    await fireEvent.click(screen.getByTestId("new-repository"));
    const name = screen.getByTestId<HTMLInputElement>("create-name");
    expect([name.value, document.activeElement]).toEqual(["genomics/", name]);
    expect(screen.getByTestId<HTMLButtonElement>("create-go").disabled).toBe(true);
    expect(screen.getByTestId("create-writes").textContent).toBe(
      "This writes a tag _about that holds the title and description.",
    );
    await type("create-name", "genomics/mapper");
    await type("create-title", "Mapper");
    await type("create-text", "Maps.");
    await fireEvent.change(screen.getByTestId("create-keep"), { target: { value: "overwrite" } });
    expect(screen.getByTestId("create-writes").textContent).toContain("older versions");
    await fireEvent.submit(screen.getByTestId("create-sheet").querySelector("form") as HTMLFormElement);
    await waitFor(() => expect(screen.queryByTestId("create-sheet")).toBeNull());
    expect(called(backend, "createRepository")).toEqual([
      [
        {
          account: POLLY,
          repository: "genomics/mapper",
          title: "Mapper",
          description: "Maps.",
          keep: "overwrite",
        },
      ],
    ]);
    expect(app.place).toEqual({ kind: "repository", account: POLLY, repository: "genomics/mapper" });
    expect(app.tab, "where one is told of the first image").toBe("tags");
    await waitFor(() => expect(paths()).toContain("genomics/mapper"));
  });

  it("that can't be named so says why in place, and stays open", async () => {
    await shown();
    await fireEvent.click(screen.getByTestId("new-repository"));
    await type("create-name", "Genomics/Mapper");
    await fireEvent.submit(screen.getByTestId("create-sheet").querySelector("form") as HTMLFormElement);
    await waitFor(() => expect(screen.getByTestId("create-problem").textContent).toContain("can’t be the name"));
    await type("create-name", "genomics/mapper");
    expect(screen.queryByTestId("create-problem")).toBeNull();
    const found = await axe.run(screen.getByTestId("create-sheet"), {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });
});

describe("a registry that lists nothing", () => {
  const refuse = (backend: FakeBackend): void => {
    backend.refusing = [POLLY];
    backend.listNote = "It doesn’t list its repositories for you.";
    backend.knownRows[POLLY] = [
      { name: "genomics/aligner", from: "image" },
      { name: "genomics/peak-caller", from: "typed" },
    ];
  };

  it("says quietly where each name is known from, and asks no second time", async () => {
    const { backend } = await shown("genomics", refuse);
    await waitFor(() => expect(paths()).toHaveLength(4));
    expect(lines()[0]?.textContent).toContain("image here");
    expect(lines()[0]?.getAttribute("aria-label")).toContain("image here");
    expect(screen.getAllByTestId("known-from")).toHaveLength(2);
    expect(screen.getByText("Not listed by the registry")).toBeTruthy();
    expect(screen.getByText("It doesn’t list its repositories for you.")).toBeTruthy();
    expect(screen.queryByTestId("problem")).toBeNull();
    expect(called(backend, "refreshRepositories")).toEqual([]);
  });

  it("offers to open a path where nothing is known", async () => {
    await shown(null, (backend) => {
      backend.refusing = [POLLY];
      backend.repositoryNames[POLLY] = [];
    });
    await fireEvent.click(within(await screen.findByTestId("repositories-unlisted")).getByRole("button"));
    expect(opening.form?.account).toBe(POLLY);
  });

  it("opens a path with its tag or its digest, and says what is none", async () => {
    const { backend } = await shown(null, refuse);
    await fireEvent.click(screen.getByTestId("open-path"));
    await type("path-field", "No Path");
    await fireEvent.click(screen.getByTestId("path-go"));
    await waitFor(() => expect(screen.getByTestId("path-problem").textContent).toContain("no path"));
    await type("path-field", "lab/tool:v1");
    await fireEvent.click(screen.getByTestId("path-go"));
    await waitFor(() => expect(opening.form).toBeNull());
    expect(app.place).toEqual({ kind: "repository", account: POLLY, repository: "lab/tool" });
    expect(arrival.tag).toEqual({ account: POLLY, repository: "lab/tool", tag: "v1" });
    expect(called(backend, "openPath").at(-1)).toEqual([POLLY, "lab/tool:v1"]);
    arrival.tag = null;
  });

  it("offers to add the registry of a path that no account is of", async () => {
    await shown(null, refuse);
    await fireEvent.click(screen.getByTestId("open-path"));
    await type("path-field", "ghcr.example/lab/tool:v1");
    await fireEvent.click(screen.getByTestId("path-go"));
    await waitFor(() => expect(accountSheet.open.kind).toBe("form"));
  });

  it("takes off the list what was typed, and nothing else", async () => {
    const { backend } = await shown("genomics", refuse);
    await waitFor(() => expect(paths()).toHaveLength(4));
    const view = new RepositoriesView(POLLY, null, () => true);
    await view.read();
    const items = (path: string) =>
      menuOf(
        view,
        view.rows.find((row) => row.path === path),
      )?.items ?? [];
    expect(items("genomics/aligner").some(({ testid }) => testid === "menu-forget-path")).toBe(false);
    items("genomics/peak-caller").at(-1)?.choose();
    await waitFor(() => expect(paths()).toHaveLength(3));
    expect(called(backend, "forgetPath")).toEqual([[POLLY, "genomics/peak-caller"]]);
  });
});
