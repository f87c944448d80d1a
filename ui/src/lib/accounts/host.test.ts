import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { hosted } from "../app/hosted.svelte";
import { app } from "../app/state.svelte";
import type { HostingOrder } from "../backend/backend";
import type { FakeBackend } from "../fake/fake";
import { problem } from "../fake/problem";
import { words } from "../messages";
import { SidebarState } from "../sidebar/sidebar.svelte";
import AccountSheets from "./AccountSheets.svelte";
import { accountSheet, openAddRegistry, openHost, openRemove } from "./accounts.svelte";

let backend: FakeBackend;

beforeEach(async () => {
  backend = await started();
  render(AccountSheets);
});
afterEach(() => accountSheet.close());

const value = (id: string): string => screen.getByTestId<HTMLInputElement>(id).value;
const ordered = (): HostingOrder[] =>
  backend.calls.filter(([name]) => name === "hostRegistry").map((call) => call[1] as HostingOrder);

async function opened(): Promise<void> {
  openHost();
  await screen.findByTestId("host-folder");
  await settle();
}

async function type(id: string, text: string): Promise<void> {
  await fireEvent.input(screen.getByTestId(id), { target: { value: text } });
}

/** Starts one by the program, as it is proposed. */
async function runs(): Promise<string> {
  await opened();
  await fireEvent.change(screen.getByTestId("host-way"), { target: { value: "program:/usr/bin/zot" } });
  await fireEvent.click(screen.getByTestId("host-go"));
  await waitFor(() => expect(screen.queryByTestId("host-sheet")).toBeNull());
  await settle();
  return app.accounts.find(({ host }) => host === "127.0.0.1:5000")?.id ?? "";
}

describe("a registry on this computer", () => {
  it("is started from its tile, and opened", async () => {
    openAddRegistry();
    const tile = await waitFor(() => {
      const found = screen.getAllByTestId("known-registry").find((each) => each.dataset["known"] === "here");
      if (found === undefined) throw new Error("no tile");
      return found;
    });
    await fireEvent.click(tile);
    await screen.findByTestId("host-folder");
    expect(screen.queryByTestId("registry-sheet")).toBeNull();
    expect(value("host-folder")).toBe("/home/ana/longshore-registry");
    expect(value("host-port")).toBe("5000");
    const found = await axe.run(screen.getByTestId("host-sheet"), { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations).toEqual([]);
    const id = await runs();
    expect(ordered()).toEqual([
      {
        way: "program:/usr/bin/zot",
        image: null,
        folder: "/home/ana/longshore-registry",
        port: 5000,
        user: "",
        secret: "",
        keep: { kind: "keychain" },
      },
    ]);
    expect(app.place).toEqual({ kind: "repositories", account: id, namespace: null });
  });

  it("downloads the image first, and says from where; one that is there is taken as it is", async () => {
    await opened();
    const images = [...screen.getByTestId("host-image").querySelectorAll("option")].map((each) => each.textContent);
    expect(images).toEqual(["registry:3, from docker.io", "registry:2"]);
    expect(screen.getByTestId("host-go").textContent).toBe(words.hosting.download);
    await fireEvent.click(screen.getByTestId("host-go"));
    const task = await waitFor(() => {
      const found = backend.transfers.list()[0];
      if (found === undefined) throw new Error("no task");
      return found;
    });
    await waitFor(() => expect(screen.getByTestId("host-go").textContent).toBe("Downloading registry:3"));
    expect(ordered()).toEqual([]);
    backend.transfers.end(task.id, "done");
    await waitFor(() => expect(ordered().map(({ image }) => image)).toEqual(["registry:3"]));

    accountSheet.close();
    backend.hosting.hasImage = false;
    await opened();
    await type("host-port", "5001");
    await fireEvent.change(screen.getByTestId("host-image"), { target: { value: "registry:2" } });
    await fireEvent.click(screen.getByTestId("host-go"));
    await waitFor(() => expect(ordered().at(-1)?.image).toBe("registry:2"));
    expect(backend.calls.filter(([name]) => name === "downloadRegistry")).toHaveLength(1);
  });

  it("says what a download came to, and ends one that nobody waits for", async () => {
    await opened();
    await fireEvent.click(screen.getByTestId("host-go"));
    await waitFor(() => expect(screen.getByTestId("host-go").textContent).toBe("Downloading registry:3"));
    const [task] = backend.transfers.list();
    backend.transfers.end(task?.id ?? "", "failed");
    expect((await screen.findByTestId("host-problem")).textContent).toContain(words.hosting.downloadFailed);
    await fireEvent.click(screen.getByTestId("host-go"));
    await waitFor(() => expect(screen.getByTestId("host-go").textContent).toBe("Downloading registry:3"));
    accountSheet.close();
    await settle();
    expect(backend.calls.filter(([name]) => name === "cancelTask")).toHaveLength(1);
    expect(ordered()).toEqual([]);
  });

  it("starts nothing where its sheet was closed before the download began", async () => {
    await opened();
    await fireEvent.click(screen.getByTestId("host-go"));
    accountSheet.close();
    await settle();
    const [task] = backend.transfers.list();
    expect(backend.calls.filter(([name]) => name === "cancelTask")).toEqual([["cancelTask", task?.id]]);
    backend.transfers.end(task?.id ?? "", "done");
    await settle();
    expect(ordered()).toEqual([]);
  });

  it("asks for a user and a password where a sign-in is wanted, and where to keep it if there is no keychain", async () => {
    backend.hosting.hasImage = true;
    await opened();
    await fireEvent.click(screen.getByTestId("host-asks"));
    await fireEvent.click(screen.getByTestId("host-go"));
    expect((await screen.findByTestId("missing")).textContent).toBe(words.accounts.userMissing);
    await type("host-user", " ana ");
    await type("host-secret", "geheim");
    backend.failing.hostRegistry = problem("This computer has no keychain that can be reached.", "keychain");
    await fireEvent.click(screen.getByTestId("host-go"));
    await screen.findByTestId("keep");
    backend.failing = {};
    await fireEvent.click(screen.getByTestId("keychain-session"));
    await fireEvent.click(screen.getByTestId("host-go"));
    await waitFor(() => expect(screen.queryByTestId("host-sheet")).toBeNull());
    expect(ordered().at(-1)).toMatchObject({ user: "ana", secret: "geheim", keep: { kind: "session" } });
  });

  it("refuses what is no folder and no port, as it is typed", async () => {
    backend.hosting.hasImage = true;
    await opened();
    await type("host-folder", "data");
    await waitFor(() => expect(screen.getByText("“data” is no whole path.")).toBeTruthy());
    expect(screen.getByTestId<HTMLButtonElement>("host-go").disabled).toBe(true);
    await type("host-folder", "/srv/old");
    expect((await screen.findByTestId("host-folder-note")).textContent).toContain("used as it is");
    for (const bad of ["80", "70000", "x", ""]) {
      await type("host-port", bad);
      expect(screen.getByTestId<HTMLButtonElement>("host-go").disabled, bad).toBe(true);
    }
    await type("host-port", "5100");
    expect(screen.getByTestId<HTMLButtonElement>("host-go").disabled).toBe(false);
  });

  it("is stopped and started from its menu, and leaves the computer instead of the sidebar alone", async () => {
    const id = await runs();
    const side = new SidebarState();
    const account = app.account(id);
    if (account === undefined) throw new Error("no account");
    const labels = (): string[] => side.menu(account).map(({ testid }) => testid ?? "");
    expect(labels()).toContain("menu-stop");
    await side.stop(account);
    expect(hosted.stopped(account)?.host).toBe("127.0.0.1:5000");
    expect(labels()).toContain("menu-start");
    backend.failing.startHosted = problem("Port 5000 of this computer is taken.");
    await side.start(account);
    expect(side.problem?.message).toContain("is taken");
    backend.failing = {};
    await side.start(account);
    expect(hosted.stopped(account)).toBeNull();

    openRemove(account);
    await screen.findByTestId("unhost-sheet");
    const data = await screen.findByTestId("unhost-data");
    expect(screen.getByText(words.hosting.dataYes("12.4 MB"))).toBeTruthy();
    await fireEvent.click(data);
    backend.failing.unhost = problem("No container engine answers on this computer.", "noEngine");
    await fireEvent.click(screen.getByTestId("unhost-go"));
    await waitFor(() => expect(screen.getByTestId("unhost-go").textContent.trim()).toBe(words.hosting.removeAnyway));
    expect(screen.getByText(words.hosting.leavesEngine)).toBeTruthy();
    backend.failing = {};
    await fireEvent.click(screen.getByTestId("unhost-go"));
    await waitFor(() => expect(screen.queryByTestId("unhost-sheet")).toBeNull());
    expect(backend.calls.filter(([name]) => name === "unhost").at(-1)?.[1]).toEqual({
      id: "hosted-1",
      data: true,
      anyway: ["noEngine"],
    });
    expect(app.account(id)).toBeUndefined();
    expect(hosted.all).toEqual([]);
  });
});
