import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import App from "../../App.svelte";
import { settle } from "../../test/start";
import { app } from "../app/state.svelte";
import type { Dropped } from "../backend/backend";
import { archives } from "../computer/archives.svelte";
import { FakeBackend } from "../fake/fake";
import { builds } from "../making/build.svelte";
import { drag } from "../shared/drag/drag.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";
let backend: FakeBackend;
let under: Element | null;

// The code of sheets, which is read behind the first page: however long that takes, it is there.
beforeAll(async () => void (await import("../../Sheets.svelte")), 120_000);
beforeEach(async () => {
  backend = new FakeBackend();
  backend.preferences.place = { kind: "images" };
  under = null;
  document.elementFromPoint = () => under;
  render(App, { backend });
  await waitFor(() => expect(app.started).toBe(true));
  await screen.findByTestId("images-page");
  await waitFor(() => expect(screen.getAllByTestId("repository-row").length).toBeGreaterThan(0));
});
afterEach(async () => {
  drag.cancel();
  drag.say(null);
  builds.close();
  archives.close();
  cleanup();
  await settle();
});

const look = (...paths: string[]): Dropped[] => paths.map((path) => backend.archives.look(path));
async function files(phase: "enter" | "over" | "drop" | "leave", dropped: Dropped[] = []): Promise<void> {
  backend.emit({ kind: "files", phase, files: dropped, x: 300, y: 200 });
  await settle();
}
const row = (repository: string): Element => {
  const found = screen.getAllByTestId("repository-row").find((each) => each.dataset["repository"] === repository);
  if (!found) throw new Error(`no row ${repository}`);
  return found;
};

describe("files of the desktop", () => {
  it("say while they are dragged what they would become, at the place under the pointer", async () => {
    await files("enter", look("/home/ana/aligner"));
    expect(screen.getByTestId("drag-ghost").textContent).toContain("Build aligner");
    under = row(ALIGNER);
    await files("over");
    expect(screen.getByTestId("drag-ghost").textContent).toContain(`Build and push to ${ALIGNER}`);
    expect((under as HTMLElement).dataset["drop"]).toBe("over");
    await files("leave");
    expect(screen.queryByTestId("drag-ghost")).toBeNull();
    // Late news of a drag that is over begins none.
    await files("over");
    expect(screen.queryByTestId("drag-ghost")).toBeNull();
  });

  it("are told by the size of the text where they are", async () => {
    await backend.setSettings({ ...backend.settingsView.values, textSize: 200 });
    const { settings } = await import("../app/settings.svelte");
    settings.take(backend.settingsView);
    await files("enter", look("/home/ana/aligner"));
    expect([drag.x, drag.y]).toEqual([150, 100]);
    settings.take({ ...backend.settingsView, values: { ...backend.settingsView.values, textSize: 100 } });
  });

  it("a folder on a repository opens the build sheet with both", async () => {
    under = row(ALIGNER);
    await files("drop", look("/home/ana/aligner"));
    expect(builds.draft?.folder).toBe("/home/ana/aligner");
    expect(builds.draft?.going).toMatchObject({ account: POLLY, repository: ALIGNER });
  });

  it("a folder elsewhere is built without a push; one more takes the place of the folder in the sheet", async () => {
    await files("drop", look("/home/ana/aligner"));
    expect(builds.draft?.going).toBeNull();
    const { draft } = builds;
    await screen.findByTestId("build-sheet");
    await files("drop", look("/home/ana/tools"));
    expect(builds.draft).toBe(draft);
    expect(draft?.folder).toBe("/home/ana/tools");
    // What has no place in that sheet does not close it.
    await files("drop", look("/home/ana/aligner.tar"));
    expect(archives.loading).toBeNull();
    expect(screen.getByTestId("drop-said").textContent).toContain("Close what is open first");
  });

  it("an archive is loaded, but not by a repository", async () => {
    under = row(ALIGNER);
    await files("drop", look("/home/ana/aligner.tar"));
    expect(archives.loading).toBeNull();
    expect(screen.getByTestId("drop-said").textContent).toContain("Images");
    under = screen.getByTestId("nav-images");
    await files("enter", look("/home/ana/aligner.tar"));
    expect(screen.getByTestId("drag-ghost").textContent).toContain("Load aligner.tar");
    await files("drop", look("/home/ana/aligner.tar"));
    expect(archives.loading?.path).toBe("/home/ana/aligner.tar");
    expect(screen.queryByTestId("drop-said")).toBeNull();
  });

  it("what is neither, and several at once, get a sentence", async () => {
    await files("drop", look("/home/ana/notes.txt"));
    expect(screen.getByTestId("drop-said").textContent).toContain("notes.txt is neither");
    await files("drop", look("/home/ana/a", "/home/ana/b"));
    expect(screen.getByTestId("drop-said").textContent).toContain("Drop one thing at a time.");
    const bare = look("/home/ana/a").map((each) => ({ ...each, dockerfile: false, why: "No Dockerfile in a." }));
    await files("drop", bare);
    expect(screen.getByTestId("drop-said").textContent).toContain("No Dockerfile in a.");
    expect(builds.draft).toBeNull();
  });

  it("don't go to an account or a namespace, and images pass over what is for files alone", async () => {
    under = screen.getByTestId(`account-${POLLY}`);
    await files("drop", look("/home/ana/aligner"));
    expect(screen.getByTestId("drop-said").textContent).toContain("Drop a folder on a repository");
    expect(builds.draft).toBeNull();
    drag.payload = { kind: "image", id: "sha256:aa", name: "a:1" };
    await settle();
    expect(screen.getByTestId("nav-images").dataset["drop"]).toBeUndefined();
    expect((under as HTMLElement).dataset["drop"]).toBe("open");
  });
});
