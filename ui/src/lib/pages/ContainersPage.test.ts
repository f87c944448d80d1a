import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { app } from "../app/state.svelte";
import { imageArrival } from "../computer/arrival.svelte";
import { committing } from "../making/commit.svelte";
import { push } from "../push/push.svelte";
import { drag } from "../shared/drag/drag.svelte";
import { noEngine } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import ContainersPage from "./ContainersPage.svelte";

async function shown(prepare?: (backend: FakeBackend) => void) {
  const backend = await started(prepare);
  return { backend, view: render(ContainersPage) };
}
const rows = (): HTMLElement[] => screen.queryAllByTestId("container-row");
const names = (): (string | undefined)[] => rows().map((row) => row.dataset["name"]);
const named = (name: string): HTMLElement => {
  const found = rows().find((row) => row.dataset["name"] === name);
  if (!found) throw new Error(`no row ${name}`);
  return found;
};

afterEach(() => {
  cleanup();
  imageArrival.key = null;
});

describe("the containers page", () => {
  it("shows what runs first, and all behind the other tab", async () => {
    await shown();
    await waitFor(() => expect(names()).toEqual(["notebook", "aligner-run", "db"]));
    expect(app.containerCount).toBe(3);
    expect(within(named("aligner-run")).getByTestId("container-place").textContent).toContain("11 days behind v2");
    await fireEvent.click(screen.getByTestId("tab-all"));
    await waitFor(() => expect(rows()).toHaveLength(5));
    expect(named("left-over").textContent).toContain("never started");
  });

  it("says which ones changed since their image, once they are in sight", async () => {
    await shown();
    await waitFor(() => expect(within(named("notebook")).getByTestId("container-changed")).toBeTruthy());
    const changed = within(named("notebook")).getByTestId("container-changed");
    expect(changed.title).toContain("14 added, 3 changed, 1 deleted");
    expect(changed.title).toContain("+ /home/jovyan/notes.ipynb");
    expect(named("notebook").textContent).toContain("changed since its image · not pushed");
    expect(within(named("aligner-run")).queryByTestId("container-changed")).toBeNull();
    expect(named("notebook").getAttribute("aria-label")).toMatch(
      /^notebook, jupyter-lab:mine, running, started 2 hours ago, changed since its image, not pushed$/,
    );
  });

  it("has no fault a checker finds", async () => {
    const { view } = await shown();
    await waitFor(() => expect(rows()).toHaveLength(3));
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("filters, orders, and shows an image's row", async () => {
    await shown();
    await waitFor(() => expect(rows()).toHaveLength(3));
    await fireEvent.change(screen.getByTestId("containers-order"), { target: { value: "name" } });
    expect(names()).toEqual(["aligner-run", "db", "notebook"]);
    await fireEvent.input(screen.getByTestId("containers-filter"), { target: { value: "postgres" } });
    expect(names()).toEqual(["db"]);
    await fireEvent.click(within(named("db")).getByTestId("container-menu"));
    await fireEvent.click(await screen.findByTestId("menu-show-image"));
    expect(app.place).toEqual({ kind: "images" });
    expect(imageArrival.key).toMatch(/^sha256:a19c3ff2d845/);
  });

  it("commits by Enter and by the menu, and is marked for a repository with Ctrl X", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(screen.getByTestId("containers-page").textContent).toContain("Drag onto a repository to commit and push");
    const row = named("notebook");
    row.focus();
    await fireEvent.keyDown(row, { key: "Enter" });
    expect(committing.draft?.container.name).toBe("notebook");
    expect(committing.draft?.going).toBeNull();
    committing.close();
    await fireEvent.click(within(named("db")).getByTestId("container-menu"));
    await fireEvent.click(await screen.findByTestId("menu-commit-push"));
    await waitFor(() => expect(push.placing?.label).toBe("db"));
    push.close();
    await fireEvent.keyDown(row, { key: "x", ctrlKey: true });
    const { id, image, imageId } = backend.containerRows[0] ?? { id: "", image: "", imageId: "" };
    expect(drag.marked).toEqual({ kind: "container", id, name: "notebook", image, imageId });
    await waitFor(() => expect(named("notebook").textContent).toContain("marked: go to a repository"));
    drag.mark(null);
  });

  it("reads again when the containers changed, and says when nothing runs or nothing is there", async () => {
    const { backend } = await shown();
    await waitFor(() => expect(rows()).toHaveLength(3));
    backend.containerRows = backend.containerRows.filter((row) => row.state === "stopped");
    backend.emit({ kind: "stale", what: { of: "containers" } });
    await waitFor(() => expect(screen.getByTestId("containers-table").textContent).toContain("Nothing runs."));
    backend.containerRows = [];
    backend.emit({ kind: "stale", what: { of: "containers" } });
    await screen.findByTestId("containers-empty");
  });

  it("says why no engine answers", async () => {
    await shown((made) => (made.engineView = noEngine));
    await waitFor(() =>
      expect(screen.getByTestId("containers-no-engine").textContent).toContain("Start Docker or Podman"),
    );
  });
});
