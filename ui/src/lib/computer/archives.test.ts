import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { transfers } from "../activity/tasks.svelte";
import { taskFacts, taskOutcome, taskTitle } from "../activity/facts";
import { problem } from "../fake/fake";
import { archives, openLoad, openSave } from "./archives.svelte";
import ArchiveSheets from "./ArchiveSheets.svelte";

const LABEL = "registry.polly.example/genomics/aligner:v2";
const field = (testid: string): HTMLInputElement => screen.getByTestId(testid);

afterEach(() => {
  archives.close();
  cleanup();
});

/** Counts what is read of a sheet, as a person does. */
const read = (testid: string): number =>
  (screen.getByTestId(testid).textContent ?? "").split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

describe("the sheet that saves", () => {
  it("goes into the downloads by Enter, and into a folder that was chosen", async () => {
    const backend = await started();
    const stop = transfers.start();
    render(ArchiveSheets);
    openSave([LABEL]);
    expect((await screen.findByTestId("save-sheet")).textContent).toContain(LABEL);
    expect(field("save-folder").placeholder).toBe("/home/ana/Downloads");
    expect(read("save-sheet")).toBeLessThan(61);
    await fireEvent.click(screen.getByTestId("save-go"));
    await waitFor(() => expect(archives.saving).toBeNull());
    expect(backend.calls).toContainEqual(["startSave", { images: [LABEL], folder: null }]);
    const task = transfers.tasks[0];
    if (!task) throw new Error("no task");
    expect(taskTitle(task)).toBe(`Save ${LABEL}`);
    expect(taskFacts({ ...task, total: 0, done: 1_500_000 })).toMatch(/^1\.5\sMB/);
    backend.transfers.end(task.id, "done");
    expect(taskOutcome(transfers.tasks[0] ?? task)).toMatch(
      /^Saved to \/home\/ana\/Downloads\/aligner-v2\.tar, 411\.9\sMB$/,
    );

    backend.archives.chosen = "/media/usb";
    openSave([LABEL, "a:1"]);
    await fireEvent.click(await screen.findByTestId("save-choose"));
    await waitFor(() => expect(field("save-folder").value).toBe("/media/usb"));
    await fireEvent.click(screen.getByTestId("save-go"));
    await waitFor(() => expect(archives.saving).toBeNull());
    expect(backend.calls).toContainEqual(["startSave", { images: [LABEL, "a:1"], folder: "/media/usb" }]);
    expect(transfers.tasks[0] && taskTitle(transfers.tasks[0])).toBe("Save 2 images");
    stop();
  });

  it("says why not, and stays", async () => {
    await started();
    render(ArchiveSheets);
    openSave(["a:1"]);
    await fireEvent.input(await screen.findByTestId("save-folder"), { target: { value: "nowhere" } });
    await fireEvent.click(screen.getByTestId("save-go"));
    expect((await screen.findByTestId("save-problem")).textContent).toContain("nowhere is no folder");
  });
});

describe("the sheet that loads", () => {
  it("says what is in it and what moves, before the button", async () => {
    const backend = await started();
    render(ArchiveSheets);
    openLoad();
    await screen.findByTestId("load-sheet");
    expect(screen.getByTestId("load-go")).toHaveProperty("disabled", true);
    backend.archives.names = [LABEL, "other:1"];
    await fireEvent.input(field("load-path"), { target: { value: "~/aligner.tar" } });
    await waitFor(() => expect(screen.getByTestId("load-plan").textContent).toContain("other:1"));
    const short = backend.imageRows.find(({ name }) => name === LABEL)?.id.slice(7, 19) ?? "";
    expect(screen.getByTestId("load-plan").textContent).toContain(`is image ${short}’s now`);
    expect(screen.getByTestId("load-plan").textContent).toContain("The name moves; the image that has it stays");
    expect(screen.getByTestId("load-go").textContent).toBe("Load and move the name");
    expect(read("load-sheet")).toBeLessThan(61);
    await fireEvent.click(screen.getByTestId("load-go"));
    await waitFor(() => expect(archives.loading).toBeNull());
    expect(backend.calls).toContainEqual(["startLoad", { path: "~/aligner.tar", moves: [LABEL] }]);
  });

  it("takes what was chosen, and says where nothing is told before", async () => {
    const backend = await started();
    backend.archives.chosen = "/tmp/packed.tgz";
    const { container } = render(ArchiveSheets);
    openLoad();
    await fireEvent.click(await screen.findByTestId("load-choose"));
    await waitFor(() => expect(screen.getByTestId("load-plan").textContent).toContain("once it is loaded"));
    const found = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
    await fireEvent.input(field("load-path"), { target: { value: "/tmp/notes.txt" } });
    expect((await screen.findByTestId("load-problem")).textContent).toContain("no archive of images");
    expect(screen.queryByTestId("load-plan")).toBeNull();
  });

  it("stays where the order is not taken", async () => {
    const backend = await started();
    render(ArchiveSheets);
    openLoad("/tmp/a.tar");
    await screen.findByTestId("load-plan");
    backend.failing.startLoad = problem("No.");
    await fireEvent.click(screen.getByTestId("load-go"));
    expect((await screen.findByTestId("load-problem")).textContent).toContain("No.");
  });
});
