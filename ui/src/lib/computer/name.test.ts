import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import type { NameOrder } from "../backend/backend";
import { digest } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { beginningOf, naming, type Named } from "./naming.svelte";
import NameSheet from "./NameSheet.svelte";

const SYNAPSE = "docker.synapse.org";
const DEV = { id: digest("d41e07c9a2b3"), name: "aligner:dev" };
let backend: FakeBackend;

beforeEach(async () => {
  backend = await started();
  render(NameSheet);
});
afterEach(() => {
  naming.close();
  cleanup();
});

async function open(image: Named): Promise<void> {
  naming.open(image);
  await screen.findByTestId("name-sheet");
}
const said = (id: string): string => (screen.getByTestId(id).textContent ?? "").replace(/\s+/g, " ").trim();
const enabled = (): boolean => !screen.getByTestId<HTMLButtonElement>("name-go").disabled;
const field = (id: string): string => screen.getByTestId<HTMLInputElement>(id).value;
const type = (id: string, value: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId(id), { target: { value } });
const whole = (name: string): Promise<void> =>
  waitFor(() => {
    expect(said("name-whole")).toContain(name);
    expect(enabled()).toBe(true);
  });
const given = (): NameOrder[] =>
  backend.calls.filter(([name]) => name === "tagImage").map(([, order]) => order as NameOrder);

describe("the sheet that names an image", () => {
  it("builds the name of what the image is called, shows it whole, and gives it", async () => {
    await open({ ...DEV, name: "registry.polly.example/genomics/aligner:v3" });
    await whole("registry.polly.example/genomics/aligner:v3");
    await type("name-repository", "genomics/mytool");
    await type("name-tag", "v1");
    await whole("registry.polly.example/genomics/mytool:v1");
    expect(said("name-fact")).toBe("Nothing is sent: it is a name on this computer.");
    const read = (screen.getByTestId("name-sheet").textContent ?? "").split(/\s+/);
    expect(read.filter((word) => /[\p{L}\p{N}]/u.test(word)).length).toBeLessThanOrEqual(60);
    const found = await axe.run(screen.getByTestId("name-sheet"), {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(found.violations.map(({ id }) => id)).toEqual([]);
    await fireEvent.click(screen.getByTestId("name-go"));
    await waitFor(() => expect(naming.draft).toBeNull());
    expect(given()).toEqual([{ image: DEV.id, name: "registry.polly.example/genomics/mytool:v1", moveName: false }]);
    expect(backend.imageRows.some(({ name }) => name === "registry.polly.example/genomics/mytool:v1")).toBe(true);
  });

  it("says what Synapse wants of a name", async () => {
    await open(DEV);
    await fireEvent.change(screen.getByTestId("name-registry"), { target: { value: SYNAPSE } });
    await waitFor(() => expect(said("name-problem")).toContain("begins with the project’s id"));
    expect(field("name-repository")).toBe("aligner");
    await type("name-repository", "syn5644795/mytool");
    await whole("docker.synapse.org/syn5644795/mytool:dev");
    expect(screen.queryByTestId("name-problem")).toBeNull();
  });

  it("begins with the only project there is", async () => {
    backend.repositoryNames[SYNAPSE] = ["syn5644795/kinase", "syn5644795/screen-report"];
    await open(DEV);
    await fireEvent.change(screen.getByTestId("name-registry"), { target: { value: SYNAPSE } });
    await whole("docker.synapse.org/syn5644795/aligner:dev");
    // What was typed stays, whatever registry is chosen.
    await type("name-repository", "mine/other");
    await fireEvent.change(screen.getByTestId("name-registry"), { target: { value: "" } });
    await whole("mine/other:dev");
  });

  it("says what can be no name, and gives none", async () => {
    await open(DEV);
    await type("name-repository", "My/Tool");
    await waitFor(() => expect(said("name-problem")).toContain("A repository’s name is lower case."));
    expect(enabled()).toBe(false);
    expect(said("name-fact")).toBe("See above.");
    await type("name-repository", "genomics/");
    expect(said("name-fact")).toBe("Type a name.");
    await type("name-repository", "genomics/tool");
    await type("name-tag", "");
    expect(said("name-fact")).toBe("Type a tag.");
    await type("name-tag", "a b");
    await waitFor(() => expect(said("name-problem")).toContain("can’t be a tag"));
  });

  it("asks before another image loses its name", async () => {
    await open(DEV);
    await fireEvent.change(screen.getByTestId("name-registry"), { target: { value: "" } });
    await type("name-repository", "postgres");
    await type("name-tag", "16");
    await waitFor(() =>
      expect(said("name-taken")).toBe("This is image a19c3ff2d845’s name now; that one stays, without a name."),
    );
    expect(said("name-go")).toContain("Move the name");
    await fireEvent.click(screen.getByTestId("name-go"));
    await waitFor(() => expect(naming.draft).toBeNull());
    expect(given()).toEqual([{ image: DEV.id, name: "postgres:16", moveName: true }]);
  });

  it("asks where another image has got the name meanwhile, and says what else was refused", async () => {
    await open(DEV);
    await fireEvent.change(screen.getByTestId("name-registry"), { target: { value: "" } });
    await whole("aligner:dev");
    await type("name-repository", "fresh");
    await whole("fresh:dev");
    const other = backend.imageRows.find(({ name }) => name === "postgres:16");
    if (other) backend.imageRows = [...backend.imageRows, { ...other, key: "fresh", name: "fresh:dev" }];
    await fireEvent.click(screen.getByTestId("name-go"));
    await waitFor(() => expect(said("name-go")).toContain("Move the name"));
    expect(said("name-taken")).toContain("without it");
    backend.failing.tagImage = { code: "other", message: "The engine refused this.", hints: [], detail: null };
    await waitFor(() => expect(enabled()).toBe(true));
    await fireEvent.click(screen.getByTestId("name-go"));
    await waitFor(() => expect(said("name-failed")).toContain("The engine refused this."));
    expect(naming.draft).not.toBeNull();
  });

  it("names an image that has none", async () => {
    await open({ id: DEV.id, name: null });
    expect(said("name-sheet")).toContain("Tag image d41e07c9a2b3");
    expect(said("name-fact")).toBe("Type a name.");
    expect(field("name-tag")).toBe("latest");
  });
});

describe("what a person’s names begin with", () => {
  it.each([
    [["a/x", "a/y"], null, "a"],
    [["a/b/x"], null, "a/b"],
    [["a/x", "ana/y"], "ana", "ana"],
    [["a/x", "b/y"], "ana", null],
    [["x", "y"], "ana", null],
    [[], null, null],
  ])("%j of %s: %s", (names, user, begins) => {
    expect(beginningOf(names, user)).toBe(begins);
  });
});
