import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { transfers } from "../activity/tasks.svelte";
import { dispatch } from "../app/actions";
import type { BuildOrder } from "../backend/backend";
import type { FakeBackend } from "../fake/fake";
import { started } from "../../test/start";
import { push } from "../push/push.svelte";
import { builds, openBuild, openBuildHere } from "./build.svelte";
import MakingSheets from "./MakingSheets.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";
let backend: FakeBackend;
let deaf: () => void;

beforeEach(async () => {
  backend = await started();
  backend.making.pace = 0;
  deaf = transfers.start();
  render(MakingSheets);
});
afterEach(() => {
  builds.close();
  deaf();
  cleanup();
});

const shown = (id: string): HTMLElement => screen.getByTestId(id);
const said = (id: string): string => (shown(id).textContent ?? "").replace(/\s+/g, " ");
const enabled = (id: string): boolean => !screen.getByTestId<HTMLButtonElement>(id).disabled;
async function faults(sheet: string): Promise<string[]> {
  const found = await axe.run(shown(sheet), {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return found.violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join()}`);
}
const ordered = (): BuildOrder | undefined =>
  backend.calls.filter(([name]) => name === "startBuild").map(([, order]) => order as BuildOrder)[0];

async function opened(): Promise<void> {
  openBuild({ account: POLLY, repository: ALIGNER }, "~/src/aligner");
  await waitFor(() => expect(enabled("build-go")).toBe(true));
}

describe("the build sheet", () => {
  it("says what goes to the engine, and what becomes of the tag, in a few words", async () => {
    await opened();
    expect(said("build-goes")).toContain("214 files, 38.1 MB go to the engine.");
    await fireEvent.input(shown("build-tag"), { target: { value: "v9" } });
    await waitFor(() => expect(said("build-fact")).toContain("then v9 is new in genomics/aligner"));
    const read = (shown("build-sheet").textContent ?? "").split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    expect(read.length).toBeLessThanOrEqual(60);
    expect(await faults("build-sheet")).toEqual([]);
  });

  it("orders what was answered, and the push with it", async () => {
    await opened();
    await fireEvent.input(shown("build-tag"), { target: { value: "v9" } });
    await fireEvent.click(shown("build-options"));
    await fireEvent.input(shown("build-arg-VERSION"), { target: { value: "1.5" } });
    await fireEvent.change(shown("build-target"), { target: { value: "test" } });
    await fireEvent.change(shown("build-platform"), { target: { value: "linux/arm64" } });
    await fireEvent.click(shown("build-anew"));
    await fireEvent.click(shown("build-secret-add"));
    await fireEvent.input(shown("build-secret-id"), { target: { value: "token" } });
    await fireEvent.input(shown("build-secret-file"), { target: { value: "~/token" } });
    await waitFor(() => expect(enabled("build-go")).toBe(true));
    await fireEvent.click(shown("build-go"));
    await screen.findByTestId("steps-sheet");
    expect(ordered()).toMatchObject({
      folder: "/home/ana/src/aligner",
      dockerfile: "Dockerfile",
      target: "test",
      args: [{ name: "VERSION", value: "1.5" }],
      secrets: [{ id: "token", file: "~/token" }],
      engineBuilder: false,
      platform: "linux/arm64",
      noCache: true,
      name: null,
      then: { account: POLLY, repository: ALIGNER, tag: "v9", expected: null, keep: "byRule", takenName: "unasked" },
    });
  });

  it("takes secrets where BuildKit builds, and says what builds where it doesn’t", async () => {
    await opened();
    await fireEvent.click(shown("build-options"));
    await fireEvent.click(shown("build-secret-add"));
    await fireEvent.click(shown("build-secret-add"));
    await fireEvent.input(screen.getAllByTestId("build-secret-id")[1] as HTMLElement, { target: { value: "b" } });
    await fireEvent.click(screen.getAllByTestId("build-secret-remove")[0] as HTMLElement);
    expect(screen.getByTestId<HTMLInputElement>("build-secret-id").value).toBe("b");
    expect(await faults("build-sheet")).toEqual([]);
    await fireEvent.click(shown("build-engine-builder"));
    expect(said("build-no-secrets")).toContain("takes no secrets");
    await fireEvent.click(shown("build-go"));
    await screen.findByTestId("steps-sheet");
    expect(ordered()).toMatchObject({ secrets: [], engineBuilder: true });
    builds.close();
    backend.making.plan.builder = { kind: "engine", why: "docker buildx isn’t installed." };
    await opened();
    await fireEvent.click(shown("build-options"));
    expect(said("build-by-engine")).toContain("The engine’s own builder builds. docker buildx isn’t installed.");
  });

  it("without a repository keeps the image here", async () => {
    openBuildHere("~/src/aligner");
    await waitFor(() => expect(enabled("build-go")).toBe(true));
    expect(screen.queryByTestId("build-tag")).toBeNull();
    const name = screen.getByTestId<HTMLInputElement>("build-name");
    expect(name.value).toBe("aligner:latest");
    await fireEvent.input(shown("build-folder"), { target: { value: "/src/My Tool!" } });
    await waitFor(() => expect(name.value).toBe("my-tool:latest"));
    await fireEvent.input(name, { target: { value: "mine:1" } });
    await fireEvent.input(shown("build-folder"), { target: { value: "~/src/aligner" } });
    await waitFor(() => expect(enabled("build-go")).toBe(true));
    expect(name.value).toBe("mine:1");
    await fireEvent.input(shown("build-name"), { target: { value: "aligner:dev" } });
    await fireEvent.click(shown("build-go"));
    await screen.findByTestId("steps-sheet");
    expect(ordered()).toMatchObject({ name: "aligner:dev", then: null, platform: null, args: [] });
  });

  it("says why nothing can be built", async () => {
    openBuildHere();
    await screen.findByTestId("build-sheet");
    expect(said("build-fact")).toContain("Type a folder.");
    await fireEvent.input(shown("build-folder"), { target: { value: "nowhere" } });
    await waitFor(() => expect(said("build-problem")).toContain("nowhere is no folder of this computer."));
    expect(enabled("build-go")).toBe(false);
  });

  it("takes a Dockerfile that lies anywhere in the folder, and the usual one again", async () => {
    await opened();
    await fireEvent.click(shown("build-options"));
    const asked = (): unknown => backend.calls.findLast(([name]) => name === "planBuild")?.[1];
    await fireEvent.input(shown("build-dockerfile"), { target: { value: "docker/api.df" } });
    await waitFor(() => expect(asked()).toEqual({ folder: "~/src/aligner", dockerfile: "docker/api.df" }));
    await fireEvent.input(shown("build-dockerfile"), { target: { value: "" } });
    await waitFor(() => expect(asked()).toEqual({ folder: "~/src/aligner", dockerfile: null }));
  });

  it("asks before a name moves from another image", async () => {
    openBuildHere("~/src/aligner");
    await waitFor(() => expect(enabled("build-go")).toBe(true));
    backend.failing.startBuild = {
      code: "nameTaken",
      message: "aligner:latest is image 71be.",
      hints: [],
      detail: null,
    };
    await fireEvent.click(shown("build-go"));
    await waitFor(() => expect(said("build-problem")).toContain("aligner:latest is image 71be."));
    expect(said("build-go")).toContain("Move the name and build");
    await fireEvent.input(shown("build-name"), { target: { value: "aligner:2" } });
    await waitFor(() => expect(screen.queryByTestId("build-problem")).toBeNull());
    await fireEvent.click(shown("build-go"));
    await waitFor(() => expect(said("build-go")).toContain("Move the name and build"));
    delete backend.failing.startBuild;
    await fireEvent.click(shown("build-go"));
    await screen.findByTestId("steps-sheet");
    expect(backend.calls.findLast(([name]) => name === "startBuild")?.[1]).toMatchObject({
      name: "aligner:2",
      moveName: true,
    });
  });

  it("stays with the reason where the order is refused", async () => {
    await opened();
    backend.failing.startBuild = { code: "other", message: "No Dockerfile in aligner.", hints: [], detail: null };
    await fireEvent.click(shown("build-go"));
    await waitFor(() => expect(said("build-problem")).toContain("No Dockerfile in aligner."));
    expect(enabled("build-go")).toBe(true);
  });
});

describe("the steps", () => {
  async function building(): Promise<string> {
    await opened();
    await fireEvent.click(shown("build-go"));
    await screen.findByTestId("steps-sheet");
    const id = transfers.tasks.find((task) => task.kind === "build")?.id ?? "";
    expect(said("build-begins")).toContain("12.4 MB of 38.1 MB sent");
    return id;
  }
  const states = (): (string | undefined)[] =>
    screen.queryAllByTestId("build-step").map((step) => step.dataset["state"]);

  it("fold as they end, and the one that runs is open", async () => {
    const id = await building();
    for (let n = 0; n < 3; n += 1) backend.making.step(id);
    await waitFor(() => expect(states()).toEqual(["cached", "done", "running"]));
    expect(said("build-lines")).toContain("cc -O3 -march=x86-64-v2 -c src/seed.c");
    expect(said("build-steps")).toContain("4–7");
    expect(said("build-steps")).toContain("41 s");
    const second = screen.getAllByTestId("build-step")[1]?.querySelector("button");
    if (second) await fireEvent.click(second);
    expect(screen.getAllByTestId("build-lines")).toHaveLength(2);
    expect(await faults("steps-sheet")).toEqual([]);
  });

  it("go on while the sheet is hidden, and show again from the task's row", async () => {
    const id = await building();
    backend.making.step(id);
    await waitFor(() => expect(states()).toHaveLength(1));
    await fireEvent.click(shown("build-hide"));
    await waitFor(() => expect(screen.queryByTestId("steps-sheet")).toBeNull());
    backend.making.step(id);
    const task = transfers.tasks.find((one) => one.id === id);
    if (task) dispatch("showSteps", task);
    await waitFor(() => expect(states()).toEqual(["cached", "running"]));
    expect(said("steps-fact")).toContain("then it is pushed to genomics/aligner:latest");
  });

  it("end, and the push begins", async () => {
    const id = await building();
    for (let n = 0; n < 8; n += 1) backend.making.step(id);
    await waitFor(() => expect(said("steps-fact")).toContain("Its push to genomics/aligner:latest has begun."));
    expect(transfers.tasks.map((task) => task.kind)).toContain("push");
    expect(screen.queryByTestId("build-stop")).toBeNull();
  });

  it("make room for the question that the push comes back with, and keep its answers", async () => {
    const id = await building();
    for (let n = 0; n < 8; n += 1) backend.making.step(id);
    const next = transfers.tasks.find((task) => task.kind === "push");
    if (!next) throw new Error("no push followed");
    expect(transfers.tasks.find((task) => task.id === id)?.outcome).toMatchObject({ next: next.id });
    const problem = { code: "notKept" as const, message: "It can’t be kept.", hints: [], detail: null };
    backend.transfers.put({ ...next, state: "failed", problem });
    await waitFor(() => expect(push.draft?.problem?.message).toBe("It can’t be kept."));
    expect(builds.watched).toBeNull();
    expect(push.draft).toMatchObject({ account: POLLY, repository: ALIGNER, tag: "latest" });
    // The second yes is offered at once: nobody has to push in vain for it.
    expect(push.draft?.keeping.asksLoss).toBe(true);
    push.close();
  });

  it("say which failed, and lead back to the answers", async () => {
    const id = await building();
    backend.making.step(id);
    backend.making.step(id);
    backend.making.fail(id);
    await waitFor(() => expect(states()).toEqual(["cached", "failed"]));
    expect(said("build-failed")).toContain("RUN apt-get install -y samtools failed.");
    await fireEvent.click(shown("build-change"));
    await screen.findByTestId("build-sheet");
    expect(screen.getByTestId<HTMLInputElement>("build-folder").value).toBe("~/src/aligner");
  });

  it("stop with the build", async () => {
    const id = await building();
    backend.making.step(id);
    await fireEvent.click(shown("build-stop"));
    await waitFor(() => expect(states()).toEqual(["stopped"]));
    expect(transfers.tasks.find((task) => task.id === id)?.state).toBe("cancelled");
  });
});
