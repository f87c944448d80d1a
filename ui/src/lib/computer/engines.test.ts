// Choosing an engine, and sending a pull to another: the list in the page's head, the sheet about a sign-in.

import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import App from "../../App.svelte";
import { settle } from "../../test/start";
import { taskTitle } from "../activity/facts";
import { app } from "../app/state.svelte";
import { engines, factsText } from "../app/engines.svelte";
import { settings } from "../app/settings.svelte";
import type { Screen, TaskView } from "../backend/backend";
import { docker } from "../fake/data";
import { FakeBackend } from "../fake/fake";

const POLLY = "registry.polly.example";
const ALIGNER: Screen = { kind: "repository", account: POLLY, repository: "genomics/aligner" };
const GPU = "context:gpu-node";

async function open(place: Screen): Promise<FakeBackend> {
  const backend = new FakeBackend();
  Object.assign(backend.preferences, { place, tab: "tags" });
  render(App, { backend });
  for (let turn = 0; turn < 4; turn += 1) {
    await settle();
    flushSync();
  }
  return backend;
}
const called = (backend: FakeBackend, name: string): unknown[][] =>
  backend.calls.filter(([each]) => each === name).map(([, ...given]) => given);
const choices = (): HTMLElement[] => screen.getAllByTestId("engine-choice");

/** Opens the menu of the first tag, and chooses to pull it to the engine at gpu-node. */
async function pullToGpu(): Promise<void> {
  const [row] = await screen.findAllByTestId("tag-row");
  if (!row) throw new Error("no tag");
  await fireEvent.contextMenu(row, { clientX: 30, clientY: 40 });
  const items = await screen.findAllByTestId("menu-pull-to");
  expect(items.map((item) => item.textContent.trim())).toEqual(["Pull to Podman", "Pull to gpu-node"]);
  await fireEvent.click(items[1] as HTMLElement);
}

beforeAll(() => {
  HTMLElement.prototype.showPopover ??= () => undefined;
  HTMLElement.prototype.hidePopover ??= () => undefined;
});
afterEach(() => {
  cleanup();
  engines.rows = [];
  app.engine = null;
});

describe("the engines of a page of this computer", () => {
  it("are asked when the list is opened, and say what they are and where", async () => {
    const backend = await open({ kind: "images" });
    expect(called(backend, "lookForEngines")).toHaveLength(0);
    const button = await screen.findByTestId("engine-menu");
    expect(button.textContent).toContain("Docker Engine 28.2.1 · graph-driver store");
    await fireEvent.click(button);
    expect(document.activeElement).toBe(choices()[0]);
    await waitFor(() => expect(choices()[1]?.textContent).toContain("Docker 28.2.1 · this computer · in use"));
    expect(called(backend, "lookForEngines")).toHaveLength(1);
    const said = choices().map((each) => each.textContent.replace(/\s+/g, " ").trim());
    expect(said[0]).toBe("The first that answers");
    expect(said[3]).toBe("gpu-node Docker 29.1.0 · gpu-node.lab.example, over SSH");
    expect(said[4]).toContain("isn’t one this computer trusts");
    expect(choices()[0]?.getAttribute("aria-checked")).toBe("true");
  });

  it("are chosen for good, and given up again", async () => {
    const backend = await open({ kind: "images" });
    await fireEvent.click(await screen.findByTestId("engine-menu"));
    await fireEvent.click(choices()[3] as HTMLElement);
    await waitFor(() => expect(called(backend, "setSettings").at(-1)).toMatchObject([{ engine: GPU }]));
    await waitFor(() => expect(choices()[3]?.getAttribute("aria-checked")).toBe("true"));
    await fireEvent.click(choices()[0] as HTMLElement);
    await waitFor(() => expect(called(backend, "setSettings").at(-1)).toMatchObject([{ engine: null }]));
  });

  it("are marked as chosen however their address is set", async () => {
    const backend = await open({ kind: "images" });
    const rows = await backend.engines();
    const chosen = rows[1];
    backend.engines = () => Promise.resolve(rows.map((row) => ({ ...row, chosen: row === chosen })));
    await settings.change({ engine: "/written/in/another/way.sock" });
    await fireEvent.click(await screen.findByTestId("engine-menu"));
    await waitFor(() => expect(choices()[2]?.getAttribute("aria-checked")).toBe("true"));
    expect(choices().filter((each) => each.getAttribute("aria-checked") === "true")).toHaveLength(1);
  });

  it("on another computer are told with it in the sidebar", async () => {
    const backend = await open({ kind: "images" });
    backend.engineView = { ...docker, id: GPU, place: { kind: "other", host: "gpu-node", way: "ssh" } };
    backend.emit({ kind: "stale", what: { of: "engine" } });
    await waitFor(() => expect(screen.getByTestId("engine").textContent).toBe("gpu-node · Docker 28.2.1"));
  });
});

describe("a pull to another engine", () => {
  it("is offered once the others answered, and asks once whether its computer may be told the sign-in", async () => {
    const backend = await open(ALIGNER);
    await engines.look();
    await pullToGpu();
    const sheet = await screen.findByTestId("confide-sheet");
    expect(sheet.textContent).toContain(`Your sign-in at ${POLLY} goes to gpu-node.lab.example for this pull`);
    await fireEvent.click(screen.getByTestId("confide-cancel"));
    expect(screen.queryByTestId("confide-sheet")).toBeNull();
    expect(called(backend, "startPull")).toEqual([]);

    await pullToGpu();
    await fireEvent.click(await screen.findByTestId("confide-do"));
    const wanted = { engine: GPU, secretGoesTo: "gpu-node.lab.example" };
    await waitFor(() => expect(called(backend, "startPull").at(-1)).toMatchObject([wanted]));
    await pullToGpu();
    await waitFor(() => expect(called(backend, "startPull")).toHaveLength(2));
    expect(screen.queryByTestId("confide-sheet")).toBeNull();
  });

  it("says in its row where it goes", async () => {
    await open(ALIGNER);
    const task = { kind: "pull", unit: "bytes", repository: "genomics/aligner", tag: "v3" } as TaskView;
    expect(taskTitle({ ...task, engine: GPU })).toBe("genomics/aligner:v3 → gpu-node");
    expect(taskTitle({ ...task, engine: "context:else" })).toBe("genomics/aligner:v3 → else");
    expect(taskTitle(task)).toBe("genomics/aligner:v3 → this computer");
  });
});

it("an engine that was not asked says so", () => {
  const row = { id: "x", name: "x", origin: "known", used: false, chosen: false } as const;
  const here = { kind: "here", address: "unix:///x" } as const;
  expect(factsText({ ...row, place: here, state: { kind: "notAsked" } })).toBe("this computer · not asked yet");
});
