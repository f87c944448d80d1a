import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { transfers } from "../activity/tasks.svelte";
import type { PushOrder, TaskView } from "../backend/backend";
import { problem, type FakeBackend } from "../fake/fake";
import { openPush, push } from "./push.svelte";
import PushSheet from "./PushSheet.svelte";

const POLLY = "registry.polly.example";
let stop: (() => void) | undefined;

async function opened(tag: string | null = "v3", prepare?: (backend: FakeBackend) => void): Promise<FakeBackend> {
  const backend = await started(prepare);
  stop = transfers.start();
  render(PushSheet);
  const image = backend.imageRows[0];
  openPush({
    imageId: image?.id ?? "",
    name: "aligner:dev",
    account: POLLY,
    repository: "genomics/aligner",
    namespace: null,
    ...(tag === null ? {} : { tag }),
  });
  await waitFor(() => expect(screen.getByTestId("push-target").textContent).toContain(tag ?? ""));
  return backend;
}
const go = (): HTMLButtonElement => screen.getByTestId("push-go");
const box = (id: string): HTMLInputElement => screen.getByTestId(id);
const orders = (backend: FakeBackend): PushOrder[] =>
  backend.calls.filter(([name]) => name === "startPush").map(([, order]) => order as PushOrder);
const options = (): Promise<boolean> => fireEvent.click(screen.getByTestId("keep-options"));
const submit = (): Promise<boolean> => fireEvent.submit(box("push-tag").form as HTMLFormElement);
function failed(backend: FakeBackend, code: "notKept" | "tagMoved" | "notAsked"): void {
  const [task] = backend.transfers.list();
  backend.transfers.end(task?.id ?? "", "failed");
  backend.emit({
    kind: "task",
    task: { ...(task as TaskView), state: "failed", problem: problem("It came back.", code) },
  });
}

afterEach(() => {
  push.close();
  cleanup();
  stop?.();
  transfers.tasks = [];
});

describe("the push sheet", () => {
  it("shows both halves, what differs, what goes at most, and asks by one ticked line to keep the old version", async () => {
    await opened();
    expect(screen.getByTestId("push-target").textContent).toContain("8c41f09be2d7");
    expect(screen.getByTestId("push-image").textContent).toContain("d41e07c9a2b3");
    expect(screen.getByTestId("push-warning").textContent.trim()).toBe("amd64 only, arm64 is lost");
    expect(screen.getByTestId("push-amount").textContent.replace(/\s/g, " ")).toBe("at most 24.1 MB");
    expect(screen.getByTestId("push-amount").title).toBe("2 new layers");
    expect(box("keep-old").checked).toBe(true);
    expect(screen.getByTestId("commit-tag-name").dataset["name"]).toBe(
      "_h.v3.20261121t071204z-8c41f09be2d70123456789abcdef0123456789abcdef0123456789abcdef0123",
    );
    expect(go().textContent).toContain("Push and keep the old one");
  });

  it("has no fault a checker finds", async () => {
    await opened();
    const found = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("pushes with Enter, in the words of the answer, and goes", async () => {
    const backend = await opened();
    await options();
    await fireEvent.click(box("keep-justThis"));
    await submit();
    await waitFor(() => expect(screen.queryByTestId("push-sheet")).toBeNull());
    expect(orders(backend)[0]).toMatchObject({ tag: "v3", keep: "justThis", shareRule: false, acceptLoss: false });
  });

  it("says why nothing can be pushed where one may only read, and pushes nothing", async () => {
    const why = "You may read genomics/aligner, and not push to it.";
    const backend = await opened("v3", (given) => {
      given.checks.impossible[POLLY] = [{ act: "write", repository: "genomics/aligner", why }];
    });
    await waitFor(() => expect(go().disabled).toBe(true));
    expect(screen.getByTestId("push-sheet").textContent).toContain(why);
    await submit();
    expect(orders(backend)).toEqual([]);
  });

  it("makes a new plan when the tag is typed, and asks nothing for a new tag", async () => {
    await opened();
    await fireEvent.input(box("push-tag"), { target: { value: "v9" } });
    expect(go().disabled).toBe(true);
    expect(screen.getByTestId("push-target").textContent).toContain("8c41f09be2d7"); // the old plan stays meanwhile
    await waitFor(() => expect(screen.getByTestId("push-target").textContent).toContain("v9 is new here"));
    expect(screen.queryByTestId("push-image")).toBeNull();
    expect(screen.queryByTestId("keep-old")).toBeNull();
    expect(go().textContent.trim()).toBe("Push↵");
    await waitFor(() => expect(go().disabled).toBe(false));
  });

  it("tells the rule in one line where it was asked before", async () => {
    await opened("v3", (made) => (made.keep["genomics/aligner"] = "overwrite"));
    expect(screen.getByTestId("keep-rule").textContent).toContain("8c41f09be2d7 stays");
  });

  it("offers every push as well, and stores an answer for everyone only where that is ticked", async () => {
    const backend = await opened();
    await options();
    expect(box("keep-share").checked).toBe(false);
    await fireEvent.click(box("keep-justThis"));
    expect(box("keep-share").disabled).toBe(true);
    await fireEvent.click(box("keep-everyPush"));
    await fireEvent.click(box("keep-share"));
    await fireEvent.click(screen.getByTestId("keep-others"));
    expect(screen.getByTestId("push-sheet").textContent).toContain("one more tag, _about. Everyone sees it;");
    expect(screen.getByTestId("push-sheet").textContent).toContain("count, age or match tags may remove them");
    await fireEvent.click(screen.getByTestId("keep-others-back"));
    expect(box("keep-share").checked).toBe(true);
    await submit();
    await waitFor(() => expect(orders(backend)[0]).toMatchObject({ keep: "everyPush", shareRule: true }));
    expect(backend.keep["genomics/aligner"]).toBe("push");
  });

  it("names who set the rule, and takes a no for this time", async () => {
    const backend = await opened("v3", (made) => {
      const plan = made.transfers.plan.bind(made.transfers);
      made.transfers.plan = (...given) => ({
        ...plan(...given),
        keep: {
          kind: "rule",
          rule: "overwrite",
          setBy: { kind: "repository", author: "ana" },
          commitTag: "_h.v3.20261121t071204z-8c41f09be2d70123456789abcdef0123456789abcdef0123456789abcdef0123",
          alreadyKept: false,
          without: "It can be pulled until this registry’s next clean-up.",
          asks: null,
        },
      });
    });
    const line = screen.getByTestId("keep-rule");
    await options();
    expect(line.textContent?.replace(/\s+/g, " ")).toContain(
      "8c41f09be2d7 stays: genomics/aligner keeps the old version at each overwrite.",
    );
    expect(line.textContent).toContain("Set in this repository by, it says, ana.");
    await fireEvent.click(screen.getByTestId("keep-not-now"));
    expect(screen.getByTestId("keep-not-this").textContent).toContain("next clean-up");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("keep-after-all")));
    await fireEvent.click(screen.getByTestId("keep-after-all"));
    expect(screen.getByTestId("keep-rule")).toBeTruthy();
    await options();
    await fireEvent.click(screen.getByTestId("keep-not-now"));
    await submit();
    await waitFor(() => expect(orders(backend)[0]).toMatchObject({ keep: "notThis", shareRule: false }));
  });

  it("asks by a tick where the repository's rule was not allowed here, and says whom it names", async () => {
    const backend = await opened("v3", (made) => made.abouts.plantRule("genomics/aligner", "push", "ana"));
    const line = (): string => screen.getByTestId("keep-rule-asks").textContent?.replace(/\s+/g, " ") ?? "";
    expect(line()).toContain("This repository’s rule (ana’s, it says): at every push. One more tag, _h.v3.");
    expect(box("keep-by-rule").checked).toBe(true);
    const found = await axe.run(screen.getByTestId("push-sheet"), { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
    await fireEvent.click(box("keep-by-rule"));
    expect(line()).toContain("next clean-up");
    await submit();
    await waitFor(() => expect(orders(backend)[0]).toMatchObject({ keep: "notThis", allows: null }));
  });

  it("orders by the very rule that was ticked", async () => {
    const backend = await opened("v3", (made) => made.abouts.plantRule("genomics/aligner", "push", null));
    await submit();
    await waitFor(() => expect(orders(backend)[0]).toMatchObject({ keep: "byRule", allows: "keep=push" }));
  });

  it("has an unticked box where the repository keeps on request", async () => {
    const backend = await opened("v3", (made) => (made.keep["genomics/aligner"] = "on-request"));
    expect(box("keep-this").checked).toBe(false);
    await fireEvent.click(box("keep-this"));
    await submit();
    await waitFor(() => expect(orders(backend)[0]?.keep).toBe("justThis"));
  });

  it("asks a second yes where the old commit can't be kept", async () => {
    const backend = await opened("v3", (made) => {
      const plan = made.transfers.plan.bind(made.transfers);
      made.transfers.plan = (...given) => ({ ...plan(...given), keep: { kind: "impossible", why: "Too long." } });
    });
    await fireEvent.click(screen.getByTestId("keep-why"));
    expect(screen.getByTestId("keep-impossible").textContent).toContain("Too long.");
    expect(go().disabled).toBe(true);
    await submit();
    expect(orders(backend)).toEqual([]);
    await fireEvent.click(box("push-accept-loss"));
    await submit();
    await waitFor(() => expect(orders(backend)[0]?.acceptLoss).toBe(true));
  });

  it("offers to convert for a registry that lists Docker’s own format alone, and orders what is ticked", async () => {
    const said = "Synapse lists images in Docker’s own format alone.";
    const backend = await opened("v3", (made) => {
      const plan = made.transfers.plan.bind(made.transfers);
      made.transfers.plan = (...given) => ({ ...plan(...given), dockerAlone: said });
    });
    expect(screen.getByTestId("push-docker").textContent).toContain(said);
    expect(box("push-as-docker").checked).toBe(true);
    await submit();
    await waitFor(() => expect(orders(backend).map((order) => order.asDocker)).toEqual([true]));
  });

  it("orders no conversion where that was unticked, or is of no use", async () => {
    const backend = await opened("v3", (made) => {
      const plan = made.transfers.plan.bind(made.transfers);
      made.transfers.plan = (...given) => ({ ...plan(...given), dockerAlone: "It lists one format." });
    });
    await fireEvent.click(box("push-as-docker"));
    await submit();
    await waitFor(() => expect(orders(backend).map((order) => order.asDocker)).toEqual([false]));
    cleanup();
    stop?.();
    const other = await opened();
    expect(screen.queryByTestId("push-docker")).toBeNull();
    await submit();
    await waitFor(() => expect(orders(other).map((order) => order.asDocker)).toEqual([undefined]));
  });

  it("finds a project by its title, as the beginning of a name", async () => {
    await opened("v3", (made) => {
      made.kinds.projects[POLLY] = [{ name: "syn123", title: "Cell counting" }];
    });
    const field = screen.getByTestId("push-repository");
    await fireEvent.focus(field);
    await fireEvent.input(field, { target: { value: "cell" } });
    const option = await screen.findByText("Cell counting");
    expect(option.closest("[role=option]")?.textContent).toContain("syn123/");
  });

  it("asks about a local name that somebody else gave with two buttons, and Enter leaves it there", async () => {
    const taken = (made: FakeBackend): void => {
      const plan = made.transfers.plan.bind(made.transfers);
      made.transfers.plan = (...given) => ({ ...plan(...given), nameTaken: `${POLLY}/genomics/aligner:v3` });
    };
    let backend = await opened("v3", taken);
    expect(screen.getByTestId("push-name-taken").textContent).toContain(`${POLLY}/genomics/aligner:v3`);
    expect(go().textContent).toContain("Push, leave the name");
    await submit();
    await waitFor(() => expect(orders(backend)[0]?.takenName).toBe("leave"));
    cleanup();
    stop?.();
    backend = await opened("v3", taken);
    expect(screen.getByTestId("push-move-name").textContent).toContain("Push and move the name");
    await fireEvent.click(screen.getByTestId("push-move-name"));
    await waitFor(() => expect(orders(backend)[0]?.takenName).toBe("move"));
  });

  it("says beside the button what blocks it", async () => {
    await opened("v3", (made) => {
      const plan = made.transfers.plan.bind(made.transfers);
      made.transfers.plan = (...given) => ({ ...plan(...given), keep: { kind: "impossible", why: "Too long." } });
    });
    const said = (): string => screen.getByTestId("push-amount").textContent;
    expect([go().disabled, said()]).toEqual([true, "Tick that it may be lost."]);
    await fireEvent.click(box("push-accept-loss"));
    expect([go().disabled, said().startsWith("at most")]).toEqual([false, true]);
    expect(go().textContent).toContain("Replace v3");
    await fireEvent.input(box("push-tag"), { target: { value: "" } });
    expect([go().disabled, said()]).toEqual([true, "Type a tag."]);
    await fireEvent.input(box("push-repository"), { target: { value: "" } });
    expect(said()).toBe("Type a repository.");
  });

  it("unticked, says what may become of the old version, and that the button replaces it", async () => {
    const backend = await opened();
    await fireEvent.click(box("keep-old"));
    expect(screen.getByTestId("keep-ask").textContent).toContain("next clean-up");
    expect(go().textContent).toContain("Replace v3");
    await options();
    await fireEvent.click(box("keep-old"));
    expect(box("keep-eachOverwrite").checked).toBe(true);
    await fireEvent.click(box("keep-justThis"));
    await fireEvent.click(box("keep-old"));
    await fireEvent.click(box("keep-old"));
    expect(box("keep-justThis").checked).toBe(true); // what was chosen is there again
    await fireEvent.click(box("keep-old"));
    await submit();
    await waitFor(() => expect(orders(backend)[0]?.keep).toBe("off"));
  });

  it("proposes the tag that the image last went to, selected, and lists those that are there with their age", async () => {
    const backend = await opened(null, (made) => {
      made.likely = [
        { account: POLLY, repository: "genomics/aligner", tag: "nightly", why: "pushed", at: 1 },
        { account: POLLY, repository: "imaging/tiles", tag: "v1", why: "pushed", at: 1 },
      ];
    });
    const field = box("push-tag");
    await waitFor(() => expect(field.value).toBe("nightly"));
    expect(document.activeElement).toBe(field);
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, "nightly".length]);
    await fireEvent.click(field);
    const told = screen.getAllByRole("option").map((option) => option.textContent.trim().replace(/\s+/g, " "));
    expect(told.slice(0, 4).map((each) => each.split(" ")[0])).toEqual(["v3", "latest", "nightly", "nightly-arm"]);
    expect(told[4]).toMatch(/^v2 \d+ \w+$/);
    await fireEvent.keyDown(field, { key: "ArrowDown" });
    await fireEvent.keyDown(field, { key: "Enter" });
    expect(field.value).toBe("v3");
    expect(orders(backend)).toEqual([]);
  });

  it("shows in place why there is no plan", async () => {
    const backend = await opened();
    backend.failing = { planPush: problem("This image is no longer in the engine.") };
    await fireEvent.input(box("push-tag"), { target: { value: "v9" } });
    await waitFor(() => expect(screen.getByTestId("push-problem").textContent).toContain("no longer in the engine"));
    expect(go().disabled).toBe(true);
  });

  it("offers the repositories that are there while one types, and takes one by keyboard", async () => {
    await opened();
    const field = box("push-repository");
    await fireEvent.input(field, { target: { value: "peak" } });
    await waitFor(() => expect(screen.getByRole("option", { name: "genomics/peak-caller" })).toBeTruthy());
    await fireEvent.keyDown(field, { key: "ArrowDown" });
    await fireEvent.keyDown(field, { key: "Enter" });
    expect(field.value).toBe("genomics/peak-caller");
    await waitFor(() => expect(push.draft?.about.repository).toBe("genomics/peak-caller"));
  });

  it("lets the registry be chosen for a new repository", async () => {
    const backend = await opened();
    await push.open({
      imageId: backend.imageRows[0]?.id ?? "",
      name: "aligner:dev",
      account: POLLY,
      repository: "lab/aligner",
      namespace: null,
      asksAccount: true,
    });
    await waitFor(() => expect(screen.getByTestId("push-account")).toBeTruthy());
    await fireEvent.change(screen.getByTestId("push-account"), { target: { value: "docker.synapse.org" } });
    await waitFor(() => expect(push.draft?.planning).toBe(false));
    expect(backend.calls.filter(([name]) => name === "planPush").at(-1)?.[1]).toMatchObject({
      account: "docker.synapse.org",
      repository: "lab/aligner",
    });
    expect(go().textContent).toContain("Create repository and push");
  });

  it("opens again with the second yes when the push comes back because nothing could be kept", async () => {
    const backend = await opened();
    await submit();
    await waitFor(() => expect(screen.queryByTestId("push-sheet")).toBeNull());
    failed(backend, "notKept");
    await waitFor(() => expect(screen.getByTestId("push-problem").textContent).toContain("It came back."));
    await waitFor(() => expect(box("push-accept-loss").checked).toBe(false));
    expect(go().disabled).toBe(true);
    await fireEvent.click(box("push-accept-loss"));
    await submit();
    await waitFor(() =>
      expect(orders(backend)[1]).toMatchObject({ shareRule: false, acceptLoss: true, repository: "genomics/aligner" }),
    );
  });

  it("opens again with a new plan when the tag moved meanwhile", async () => {
    const backend = await opened();
    await submit();
    await waitFor(() => expect(screen.queryByTestId("push-sheet")).toBeNull());
    failed(backend, "tagMoved");
    await waitFor(() => expect(screen.getByTestId("push-target").textContent).toContain("8c41f09be2d7"));
    expect(screen.queryByTestId("push-accept-loss")).toBeNull();
  });

  it("opens again, and asks, when nobody had said how the repository keeps", async () => {
    const backend = await opened();
    await submit();
    await waitFor(() => expect(screen.queryByTestId("push-sheet")).toBeNull());
    failed(backend, "notAsked");
    await waitFor(() => expect(screen.getByTestId("push-problem").dataset["code"]).toBe("notAsked"));
    await waitFor(() => expect(push.draft?.plan).not.toBeNull());
  });
});
