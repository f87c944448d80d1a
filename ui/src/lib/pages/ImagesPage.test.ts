import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { started } from "../../test/start";
import { accountSheet } from "../accounts/accounts.svelte";
import { commands } from "../app/commands.svelte";
import { app } from "../app/state.svelte";
import { archives } from "../computer/archives.svelte";
import { removing } from "../computer/removing.svelte";
import { imageSizes } from "../fake/computer";
import { docker, noEngine } from "../fake/data";
import type { ImageSize } from "../backend/backend";
import { problem, type FakeBackend } from "../fake/fake";
import { forgetSizes } from "../images/sizes.svelte";
import { builds } from "../making/build.svelte";
import { push } from "../push/push.svelte";
import { drag } from "../shared/drag/drag.svelte";
import ImagesPage from "./ImagesPage.svelte";

async function shown(prepare?: (backend: FakeBackend) => void) {
  const backend = await started(prepare);
  const view = render(ImagesPage);
  return { backend, view };
}
const plain = (text: string | null): string => (text ?? "").replace(/\u00a0|\u202f/g, " ");
const rows = (): HTMLElement[] => screen.queryAllByTestId("image-row");
/** What is told of a row's size beside its bytes. */
const sizeOf = (row: HTMLElement): string => plain(within(row).getByTestId("image-size").title);
const named = (name: string): HTMLElement => {
  const found = rows().find((row) => row.dataset["name"] === name);
  if (!found) throw new Error(`no row ${name}`);
  return found;
};

afterEach(() => {
  cleanup();
  push.close();
  archives.close();
  removing.close();
  builds.close();
  accountSheet.close();
  drag.mark(null);
  forgetSizes();
  vi.restoreAllMocks();
});

describe("the images page", () => {
  it("shows what the engine holds, and where each image is in a registry", async () => {
    await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    expect(named("aligner:dev").textContent).toContain("not pushed");
    expect(
      within(named("registry.polly.example/genomics/aligner:v3")).getByTestId("image-place").textContent,
    ).toContain("v3, active");
    expect(screen.getByTestId("images-page").textContent).toContain("Docker Engine 28.2.1 · graph-driver store");
  });

  it("has no fault a checker finds", async () => {
    const { view } = await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("is ordered by its heads and by the choice above it, and tells of itself aloud", async () => {
    await shown();
    await waitFor(() => expect(sizeOf(named("aligner:dev"))).not.toBe(""));
    await fireEvent.click(screen.getByTestId("column-size"));
    expect(rows()[0]?.dataset["name"]).toBe("jupyter-lab:mine");
    expect(screen.getByTestId("column-size").getAttribute("aria-sort")).toBe("descending");
    expect((screen.getByTestId("images-order") as HTMLSelectElement).value).toBe("largest");
    await fireEvent.change(screen.getByTestId("images-order"), { target: { value: "name" } });
    expect(rows()[0]?.dataset["name"]).toBe("aligner:dev");
    expect(rows().at(-1)?.dataset["name"]).toBe("");
    const said = (name: string): string => plain(named(name).getAttribute("aria-label"));
    expect(said("aligner:dev")).toMatch(
      /^aligner:dev, d41e07c9a2b3, built \d min ago, 1 180\.3 MB, 90\.3 MB unique, not pushed$/,
    );
    expect(said("registry.polly.example/genomics/aligner:v2")).toMatch(/11 days behind v2$/);
  });

  it("filters by name and by id", async () => {
    await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    await fireEvent.input(screen.getByTestId("images-filter"), { target: { value: "jupyter" } });
    expect(rows().map((row) => row.dataset["name"])).toEqual(["jupyter-lab:mine"]);
    await fireEvent.input(screen.getByTestId("images-filter"), { target: { value: "d41e07" } });
    expect(rows().map((row) => row.dataset["name"])).toEqual(["aligner:dev"]);
  });

  it("draws of 2,000 images those in sight, and finds any of them", async () => {
    await shown((made) => {
      const [one] = made.imageRows;
      if (!one) throw new Error("no image");
      made.imageRows = Array.from({ length: 2000 }, (_, n) => {
        const id = `sha256:${n.toString(16).padStart(64, "0")}`;
        return { ...one, key: `tool:${n}`, name: `tool:${n}`, id, created: 1_790_000_000 + n };
      });
    });
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
    expect(rows().length).toBeLessThanOrEqual(100);
    expect(rows()[0]?.getAttribute("aria-label")).toContain("tool:1999");
    await fireEvent.input(screen.getByTestId("images-filter"), { target: { value: "tool:1234" } });
    expect(rows().map((row) => row.dataset["name"])).toEqual(["tool:1234"]);
  });

  it("asks where to from the row's button, and by Enter", async () => {
    await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    await fireEvent.click(within(named("aligner:dev")).getByTestId("push-to"));
    await waitFor(() => expect(push.placing?.label).toBe("aligner:dev"));
    push.close();
    named("aligner:dev").focus();
    await fireEvent.keyDown(named("aligner:dev"), { key: "Enter" });
    await waitFor(() => expect(push.placing?.label).toBe("aligner:dev"));
    push.close();
  });

  it("asks for a registry first where there is none", async () => {
    await shown((made) => (made.accountRows = []));
    await waitFor(() => expect(rows()).toHaveLength(6));
    await fireEvent.click(within(named("aligner:dev")).getByTestId("push-to"));
    expect(push.draft).toBeNull();
    expect(accountSheet.open.kind).toBe("form");
  });

  it("marks a row with Ctrl X and says so", async () => {
    await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    await fireEvent.keyDown(named("aligner:dev"), { key: "x", ctrlKey: true });
    expect(drag.marked).toMatchObject({ name: "aligner:dev" });
    expect(named("aligner:dev").textContent).toContain("marked");
  });

  it("saves the row by S, and all that the filter leaves by a command; loads and builds by its buttons", async () => {
    await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    await fireEvent.keyDown(named("aligner:dev"), { key: "s" });
    expect(archives.saving?.images).toEqual(["aligner:dev"]);
    await fireEvent.input(screen.getByTestId("images-filter"), { target: { value: "genomics" } });
    expect(commands.all().find(({ id }) => id === "save-shown")?.label).toBe("Save the 2 images that are shown…");
    commands.run("save-shown");
    expect(archives.saving?.images.toSorted()).toEqual([
      "registry.polly.example/genomics/aligner:v2",
      "registry.polly.example/genomics/aligner:v3",
    ]);
    await fireEvent.click(screen.getByTestId("load-images"));
    expect([archives.saving, archives.loading?.path]).toEqual([null, ""]);
    await fireEvent.click(screen.getByTestId("build-from-folder"));
    expect(builds.draft?.folder).toBe("");
  });

  it("is walked over with the arrows, one row in the Tab order", async () => {
    await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    rows()[0]?.focus();
    await fireEvent.keyDown(rows()[0] as HTMLElement, { key: "ArrowDown" });
    await waitFor(() => expect(document.activeElement).toBe(rows()[1]));
    expect(document.querySelectorAll('[role=row][tabindex="0"]')).toHaveLength(1);
  });

  it("says why no engine answers, what to do, and asks again", async () => {
    const { backend } = await shown((made) => (made.engineView = noEngine));
    await waitFor(() => expect(screen.getByTestId("images-no-engine").textContent).toContain("Start Docker or Podman"));
    backend.engineView = {
      ...docker,
      name: "Podman",
      version: "4.3.1",
      store: "containerd",
      platform: "linux/amd64",
      insecure: [],
      instead: [],
    };
    await fireEvent.click(screen.getByTestId("engine-retry"));
    await waitFor(() => expect(rows()).toHaveLength(6));
    expect(screen.queryByTestId("engine-insecure")).toBeNull();
  });

  it("says which registries the engine may reach without TLS", async () => {
    const insecure = ["lab.example:5000", "10.1.0.0/16", "a.example", "b.example", "c.example"];
    await shown((made) => (made.engineView = { ...docker, insecure }));
    const said = (await screen.findByTestId("engine-insecure")).textContent.replace(/\s+/g, " ").trim();
    expect(said).toBe(
      "Docker may use plain HTTP or an untrusted certificate with lab.example:5000, 10.1.0.0/16, a.example and 2 more",
    );
  });

  it("says which engine is used in the place of one that is gone, and nothing where all is as it was", async () => {
    const said = "Docker at unix:///run/docker.sock is gone, so Podman at unix:///run/podman.sock is used instead.";
    const { backend } = await shown((made) => (made.engineView = { ...docker, instead: [said] }));
    expect((await screen.findByTestId("engine-instead")).textContent).toContain(said);
    backend.engineView = docker;
    backend.emit({ kind: "stale", what: { of: "engine" } });
    await waitFor(() => expect(screen.queryByTestId("engine-instead")).toBeNull());
  });

  it("teaches the next step where there is no image", async () => {
    await shown((made) => (made.imageRows = []));
    await waitFor(() => expect(screen.getByTestId("images-empty").textContent).toContain("No image"));
  });

  it("reads again when the images changed", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    backend.imageRows = backend.imageRows.slice(0, 2);
    backend.emit({ kind: "stale", what: { of: "images" } });
    await waitFor(() => expect(rows()).toHaveLength(2));
  });
});

describe("the parts of the images page", () => {
  it("are all, those in no registry, and those without a name", async () => {
    await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    await fireEvent.click(screen.getByTestId("tab-notPushed"));
    expect(rows().map((row) => row.dataset["name"])).toEqual(["aligner:dev", "jupyter-lab:mine"]);
    await fireEvent.click(screen.getByTestId("tab-dangling"));
    expect(rows().map((row) => row.dataset["name"])).toEqual([""]);
    await fireEvent.click(screen.getByTestId("tab-all"));
    expect(rows()).toHaveLength(6);
  });

  it("say where an image was built after what its registry has", async () => {
    const place = { kind: "newer" as const, repository: "h/a/b", tag: "v1" };
    await shown((made) => (made.imageRows = made.imageRows.slice(0, 1).map((row) => ({ ...row, place }))));
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(within(rows()[0] as HTMLElement).getByTestId("image-place").textContent).toBe("newer than v1");
  });
});

describe("what an image shares", () => {
  const lists = (backend: FakeBackend): number => backend.calls.filter(([name]) => name === "images").length;
  const sizes = (backend: FakeBackend): number => backend.calls.filter(([name]) => name === "imageSizes").length;

  it("is told once the list stands there, and asked again only where other images are in it", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    expect(sizes(backend)).toBe(0);
    expect(sizeOf(named("aligner:dev"))).toBe("");
    await waitFor(() =>
      expect(sizeOf(named("aligner:dev"))).toBe("90.3 MB unique, 1 090.0 MB shared with other images"),
    );
    expect(sizeOf(named("postgres:16"))).toBe("431.5 MB unique, nothing shared");

    const before = lists(backend);
    backend.emit({ kind: "stale", what: { of: "images" } });
    await waitFor(() => expect(lists(backend)).toBeGreaterThan(before));
    backend.imageRows = backend.imageRows.slice(1);
    backend.emit({ kind: "stale", what: { of: "images" } });
    await waitFor(() => expect(rows()).toHaveLength(5));
    await waitFor(() => expect(sizes(backend)).toBe(2));
  });

  it("is asked about once at a time: what changed meanwhile is asked about when the answer is there", async () => {
    const answers: ((sizes: ImageSize[]) => void)[] = [];
    const { backend } = await shown((made) => {
      made.imageSizes = () => new Promise((resolve) => answers.push(resolve));
    });
    await waitFor(() => expect(answers).toHaveLength(1));
    backend.imageRows = backend.imageRows.slice(0, 2);
    backend.emit({ kind: "stale", what: { of: "images" } });
    await waitFor(() => expect(rows()).toHaveLength(2));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(answers).toHaveLength(1);
    answers[0]?.([{ id: backend.imageRows[0]?.id ?? "", shared: 1, unique: 2 }]);
    await waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.([{ id: backend.imageRows[0]?.id ?? "", shared: 1, unique: 3 }]);
    await waitFor(() => expect(sizeOf(rows()[0] as HTMLElement)).toBe("3 B unique, 1 B shared with other images"));
  });

  it("has a column of its own where there is room, and none where the engine doesn't tell", async () => {
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1600);
    const tells = vi.fn(() => Promise.resolve<ImageSize[]>([]));
    const { backend } = await shown((made) => (made.imageSizes = tells));
    await waitFor(() => expect(tells).toHaveBeenCalledTimes(1));
    await waitFor(() => expect(screen.queryByText("Unique")).toBeNull());
    expect(sizeOf(named("aligner:dev"))).toBe("");
    expect(named("aligner:dev").textContent).not.toContain("0 B");
    // With the next list it is asked again.
    tells.mockResolvedValue(imageSizes(backend.imageRows));
    backend.emit({ kind: "stale", what: { of: "images" } });
    await waitFor(() =>
      expect(plain(within(named("aligner:dev")).getByTestId("image-unique").textContent)).toBe("90.3 MB"),
    );
    expect(screen.getByText("Unique")).toBeTruthy();
  });

  it("stays as it was where the engine gives no answer, and when the page is opened again", async () => {
    const { backend, view } = await shown();
    await waitFor(() => expect(sizeOf(named("aligner:dev"))).not.toBe(""));
    backend.failing.imageSizes = problem("It refuses.");
    backend.imageRows = backend.imageRows.slice(1);
    backend.emit({ kind: "stale", what: { of: "images" } });
    await waitFor(() => expect(sizes(backend)).toBe(2));
    expect(sizeOf(named("postgres:16"))).toBe("431.5 MB unique, nothing shared");
    view.unmount();
    render(ImagesPage);
    await waitFor(() => expect(sizeOf(named("postgres:16"))).toBe("431.5 MB unique, nothing shared"));
    expect(sizes(backend)).toBe(2);
  });

  it("is nobody else's: what one engine tells is forgotten with another, and comes too late for it", async () => {
    const answers: ((sizes: ImageSize[]) => void)[] = [];
    const { backend } = await shown((made) => {
      made.imageSizes = () => new Promise((resolve) => answers.push(resolve));
    });
    await waitFor(() => expect(answers).toHaveLength(1));
    backend.engineView = { ...docker, id: "another" };
    backend.emit({ kind: "stale", what: { of: "engine" } });
    await waitFor(() => expect(app.engine).toMatchObject({ id: "another" }));
    const before = lists(backend);
    backend.emit({ kind: "stale", what: { of: "images" } });
    await waitFor(() => expect(lists(backend)).toBeGreaterThan(before));
    const [first] = backend.imageRows;
    const told = (unique: number): ImageSize[] => [{ id: first?.id ?? "", shared: 1, unique }];
    answers[0]?.(told(2));
    await waitFor(() => expect(answers).toHaveLength(2));
    expect(rows().map(sizeOf)).toEqual(rows().map(() => ""));
    answers[1]?.(told(3));
    await waitFor(() => expect(rows().map(sizeOf)).toContain("3 B unique, 1 B shared with other images"));
  });
});

describe("several rows of the images page", () => {
  const chosen = (): (string | undefined)[] =>
    rows()
      .filter((row) => row.getAttribute("aria-selected") === "true")
      .map((row) => row.dataset["name"]);
  const focused = (): HTMLElement => document.activeElement as HTMLElement;

  it("are chosen with Ctrl and with Shift by the pointer, and it is said how many", async () => {
    const { view } = await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    expect(screen.getByTestId("images-table").getAttribute("aria-multiselectable")).toBe("true");
    const [first, second, third] = rows();
    await fireEvent.click(first as HTMLElement, { ctrlKey: true });
    await fireEvent.click(third as HTMLElement, { ctrlKey: true });
    expect(chosen()).toEqual([first?.dataset["name"], third?.dataset["name"]]);
    expect(screen.getByTestId("images-selected").textContent).toBe("2 selected");
    // In the place of the order: no line is added, so that no row moves.
    expect(screen.queryByTestId("images-order")).toBeNull();
    await fireEvent.click(third as HTMLElement, { ctrlKey: true });
    expect(chosen()).toHaveLength(1);
    await fireEvent.click(screen.getByTestId("clear-selection"));
    expect(chosen()).toEqual([]);
    expect(screen.getByTestId("images-order")).toBeTruthy();

    // From the row under the cursor to the one that is pressed with Shift, which gets the focus.
    second?.focus();
    expect(await fireEvent.mouseDown(rows()[4] as HTMLElement, { shiftKey: true })).toBe(false);
    await fireEvent.click(rows()[4] as HTMLElement, { shiftKey: true });
    expect(chosen()).toEqual(
      rows()
        .slice(1, 5)
        .map((row) => row.dataset["name"]),
    );
    expect(focused()).toBe(rows()[4]);
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("are chosen by keys, and let go by Escape", async () => {
    await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    rows()[0]?.focus();
    await fireEvent.keyDown(focused(), { key: "ArrowDown", shiftKey: true });
    await waitFor(() => expect(focused()).toBe(rows()[1]));
    await fireEvent.keyDown(focused(), { key: "ArrowDown", shiftKey: true });
    await waitFor(() => expect(focused()).toBe(rows()[2]));
    expect(chosen()).toHaveLength(3);
    await fireEvent.keyDown(focused(), { key: " " });
    expect(chosen()).toHaveLength(2);
    await fireEvent.keyDown(focused(), { key: "a", ctrlKey: true });
    expect(chosen()).toHaveLength(6);
    await fireEvent.keyDown(focused(), { key: "Escape" });
    expect(chosen()).toEqual([]);
  });

  it("are saved and removed in one act, from the keys, the menu and the line above the list", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    for (const name of ["postgres:16", "aligner:dev", ""]) await fireEvent.click(named(name), { ctrlKey: true });
    const [some, id] = [["aligner:dev", "postgres:16"], named("").dataset["id"] ?? ""];
    await fireEvent.keyDown(named("jupyter-lab:mine"), { key: "s" });
    expect(archives.saving?.images.toSorted()).toEqual([...some, id].toSorted());
    archives.close();
    await fireEvent.click(screen.getByTestId("save-selected"));
    expect(archives.saving?.images).toHaveLength(3);

    const labels = commands.all().map(({ label }) => label);
    expect(labels).toContain("Remove 3 selected…");
    expect(labels).not.toContain("Remove…");
    await fireEvent.keyDown(named("postgres:16"), { key: "Delete" });
    await waitFor(() => expect(removing.draft?.plan?.items).toHaveLength(3));
    removing.close();
    await fireEvent.click(screen.getByTestId("remove-selected"));
    await waitFor(() => expect(removing.draft?.plan?.items).toHaveLength(3));
    await removing.draft?.remove();
    // One is used by a container, as is the one without a name: they stay, and stay chosen.
    await waitFor(() => expect(rows()).toHaveLength(5));
    expect(backend.calls.filter(([name]) => name === "removeImage")).toHaveLength(1);
    expect(chosen().toSorted()).toEqual(["", "postgres:16"]);
  });

  it("are no more than fit in one archive, where they are saved", async () => {
    await shown((made) => {
      const [one] = made.imageRows;
      if (!one) throw new Error("no image");
      made.imageRows = Array.from({ length: 201 }, (_, n) => ({ ...one, key: `tool:${n}`, name: `tool:${n}` }));
    });
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
    await fireEvent.keyDown(rows()[0] as HTMLElement, { key: "a", ctrlKey: true });
    expect((screen.getByTestId("save-selected") as HTMLButtonElement).disabled).toBe(true);
    expect(screen.getByTestId("images-says").textContent).toBe("One archive takes at most 200 images.");
    await fireEvent.keyDown(rows()[0] as HTMLElement, { key: "s" });
    expect(archives.saving).toBeNull();
    await fireEvent.click(rows()[0] as HTMLElement, { ctrlKey: true });
    expect(screen.getByTestId("images-selected").textContent).toBe("200 selected");
    expect(screen.queryByText(/at most/)).toBeNull();
    expect((screen.getByTestId("save-selected") as HTMLButtonElement).disabled).toBe(false);
  });

  it("are gone for good once they are gone: a name that comes back isn't chosen", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(rows()).toHaveLength(6));
    await fireEvent.click(named("postgres:16"), { ctrlKey: true });
    const before = backend.imageRows;
    for (const there of [before.filter(({ name }) => name !== "postgres:16"), before]) {
      backend.imageRows = there;
      backend.emit({ kind: "stale", what: { of: "images" } });
      await waitFor(() => expect(rows()).toHaveLength(there.length));
    }
    expect(chosen()).toEqual([]);
  });
});
