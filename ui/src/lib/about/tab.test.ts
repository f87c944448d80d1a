import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { started } from "../../test/start";
import { app } from "../app/state.svelte";
import type { RepositoryTab } from "../backend/backend";
import { digest } from "../fake/data";
import { problem, type FakeBackend } from "../fake/fake";
import { seconds } from "../kinds/second.svelte";
import RepositoryPage from "../pages/repository/RepositoryPage.svelte";
import { aboutSheet } from "./about.svelte";
import AboutSheets from "./AboutSheets.svelte";
import { LARGEST_LISTING } from "./listing.svelte";
import { LARGEST } from "./seen.svelte";

const POLLY = "registry.polly.example";

async function shown(prepare?: (backend: FakeBackend) => void, repository = "genomics/aligner", tab = "about") {
  const backend = await started((made) => {
    made.preferences.tab = tab as RepositoryTab;
    prepare?.(made);
  });
  const account = app.account(POLLY);
  if (!account) throw new Error("no account");
  const view = render(RepositoryPage, { account, repository });
  render(AboutSheets);
  await waitFor(() => expect(screen.getByTestId("about-tab").getAttribute("aria-busy")).toBe("false"));
  return { backend, view };
}
const called = (backend: FakeBackend, name: string): unknown[][] =>
  backend.calls.filter(([call]) => call === name).map(([, ...given]) => given);
const click = (id: string): Promise<boolean> => fireEvent.click(screen.getByTestId(id));
const type = (id: string, value: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId(id), { target: { value } });
const submit = (id: string): Promise<boolean> =>
  fireEvent.submit(screen.getByTestId(id).querySelector("form") as HTMLFormElement);

afterEach(() => {
  cleanup();
  aboutSheet.close();
  app.tab = "tags";
});

describe("what a repository says of itself", () => {
  it("shows its words, each with its source, and the description under the name", async () => {
    await shown();
    expect(screen.getByTestId("about-title").textContent).toContain("Aligner");
    expect(screen.getByTestId("about-authors").textContent).toContain("ana");
    for (const fact of within(screen.getByTestId("about-words")).getAllByRole("definition")) {
      expect(fact.querySelector(".src")?.textContent).toContain("registry");
    }
    expect(screen.getByTestId("repository-description").textContent).toContain("Short-read aligner");
  });

  it("says where nothing was said, also in a repository without a tag", async () => {
    await shown((made) => (made.tagRows["genomics/peak-caller"] = []), "genomics/peak-caller");
    expect(screen.getByTestId("about-nothing").textContent).toContain("Nobody has described this repository yet.");
    expect(screen.getByTestId("about-edit").textContent).toBe("Add a description…");
    expect(screen.queryByTestId("repository-empty")).toBeNull();
  });

  it("shows words as text, whatever is in them", async () => {
    await shown((made) => {
      const words = made.abouts.words["genomics/aligner"];
      if (words) words.description = "<img src=x onerror=alert(1)>";
    });
    expect(screen.getByTestId("about-description").textContent).toContain("<img src=x onerror=alert(1)>");
    expect(document.querySelector("img")).toBeNull();
  });

  it("has no fault a checker finds", async () => {
    const { view } = await shown((made) => made.abouts.move("genomics/aligner", "v3", "aa", "bb"));
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("says why the registry could not be asked, and asks again", async () => {
    const { backend } = await shown((made) => (made.failing.refreshAbout = problem("It does not answer.")));
    expect(screen.getByTestId("about-problem").textContent).toContain("It does not answer.");
    expect(screen.getByTestId("about-title").textContent).toContain("Aligner");
    backend.failing = {};
    await fireEvent.click(within(screen.getByTestId("about-problem")).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(screen.queryByTestId("about-problem")).toBeNull());
  });

  it("can't be changed where nobody is signed in, and asks nobody", async () => {
    const { backend } = await shown((made) => {
      const polly = made.accountRows[0];
      if (polly) polly.state = "signedOut";
    });
    expect(screen.getByTestId<HTMLButtonElement>("about-edit").disabled).toBe(true);
    expect(screen.getByTestId<HTMLButtonElement>("keep-change").disabled).toBe(true);
    expect(called(backend, "refreshAbout")).toEqual([]);
  });
});

describe("its description", () => {
  it("is edited, written over what the sheet was filled from, and shown", async () => {
    const { backend } = await shown();
    await click("about-edit");
    expect(screen.getByTestId<HTMLInputElement>("describe-title").value).toBe("Aligner");
    expect(screen.getByTestId("describe-sheet").textContent).toContain("_about");
    await type("describe-text", "Aligns short reads. ");
    await submit("describe-sheet");
    await waitFor(() => expect(screen.queryByTestId("describe-sheet")).toBeNull());
    expect(called(backend, "describeRepository")[0]?.[0]).toEqual({
      account: POLLY,
      repository: "genomics/aligner",
      title: "Aligner",
      description: "Aligns short reads.",
      expected: digest("ab1".padEnd(12, "0")),
      shown: expect.stringContaining("Short-read aligner"),
    });
    await waitFor(() => expect(screen.getByTestId("repository-description").textContent).toBe("Aligns short reads."));
  });

  it("that someone else changed meanwhile is read again and shown; what was typed stays", async () => {
    const { backend } = await shown();
    await click("about-edit");
    await type("describe-text", "mine");
    backend.abouts.describeRepository({
      account: POLLY,
      repository: "genomics/aligner",
      title: "Theirs",
      description: "their words",
      expected: digest("ab1".padEnd(12, "0")),
      shown: "",
    });
    await submit("describe-sheet");
    await waitFor(() => expect(screen.getByTestId("describe-theirs").textContent).toContain("their words"));
    expect(screen.getByTestId("describe-problem").dataset["code"]).toBe("changed");
    expect(screen.getByTestId<HTMLTextAreaElement>("describe-text").value).toBe("mine");
    expect(screen.getByTestId("describe-go").textContent).toContain("Save over it");
    await submit("describe-sheet");
    await waitFor(() => expect(screen.queryByTestId("describe-sheet")).toBeNull());
    expect(backend.abouts.words["genomics/aligner"]?.description).toBe("mine");
  });

  it("can be taken from them instead", async () => {
    const { backend } = await shown();
    await click("about-edit");
    backend.abouts.describeRepository({
      account: POLLY,
      repository: "genomics/aligner",
      title: "Theirs",
      description: "their words",
      expected: digest("ab1".padEnd(12, "0")),
      shown: "",
    });
    await submit("describe-sheet");
    await waitFor(() => screen.getByTestId("describe-take"));
    await click("describe-take");
    expect(screen.getByTestId<HTMLInputElement>("describe-title").value).toBe("Theirs");
    expect(screen.queryByTestId("describe-problem")).toBeNull();
  });

  it("that a registry takes only with a second sign-in offers that", async () => {
    const { backend } = await shown();
    await click("about-edit");
    await type("describe-text", "mine");
    backend.failing.describeRepository = problem("It needs a second sign-in.", "secondSignIn");
    await submit("describe-sheet");
    await waitFor(() => screen.getByTestId("act-second"));
    await click("act-second");
    expect(seconds.open?.account).toBe(POLLY);
    seconds.close();
    expect(screen.getByTestId<HTMLTextAreaElement>("describe-text").value).toBe("mine");
  });

  it("is left as it was by Escape, and saved by Ctrl Enter from the text", async () => {
    const { backend } = await shown();
    await click("about-edit");
    await fireEvent.keyDown(screen.getByTestId("describe-text"), { key: "Escape" });
    expect(screen.queryByTestId("describe-sheet")).toBeNull();
    expect(called(backend, "describeRepository")).toEqual([]);
    await click("about-edit");
    const asked = vi.spyOn(HTMLFormElement.prototype, "requestSubmit");
    await fireEvent.keyDown(screen.getByTestId("describe-text"), { key: "Enter" });
    expect(asked).not.toHaveBeenCalled();
    await fireEvent.keyDown(screen.getByTestId("describe-text"), { key: "Enter", ctrlKey: true });
    expect(asked).toHaveBeenCalledOnce();
  });
});

describe("what this registry can do", () => {
  it("is told with how it is known; what is not known stays so", async () => {
    await shown();
    const rows = within(screen.getByTestId("abilities")).getAllByRole("row").slice(1);
    const said = rows.map((row) => [row.dataset["skill"], within(row).getAllByRole("cell")[0]?.textContent.trim()]);
    expect(said).toEqual([
      ["catalog", "yes"],
      ["keepsOverwritten", "yes"],
      ["deletes", "yes"],
      ["deletesTags", "no"],
      ["referrers", "not known"],
      ["history", "no"],
    ]);
    expect(rows[3]?.textContent).toContain("DIGEST_INVALID");
  });
});

describe("what this computer has seen", () => {
  const pick = async (file: File): Promise<void> => {
    const input = screen.getByTestId<HTMLInputElement>("import-file");
    Object.defineProperty(input, "files", { configurable: true, value: [file] });
    await fireEvent.change(input);
  };

  it("is exported, of this repository or all of it, and the path can be copied", async () => {
    const { backend } = await shown();
    await click("export-this");
    await waitFor(() => expect(screen.getByTestId("exported").textContent).toContain("31 facts written to"));
    expect(screen.getByTestId("export-path").getAttribute("title")).toContain("longshore-genomics-aligner.jsonl");
    await click("export-all");
    await waitFor(() =>
      expect(called(backend, "exportSeen")).toEqual([
        [POLLY, "genomics/aligner"],
        [null, null],
      ]),
    );
  });

  it("takes a file in, and lists the lines that could not be read", async () => {
    const { backend } = await shown((made) => {
      made.importSeen = (text) => {
        made.calls.push(["importSeen", text]);
        const unread = ["Line 3 is no JSON.", "Line 9 names no digest."];
        return Promise.resolve({ added: 12, known: 3, repositories: 2, unread, unreadCount: 7 });
      };
    });
    await pick(new File(['{"longshore":"seen"}'], "seen.jsonl"));
    await waitFor(() => expect(screen.getByTestId("imported").textContent).toContain("12 added, 3 known already"));
    expect(called(backend, "importSeen")).toEqual([['{"longshore":"seen"}']]);
    const unread = screen.getByTestId("unread").textContent;
    expect(unread).toContain("7 lines could not be read");
    expect(unread).toContain("Line 9 names no digest.");
    expect(unread).toContain("and 5 more");
  });

  it("refuses a file that is too large without reading it", async () => {
    const { backend } = await shown();
    const file = new File(["x"], "huge.jsonl");
    const read = vi.spyOn(file, "text");
    Object.defineProperty(file, "size", { value: LARGEST + 1 });
    await pick(file);
    await waitFor(() => expect(screen.getByTestId("import-refused").textContent).toContain("larger than 32 MiB"));
    expect(read).not.toHaveBeenCalled();
    expect(called(backend, "importSeen")).toEqual([]);
  });

  it("says in place what went wrong", async () => {
    await shown((made) => (made.failing.exportSeen = problem("There is no room left on the disk.")));
    await click("export-this");
    await waitFor(() => expect(screen.getByTestId("seen-problem").textContent).toContain("no room left"));
    expect(screen.getByTestId<HTMLButtonElement>("export-this").disabled).toBe(false);
  });
});

describe("watching", () => {
  it("begins and ends with one button, which tells how it stands", async () => {
    const { backend } = await shown();
    const button = await waitFor(() => screen.getByTestId("watch"));
    expect(button.getAttribute("aria-pressed")).toBe("false");
    await fireEvent.click(button);
    await waitFor(() => expect(button.getAttribute("aria-pressed")).toBe("true"));
    expect(button.textContent).toContain("Watching");
    expect(screen.getByTestId("watch-line").textContent).toBe("every tag");
    await fireEvent.click(button);
    await waitFor(() => expect(button.getAttribute("aria-pressed")).toBe("false"));
    expect(called(backend, "watch").map(([order]) => (order as { on: boolean }).on)).toEqual([true, false]);
  });

  it("tells which tags are watched by themselves, and why it could not begin", async () => {
    await shown((made) => {
      made.abouts.watched["genomics/aligner"] = { all: false, tags: ["v3", "v2"] };
      made.failing.watch = problem("The database is busy.");
    });
    const button = await waitFor(() => screen.getByTestId("watch"));
    expect(button.title).toContain("v3, v2");
    await fireEvent.click(button);
    await waitFor(() => expect(screen.getByTestId("watch-problem").textContent).toBe("The database is busy."));
  });
});

describe("a pasted table of polly", () => {
  const TABLE = `| tag | pushed at | commit_hash |\n| v1 | 2026-06-16 | sha256:${"0a".repeat(32)} |`;
  const ofPolly = (made: FakeBackend): void => {
    made.kinds.recognised = { [POLLY]: "polly" };
  };
  async function opened(prepare?: (backend: FakeBackend) => void): Promise<FakeBackend> {
    const { backend } = await shown((made) => {
      ofPolly(made);
      prepare?.(made);
    });
    await waitFor(() => screen.getByTestId("paste-listing"));
    await click("paste-listing");
    return backend;
  }
  const button = (id: string): HTMLButtonElement => screen.getByTestId<HTMLButtonElement>(id);
  const drop = (file: File): Promise<boolean> =>
    fireEvent.drop(screen.getByTestId("listing-text"), { dataTransfer: { files: [file] } });

  it("is offered where the registry is Polly’s alone", async () => {
    await shown();
    expect(screen.queryByTestId("paste-listing")).toBeNull();
  });

  it("is shown before it is imported, then what came of it", async () => {
    const backend = await opened();
    expect(button("listing-import").disabled).toBe(true);
    await type("listing-text", TABLE);
    await waitFor(() =>
      expect(screen.getByTestId("listing-view").textContent.replace(/\s+/g, " ").trim()).toContain("1 commit of 1 tag"),
    );
    expect(screen.getByTestId("listing-view").textContent).toContain("genomics/aligner");
    expect(called(backend, "importListing")).toEqual([]);
    const found = await axe.run(screen.getByTestId("listing-sheet"), {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
    await submit("listing-sheet");
    await waitFor(() => expect(screen.getByTestId("imported").textContent).toContain("1 added"));
    const order = { account: POLLY, repository: "genomics/aligner", text: TABLE };
    expect(called(backend, "importListing")).toEqual([[order]]);
    await submit("listing-sheet");
    expect(screen.queryByTestId("listing-sheet")).toBeNull();
  });

  it("says what couldn’t be read, that it is another’s, and that there is none", async () => {
    const backend = await opened((made) => {
      made.readListing = () =>
        Promise.resolve({
          repository: "genomics/other",
          isOther: true,
          commits: 2,
          tags: 2,
          withoutZone: 1,
          unread: ["Line 5 has a time that is none."],
          unreadCount: 3,
        });
    });
    await type("listing-text", "x");
    await waitFor(() => expect(screen.getByTestId("listing-view").textContent).toContain("genomics/other"));
    expect(screen.getByTestId("listing-zone").textContent).toContain("UTC");
    expect(screen.getByTestId("unread").textContent).toContain("and 2 more");
    backend.readListing = () => Promise.reject(problem("There is no table of commits in this."));
    await type("listing-text", "hello");
    await waitFor(() => expect(screen.getByTestId("listing-problem").textContent).toContain("no table"));
    expect(button("listing-import").disabled).toBe(true);
  });

  it("is read from a file that is dropped, unless that is too large", async () => {
    await opened();
    const huge = new File(["x"], "huge.txt");
    Object.defineProperty(huge, "size", { value: LARGEST_LISTING + 1 });
    await drop(huge);
    await waitFor(() => expect(screen.getByTestId("listing-refused").textContent).toContain("larger than 16 MiB"));
    await drop(new File([TABLE], "commits.txt"));
    await waitFor(() => screen.getByTestId("listing-view"));
    expect(screen.queryByTestId("listing-refused")).toBeNull();
  });
});
