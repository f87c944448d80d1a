import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { accountSheet } from "../accounts/accounts.svelte";
import { app } from "../app/state.svelte";
import { account } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { PlaceChoice, type Place } from "./place-choice.svelte";
import { openPickImage, openPush, openPushTo, push } from "./push.svelte";
import PushSheets from "./PushSheets.svelte";

const POLLY = "registry.polly.example";
const field = (id: string): HTMLInputElement => screen.getByTestId(id);
const options = (id: string): string[] => screen.getAllByTestId(id).map((option) => option.dataset["option"] ?? "");

async function begun(prepare?: (backend: FakeBackend) => void): Promise<FakeBackend> {
  const backend = await started(prepare);
  render(PushSheets);
  return backend;
}
function pushTo(backend: FakeBackend): void {
  const [image] = backend.imageRows;
  openPushTo(image?.id ?? "", "aligner:dev");
}

/** Fills the open sign-in and sends it. */
async function signIn(): Promise<void> {
  const { open } = accountSheet;
  if (open.kind !== "form") throw new Error("no form");
  [open.form.user, open.form.secret] = ["ana-lab", "secret"];
  await waitFor(() => expect(open.form.diagnosis.kind).toBe("answers"));
  await open.form.submit();
}

afterEach(() => {
  push.close();
  accountSheet.close();
  cleanup();
});

describe("Push to…", () => {
  it("begins with the likely repositories and why, and goes on with Enter", async () => {
    const backend = await begun((made) => {
      made.likely = [
        {
          account: POLLY,
          repository: "imaging/tiles",
          tag: "v7",
          why: "pushed",
          at: Math.floor(Date.now() / 1000) - 60,
        },
        { account: "docker.synapse.org", repository: "syn5644795/kinase", tag: null, why: "sameName", at: null },
      ];
    });
    pushTo(backend);
    await waitFor(() => expect(screen.getAllByTestId("place-option").length).toBeGreaterThan(3));
    expect(options("place-option").slice(0, 3)).toEqual([
      `${POLLY}/imaging/tiles`,
      "docker.synapse.org/syn5644795/kinase",
      `${POLLY}/genomics/aligner`,
    ]);
    expect(screen.getAllByTestId("place-option")[0]?.textContent).toContain("as v7");
    expect(document.activeElement).toBe(field("place-choice-filter"));
    const found = await axe.run(screen.getByTestId("place-choice"), {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
    await fireEvent.keyDown(field("place-choice-filter"), { key: "Enter" });
    await waitFor(() => expect(field("push-repository").value).toBe("imaging/tiles"));
    expect(field("push-tag").value).toBe("v7");
    expect(screen.queryByTestId("push-account")).toBeNull();
  });

  it("finds a repository by a part of its name", async () => {
    const backend = await begun();
    pushTo(backend);
    await fireEvent.input(await screen.findByTestId("place-choice-filter"), { target: { value: "peak" } });
    await waitFor(() => expect(options("place-option")).toEqual([`${POLLY}/genomics/peak-caller`]));
    await fireEvent.click(screen.getByTestId("place-option"));
    await waitFor(() => expect(field("push-repository").value).toBe("genomics/peak-caller"));
  });

  it("invents no name: a new repository is a button that says so", async () => {
    const backend = await begun();
    pushTo(backend);
    await screen.findByTestId("place-choice-filter");
    expect(screen.getByTestId("place-new").textContent.trim()).toBe("New repository…");
    await fireEvent.input(field("place-choice-filter"), { target: { value: "lab/fresh" } });
    await waitFor(() => expect(screen.getByTestId("place-new").textContent.trim()).toBe("New repository lab/fresh…"));
    expect(backend.calls.filter(([name]) => name === "planPush")).toEqual([]);
    await fireEvent.click(screen.getByTestId("place-new"));
    await waitFor(() => expect(field("push-repository").value).toBe("lab/fresh"));
    expect(screen.getByTestId("push-account")).toBeTruthy();
    await waitFor(() => expect(screen.getByTestId("push-go").textContent).toContain("Create repository and push"));
    expect(screen.getByTestId("push-target").textContent).toContain("lab/fresh does not exist yet");
  });

  it("takes a registry that was typed before the name", async () => {
    const backend = await begun();
    pushTo(backend);
    const typed = { target: { value: "docker.synapse.org/lab/fresh" } };
    await fireEvent.input(await screen.findByTestId("place-choice-filter"), typed);
    await waitFor(() => expect(screen.getByTestId("place-new").textContent.trim()).toBe("New repository lab/fresh…"));
    await fireEvent.click(screen.getByTestId("place-new"));
    await waitFor(() => expect(push.draft).toMatchObject({ account: "docker.synapse.org", repository: "lab/fresh" }));
  });

  it("goes on to a new one by Enter where nothing that is there fits, and only there", async () => {
    const backend = await begun();
    pushTo(backend);
    const sheet = await screen.findByTestId("place-choice");
    const enter = (): Promise<boolean> => fireEvent.submit(sheet.querySelector("form") as HTMLFormElement);
    await enter();
    await fireEvent.input(field("place-choice-filter"), { target: { value: "peak" } });
    await waitFor(() => expect(options("place-option")).toHaveLength(1));
    await enter();
    expect(screen.getByTestId("place-choice")).toBe(sheet);
    await fireEvent.input(field("place-choice-filter"), { target: { value: "zzz/fresh" } });
    await waitFor(() => expect(screen.queryAllByTestId("place-option")).toEqual([]));
    await enter();
    await waitFor(() => expect(push.draft?.repository).toBe("zzz/fresh"));
  });

  it("dropped on a namespace, is of that namespace alone", async () => {
    const backend = await begun();
    const imageId = backend.imageRows[0]?.id ?? "";
    openPush({ imageId, name: "aligner:dev", account: POLLY, repository: null, namespace: "imaging" });
    await waitFor(() => expect(options("place-option")).toHaveLength(3));
    expect(options("place-option").every((path) => path.startsWith(`${POLLY}/imaging/`))).toBe(true);
    await fireEvent.click(screen.getByTestId("place-new"));
    await waitFor(() => expect(field("push-repository").value).toBe("imaging/"));
    expect(screen.getByTestId("push-amount").textContent).toBe("Type a repository.");
  });

  it("keeps the wish through a sign-in that the chosen registry needs", async () => {
    const backend = await begun((made) => {
      made.likely = [{ account: "ghcr.io", repository: "ana-lab/tool", tag: "v1", why: "pushed", at: 1 }];
    });
    pushTo(backend);
    await waitFor(() => expect(screen.getAllByTestId("place-option")[0]?.textContent).toContain("signed out"));
    await fireEvent.keyDown(field("place-choice-filter"), { key: "Enter" });
    await waitFor(() => expect(accountSheet.open.kind).toBe("form"));
    expect(screen.queryByTestId("place-choice")).toBeNull();
    await signIn();
    await waitFor(() => expect(field("push-repository").value).toBe("ana-lab/tool"));
    expect(field("push-tag").value).toBe("v1");
  });

  it("signs in first where no registry can be used, and then goes on", async () => {
    const backend = await begun((made) => {
      made.accountRows = made.accountRows.filter((row) => row.host === "ghcr.io");
      made.repositoryNames["ghcr.io"] = ["ana-lab/tool"];
    });
    expect(app.accounts).toHaveLength(1);
    pushTo(backend);
    await signIn();
    await waitFor(() => expect(options("place-option")).toEqual(["ghcr.io/ana-lab/tool"]));
  });
});

describe("Choose an image…", () => {
  it("lists this computer's images, and goes on to the sheet of the repository", async () => {
    const backend = await begun();
    openPickImage(POLLY, "imaging/tiles");
    await waitFor(() => expect(options("image-option").length).toBeGreaterThan(2));
    expect(screen.getByTestId("image-choice").textContent).toContain("Choose an image for imaging/tiles");
    const second = options("image-option")[1] ?? "";
    await fireEvent.keyDown(field("image-choice-filter"), { key: "ArrowDown" });
    await fireEvent.keyDown(field("image-choice-filter"), { key: "Enter" });
    await waitFor(() => expect(field("push-repository").value).toBe("imaging/tiles"));
    expect(screen.getByTestId("push-sheet").textContent).toContain(second);
    expect(backend.calls.some(([name]) => name === "startPush")).toBe(false);
  });

  it("says why there is none, and asks the engine again", async () => {
    const backend = await begun();
    const view = backend.engineView;
    backend.failing = { images: { code: "noEngine", message: "No engine answers.", hints: [], detail: null } };
    openPickImage(POLLY, "imaging/tiles");
    await waitFor(() => expect(screen.getByTestId("image-choice").textContent).toContain("No engine answers."));
    backend.failing = {};
    expect(view.kind).toBe("ready");
    await fireEvent.click(screen.getByText("Try again"));
    await waitFor(() => expect(screen.getAllByTestId("image-option").length).toBeGreaterThan(2));
  });
});

describe("places of two accounts of one registry", () => {
  it("can both be chosen, each with whose it is", () => {
    const accounts = [account("a.example", { id: "1", user: "ana" }), account("a.example", { id: "2", user: "ben" })];
    const likely = accounts.map((one) => ({
      account: one.id,
      repository: "lab/tool",
      tag: null,
      why: "here",
      at: null,
    }));
    const taken: string[] = [];
    const going = { to: (place: Place) => void taken.push(place.account.id), make: () => undefined };
    const choice = new PlaceChoice({ label: null, likely: likely as never, accounts, namespace: null, going });
    expect(choice.options).toEqual(["a.example/lab/tool · ana", "a.example/lab/tool · ben"]);
    for (const path of choice.options) choice.take(path);
    expect(taken).toEqual(["1", "2"]);
  });
});
