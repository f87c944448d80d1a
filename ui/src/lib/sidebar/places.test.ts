import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { accountSheet } from "../accounts/accounts.svelte";
import { app } from "../app/state.svelte";
import { way } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { words } from "../messages";
import { creating } from "../repositories/creating.svelte";
import { contextMenu } from "../shared/overlay/context.svelte";
import Sidebar from "./Sidebar.svelte";

const POLLY = "registry.polly.example";

async function shown(prepare?: (backend: FakeBackend) => void) {
  const backend = await started(prepare);
  const view = render(Sidebar);
  await waitFor(() => screen.getAllByTestId("repository-row"));
  return { backend, view };
}
const repository = (name: string): HTMLElement => {
  const found = screen.getAllByTestId("repository-row").find((row) => row.dataset["repository"] === name);
  if (!found) throw new Error(`no row ${name}`);
  return found;
};
const namespace = (name: string): HTMLElement => {
  const found = screen.getAllByTestId("namespace-row").find((row) => row.dataset["namespace"] === name);
  if (!found) throw new Error(`no row ${name}`);
  return found;
};
const polly = (): HTMLElement => screen.getByTestId(`account-${POLLY}`);

afterEach(() => {
  cleanup();
  creating.close();
  accountSheet.close();
  [app.folded, app.unfolded, app.starred, app.recent, app.sidebar] = [[], [], [], [], null];
});

describe("a registry in the sidebar", () => {
  it("says that it wants the sign-in another way, and shows which where that is pressed", async () => {
    const wanted = way(POLLY, true);
    const ways = [{ ...wanted, way: `bearer https://${POLLY}` }];
    await shown((made) => {
      made.accountRows = made.accountRows.map((row) =>
        row.id === POLLY ? { ...row, state: "signInChanged", ways, wanted } : row,
      );
    });
    const link = within(polly()).getByTestId("sign-in-changed");
    expect(link.textContent).toBe("changed");
    expect(link.title).toBe(
      `The registry wants your secret sent to ${POLLY}, with every request; nothing was sent that way`,
    );
    await fireEvent.click(link);
    expect(accountSheet.open.kind).toBe("changed");
  });
});

describe("a registry that does not answer", () => {
  it("says how it stands in a line that is read aloud: not how old the list is, and no buttons", async () => {
    await shown((made) => made.silent({ of: "account", account: POLLY }, { kind: "waiting" }));
    const note = await screen.findByTestId("account-silence");
    const said = within(note).getByRole("status");
    expect(said.textContent).toBe(words.sidebar.answers.waiting);
    expect(note.textContent).toContain("as of");
    expect(said.querySelector("button")).toBeNull();
    await fireEvent.click(within(note).getByRole("button", { name: words.shared.answering.stop }));
    await waitFor(() => expect(note.dataset["kind"]).toBe("ended"));
  });
});

describe("a repository in the sidebar", () => {
  it("shows its title where it has one, and tells the description on hover", async () => {
    await shown();
    expect(within(repository("syn5644795/kinase")).getByTestId("repository-title").textContent).toBe("Kinase screen");
    expect(repository("syn5644795/kinase").title).toBe(
      "syn5644795/kinase\nKinase screen\nDose curves of the kinase screen.",
    );
    expect(within(repository("genomics/peak-caller")).queryByTestId("repository-title")).toBeNull();
  });

  it("shows no title that is its name once more", async () => {
    await shown((made) => {
      const kinase = made.abouts.words["syn5644795/kinase"];
      if (kinase) made.abouts.words["syn5644795/kinase"] = { ...kinase, title: "Kinase" };
    });
    expect(within(repository("syn5644795/kinase")).queryByTestId("repository-title")).toBeNull();
  });

  it("bears a named pip where a watched tag moved, until somebody has looked", async () => {
    const { backend, view } = await shown();
    const pip = (): HTMLElement | null => within(repository("genomics/qc-report")).queryByTestId("pip");
    expect(pip()?.getAttribute("aria-label")).toBe("A watched tag was moved 4 min ago");
    expect(screen.getAllByTestId("pip")).toHaveLength(1);
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
    await backend.sawMoves(POLLY, "genomics/qc-report");
    await waitFor(() => expect(pip()).toBeNull());
  });

  it("shows the pip on the group it is folded into", async () => {
    await shown();
    await fireEvent.click(namespace("genomics"));
    expect(within(namespace("genomics")).getByTestId("pip").getAttribute("aria-label")).toBe(
      "A watched tag in here was moved",
    );
  });
});

describe("what stands on top of the sidebar", () => {
  it("is what bears a star, given and taken by the menu of a row", async () => {
    const { backend } = await shown();
    await fireEvent.contextMenu(repository("genomics/aligner"));
    const star = contextMenu.opened?.items.find((item) => item.testid === "menu-star");
    expect(star?.label).toBe("Give it a star");
    star?.choose();
    await waitFor(() => expect(screen.getByTestId("starred-row").dataset["repository"]).toBe("genomics/aligner"));
    app.flush();
    await settle();
    expect(backend.preferences.starred).toEqual([{ account: POLLY, repository: "genomics/aligner" }]);
    await fireEvent.click(screen.getByTestId("starred-row"));
    expect(app.place).toEqual({ kind: "repository", account: POLLY, repository: "genomics/aligner" });
    await fireEvent.click(screen.getByTestId("starred-list"));
    await waitFor(() => expect(screen.queryByTestId("starred-row")).toBeNull());
    contextMenu.opened = null;
  });

  it("is what was open last, which moves nothing under the pointer", async () => {
    const { view } = await shown();
    const nav = view.container.querySelector("nav") as HTMLElement;
    await fireEvent.pointerEnter(nav);
    await fireEvent.click(repository("genomics/aligner"));
    await settle();
    expect(screen.queryByTestId("recent-row")).toBeNull();
    await fireEvent.pointerLeave(nav);
    await waitFor(() => expect(screen.getByTestId("recent-row").dataset["repository"]).toBe("genomics/aligner"));
  });
});

describe("the edge of the sidebar", () => {
  const edge = (): HTMLElement => screen.getByTestId("sidebar-edge");
  const side = (): string => document.documentElement.style.getPropertyValue("--side");

  it("is drawn by keys, within bounds, and let go of", async () => {
    const { backend } = await shown();
    await fireEvent.keyDown(edge(), { key: "Home" });
    await waitFor(() => expect(side()).toBe("min(180px, 50vw)"));
    expect(edge().getAttribute("aria-valuenow")).toBe("180");
    await fireEvent.keyDown(edge(), { key: "End" });
    await waitFor(() => expect(side()).toBe("min(560px, 50vw)"));
    app.flush();
    await settle();
    expect(backend.preferences.sidebar).toBe(560);
    await fireEvent.dblClick(edge());
    await waitFor(() => expect(side()).toBe(""));
    expect(app.sidebar).toBeNull();
  });

  it("follows the pointer", async () => {
    await shown();
    const at = (type: string, clientX: number) =>
      edge().dispatchEvent(new MouseEvent(type, { bubbles: true, button: 0, clientX }));
    at("pointerdown", 300);
    at("pointermove", 700);
    await waitFor(() => expect(app.sidebar).toBe(400)); // nothing has a width here: so far from where it began
    at("pointerup", 700);
    at("pointermove", 600);
    expect(app.sidebar).toBe(400);
  });
});

describe("the list of a place", () => {
  it("is reached from an account and from a namespace, which do not fold by it", async () => {
    await shown();
    await fireEvent.click(within(namespace("imaging")).getByTestId("show-all"));
    expect(app.place).toEqual({ kind: "repositories", account: POLLY, namespace: "imaging" });
    expect(namespace("imaging").getAttribute("aria-current")).toBe("page");
    await fireEvent.click(within(polly()).getByTestId("show-all"));
    expect(app.place).toEqual({ kind: "repositories", account: POLLY, namespace: null });
    expect(polly().getAttribute("aria-current")).toBe("page");
    expect(app.folded).toEqual([]);
  });

  it("is in the menus, by keyboard too, beside a new repository", async () => {
    await shown();
    await fireEvent.keyDown(namespace("genomics"), { key: "F10", shiftKey: true });
    await fireEvent.click(within(namespace("genomics")).getByTestId("menu-new-repository"));
    expect(creating.form).toMatchObject({ account: POLLY, name: "genomics/" });
    await fireEvent.click(within(polly()).getByTestId("menu-show-all"));
    expect(app.place).toEqual({ kind: "repositories", account: POLLY, namespace: null });
    const out = within(screen.getByTestId("account-ghcr.io")).getByTestId<HTMLButtonElement>("menu-new-repository");
    expect(out.disabled).toBe(true);
  });

  it("is the only thing Tab reaches in its row, and only there", async () => {
    await shown();
    namespace("genomics").focus();
    await waitFor(() => expect(within(namespace("genomics")).getByTestId("show-all").tabIndex).toBe(0));
    expect(within(namespace("imaging")).getByTestId("show-all").tabIndex).toBe(-1);
  });
});
