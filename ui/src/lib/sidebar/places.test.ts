import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { accountSheet } from "../accounts/accounts.svelte";
import { app } from "../app/state.svelte";
import { way } from "../fake/data";
import type { FakeBackend } from "../fake/fake";
import { creating } from "../repositories/creating.svelte";
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
  app.folded = [];
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

describe("a repository in the sidebar", () => {
  it("shows its title where it has one, and tells the description on hover", async () => {
    await shown();
    expect(within(repository("syn5644795/kinase")).getByTestId("repository-title").textContent).toBe("Kinase screen");
    expect(repository("syn5644795/kinase").title).toBe(
      "syn5644795/kinase\nKinase screen\nDose curves of the kinase screen.",
    );
    expect(within(repository("genomics/peak-caller")).queryByTestId("repository-title")).toBeNull();
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
