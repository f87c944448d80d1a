import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { accountSheet } from "../accounts/accounts.svelte";
import type { ActiveOrder, KeepPlan, Note } from "../backend/backend";
import { digest } from "../fake/data";
import { problem, type FakeBackend } from "../fake/fake";
import { acts, openMakeActive } from "./acts.svelte";
import ActSheets from "./ActSheets.svelte";
import { said } from "./said.svelte";

const POLLY = "registry.polly.example";
const ALIGNER = "genomics/aligner";
const OLD = digest("2e04bfa1e576");
const NOW = digest("8c41f09be2d7");

async function opened(prepare?: (backend: FakeBackend) => void, tag = "v3", commit = OLD): Promise<FakeBackend> {
  const backend = await started(prepare);
  render(ActSheets);
  openMakeActive({ account: POLLY, repository: ALIGNER, tag, commit });
  await waitFor(() => expect(acts.active?.planning).toBe(false));
  await waitFor(() => expect(screen.getByTestId("active-sheet")).toBeTruthy());
  return backend;
}
const go = (): HTMLElement => screen.getByTestId("active-go");
const box = (id: string): HTMLInputElement => screen.getByTestId(id);
const enter = (): Promise<boolean> => fireEvent.submit(go().closest("form") as HTMLFormElement);
const orders = (backend: FakeBackend): ActiveOrder[] =>
  backend.calls.filter(([name]) => name === "makeActive").map(([, order]) => order as ActiveOrder);
const note = (text: string, commitTag: string | null = null): Note => ({ text, commitTag });
const told = (): string => screen.getByTestId("said-text").textContent ?? "";
function keeps(keep: KeepPlan): (backend: FakeBackend) => void {
  return (made) => {
    const plan = made.acts.planActive.bind(made.acts);
    made.acts.planActive = (question) => ({ ...plan(question), keep });
  };
}

afterEach(() => {
  acts.closeActive();
  said.dismiss();
  accountSheet.close();
  cleanup();
});

describe("making active", () => {
  it("shows what the tag points at and what it will point at, and asks how to keep", async () => {
    await opened();
    expect(screen.getByTestId("active-from").textContent).toContain("8c41f09be2d7");
    expect(screen.getByTestId("active-from").textContent).toMatch(/hours? ago/);
    expect(screen.getByTestId("active-from").querySelector(".what")?.getAttribute("title")).toContain("412.6");
    expect(screen.getByTestId("active-to").textContent).toContain("2e04bfa1e576");
    expect(screen.getByTestId("active-to").querySelector(".what")?.getAttribute("title")).toContain("amd64 · arm64");
    expect(box("keep-old").checked).toBe(true);
    expect(screen.getByTestId("keep-ask").dataset["answer"]).toBe("eachOverwrite");
    expect(document.activeElement).toBe(go());
  });

  it("has no fault a checker finds", async () => {
    await opened();
    const found = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("does with Enter exactly what it showed, goes, and tells what came of it", async () => {
    const backend = await opened();
    await fireEvent.click(screen.getByTestId("keep-options"));
    await fireEvent.click(box("keep-everyPush"));
    await fireEvent.click(box("keep-share"));
    await enter();
    await waitFor(() => expect(screen.queryByTestId("active-sheet")).toBeNull());
    expect(orders(backend)).toEqual([
      {
        account: POLLY,
        repository: ALIGNER,
        tag: "v3",
        digest: OLD,
        expected: NOW,
        keep: "everyPush",
        shareRule: true,
        allows: null,
        acceptLoss: false,
      },
    ]);
    expect(told()).toContain("v3 points at 2e04bfa1e576 now. 8c41f09be2d7 stays in the timeline.");
    expect(backend.tagsOf(ALIGNER)[0]?.digest).toBe(OLD);
  });

  it("leaves with Escape and does nothing", async () => {
    const backend = await opened();
    await fireEvent.keyDown(screen.getByTestId("active-sheet"), { key: "Escape" });
    expect(screen.queryByTestId("active-sheet")).toBeNull();
    expect(orders(backend)).toEqual([]);
  });

  it("says in amber what differs", async () => {
    await opened(undefined, "v3", digest("ee10b2947d35"));
    expect(screen.getByTestId("active-warning").textContent).toBe("amd64 only, arm64 is lost");
  });

  it("takes the name of a commit tag where only that is known", async () => {
    const backend = await opened();
    const tag = backend.acts.commits(POLLY, ALIGNER, backend.tagsOf(ALIGNER)[0] as never)[2]?.commitTag ?? "";
    acts.closeActive();
    openMakeActive({ account: POLLY, repository: ALIGNER, tag: "v3", commit: tag });
    await waitFor(() => expect(screen.getByTestId("active-to").dataset["digest"]).toBe(digest("b7d0036aa914")));
  });

  it("puts a deleted tag back, and asks nothing about keeping", async () => {
    const backend = await opened(
      (made) => {
        const row = made.tagsOf(ALIGNER).find((each) => each.name === "nightly");
        if (row) row.deleted = true;
      },
      "nightly",
      digest("ee10b2947d35"),
    );
    expect(screen.getByTestId("active-from").textContent).toContain("nightly is deleted");
    expect(screen.queryByTestId("keep-ask")).toBeNull();
    expect(go().textContent).toContain("Put back");
    await enter();
    await waitFor(() => expect(orders(backend)[0]?.expected).toBeNull());
    expect(backend.tagsOf(ALIGNER).find((each) => each.name === "nightly")?.deleted).toBe(false);
  });

  it("does nothing where the tag points at it already", async () => {
    const backend = await opened(undefined, "v3", NOW);
    expect(screen.getByTestId("active-already").textContent).toContain("already");
    await enter();
    expect(orders(backend)).toEqual([]);
  });
});

describe("making active, where it is not plain", () => {
  it("needs a second yes where the commit can't be kept", async () => {
    const backend = await opened(keeps({ kind: "impossible", why: "The name would be too long." }));
    await fireEvent.click(screen.getByTestId("keep-why"));
    expect(screen.getByTestId("keep-impossible").textContent).toContain("too long");
    await enter();
    expect(orders(backend)).toEqual([]);
    expect(go().getAttribute("aria-disabled")).toBe("true");
    await fireEvent.click(box("push-accept-loss"));
    await enter();
    await waitFor(() => expect(orders(backend)[0]).toMatchObject({ acceptLoss: true, keep: "notThis" }));
  });

  it("asks for that yes when the order came back because nothing could be kept", async () => {
    const backend = await opened();
    backend.failing = { makeActive: problem("8c41f09be2d7 could not be kept.", "notKept") };
    await enter();
    await waitFor(() => expect(screen.getByTestId("active-problem").dataset["code"]).toBe("notKept"));
    backend.failing = {};
    await enter();
    expect(orders(backend)).toHaveLength(1);
    await fireEvent.click(box("push-accept-loss"));
    await enter();
    await waitFor(() => expect(orders(backend)[1]?.acceptLoss).toBe(true));
  });

  it("reads the plan again when the tag moved meanwhile, and says so", async () => {
    const backend = await opened(keeps({ kind: "impossible", why: "Too long." }));
    await fireEvent.click(box("push-accept-loss"));
    const row = backend.tagsOf(ALIGNER)[0];
    if (row) row.digest = digest("b7d0036aa914");
    await enter();
    await waitFor(() => expect(screen.getByTestId("active-again").textContent).toContain("v3"));
    expect(screen.getByTestId("active-problem").dataset["code"]).toBe("tagMoved");
    expect(screen.getByTestId("active-from").dataset["digest"]).toBe(digest("b7d0036aa914"));
    expect(box("push-accept-loss").checked).toBe(false); // it was said to another commit
    await fireEvent.click(box("push-accept-loss"));
    await enter();
    await waitFor(() => expect(orders(backend)[1]?.expected).toBe(digest("b7d0036aa914")));
  });

  it("offers the sign-in where that is missing, and goes on after it", async () => {
    const backend = await opened((made) => {
      made.failing = { planActive: problem("Your sign-in is no longer accepted.", "signIn") };
    });
    await waitFor(() => expect(screen.getByTestId("active-problem").dataset["code"]).toBe("signIn"));
    await fireEvent.click(screen.getByTestId("act-sign-in"));
    expect(accountSheet.open.kind).toBe("form");
    backend.failing = {};
    await fireEvent.click(screen.getByText("Try again"));
    await waitFor(() => expect(screen.getByTestId("active-to").dataset["digest"]).toBe(OLD));
    expect(screen.queryByTestId("active-problem")).toBeNull();
  });

  it("takes no second press while it is under way", async () => {
    const backend = await opened();
    let done: (() => void) | undefined;
    const real = backend.makeActive;
    backend.makeActive = async (order) => {
      await new Promise<void>((end) => (done = end));
      return real(order);
    };
    await enter();
    await enter();
    expect(screen.getByTestId("active-fact").textContent).toBe("Making active…");
    done?.();
    await waitFor(() => expect(screen.queryByTestId("active-sheet")).toBeNull());
    expect(orders(backend)).toHaveLength(1);
  });

  it("says that the old commit stays unless a note speaks of its commit tag", async () => {
    const outcome = (commitTag: string | null): ((backend: FakeBackend) => void) => {
      return (made) => {
        const real = made.acts.makeActive.bind(made.acts);
        made.acts.makeActive = (order) => {
          const came = real({ ...order, keep: "eachOverwrite" });
          // The sentence names the commit tag both times: only the name beside it is compared.
          return {
            ...came,
            notes: [note(`See ${came.commitTag ?? ""}.`, commitTag === "own" ? came.commitTag : commitTag)],
          };
        };
      };
    };
    await opened(outcome("own"));
    await enter();
    await waitFor(() => expect(told()).toContain("v3 points at 2e04bfa1e576 now."));
    expect(told()).not.toContain("stays in the timeline");
    cleanup();
    await opened(outcome(null));
    await enter();
    await waitFor(() => expect(told()).toContain("8c41f09be2d7 stays in the timeline."));
  });

  it("shows the sheet again, which asks, where nobody had said how the repository keeps", async () => {
    const rule = {
      kind: "rule",
      rule: "overwrite",
      setBy: { kind: "thisComputer" },
      commitTag: "_h.v3",
      asks: null,
    } as const;
    const backend = await opened(keeps({ ...rule, alreadyKept: true, without: "" }));
    expect(screen.queryByTestId("keep-ask")).toBeNull();
    backend.failing = { makeActive: problem("How this repository keeps was never said.", "notAsked") };
    backend.acts.planActive = Object.getPrototypeOf(backend.acts).planActive.bind(backend.acts);
    await enter();
    await waitFor(() => expect(screen.getByTestId("active-problem").dataset["code"]).toBe("notAsked"));
    await waitFor(() => expect(box("keep-old").checked).toBe(true));
    expect(screen.queryByTestId("active-again")).toBeNull(); // the tag did not move
    backend.failing = {};
    await enter();
    await waitFor(() => expect(orders(backend)[1]?.keep).toBe("eachOverwrite"));
  });

  it("shows what the backend says besides, in the line at the bottom", async () => {
    await opened((made) => {
      const real = made.acts.makeActive.bind(made.acts);
      made.acts.makeActive = (order) => ({ ...real(order), notes: [note("This registry dropped the old commit.")] });
    });
    await enter();
    await waitFor(() => expect(screen.getByTestId("said-note").textContent).toContain("dropped"));
  });
});
