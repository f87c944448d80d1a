import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import App from "../../App.svelte";
import { started } from "../../test/start";
import { settings } from "../app/settings.svelte";
import { FakeBackend } from "../fake/fake";
import { problem } from "../fake/problem";
import { proposalOf } from "../keeping/keeping.svelte";
import SettingsPage from "./SettingsPage.svelte";

async function shown(prepare?: (backend: FakeBackend) => void) {
  const backend = await started(prepare);
  const view = render(SettingsPage);
  return { backend, view };
}
const set = (backend: FakeBackend) => backend.settingsView.values;

afterEach(async () => {
  cleanup();
  settings.take(new FakeBackend().settingsView);
});

describe("the settings", () => {
  it("hold at once", async () => {
    const { backend, view } = await shown();
    await fireEvent.click(screen.getByTestId("theme-dark"));
    await fireEvent.change(screen.getByTestId("text-size"), { target: { value: "125" } });
    await fireEvent.change(screen.getByTestId("watch-minutes"), { target: { value: "30" } });
    await fireEvent.click(screen.getByTestId("push-keeps-never"));
    await fireEvent.click(screen.getByTestId("log-requests"));
    const wanted = { theme: "dark", textSize: 125, watchMinutes: 30, pushKeeps: "never", logRequests: true };
    await waitFor(() => expect(set(backend)).toMatchObject(wanted));
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    const found = await axe.run(view.container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("keep in its field what can’t be, with the reason", async () => {
    const { backend } = await shown();
    backend.failing.setSettings = problem("An engine can’t be reached at this address.");
    const field = screen.getByTestId<HTMLInputElement>("settings-engine");
    await fireEvent.input(field, { target: { value: "docker" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await screen.findByText("An engine can’t be reached at this address.");
    expect([field.value, set(backend).engine]).toEqual(["docker", null]);
    backend.failing = {};
    await fireEvent.input(field, { target: { value: " unix:///run/own.sock " } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(set(backend).engine).toBe("unix:///run/own.sock"));
    await waitFor(() => expect(screen.queryByText("An engine can’t be reached at this address.")).toBeNull());
  });

  it("are reset once that was asked, with the way out first", async () => {
    const { backend } = await shown((made) => (made.settingsView.values.theme = "dark"));
    await fireEvent.click(screen.getByTestId("settings-reset"));
    expect(document.activeElement).toBe(screen.getByTestId("reset-cancel"));
    await fireEvent.click(screen.getByTestId("reset-cancel"));
    expect(set(backend).theme).toBe("dark");
    await fireEvent.click(screen.getByTestId("settings-reset"));
    await fireEvent.click(screen.getByTestId("reset-do"));
    await waitFor(() => expect(set(backend).theme).toBe("system"));
  });

  it("are reached by their key, and tell of a file that could not be read until that was read", async () => {
    const backend = new FakeBackend();
    backend.settingsView.problem = problem("settings.json can’t be read.");
    render(App, { backend });
    const told = await screen.findByTestId("settings-told");
    expect(told.textContent).toContain("settings.json can’t be read.");
    await fireEvent.click(screen.getByTestId("settings-read"));
    await waitFor(() => expect(screen.queryByTestId("settings-told")).toBeNull());
    await fireEvent.keyDown(document.body, { key: ",", ctrlKey: true });
    await screen.findByTestId("settings-page");
    expect(document.title).toBe("Settings — Longshore");
  });
});

describe("what a push proposes", () => {
  const ask = (preselected: "overwrite" | "off") =>
    proposalOf({ kind: "ask", preselected, commitTag: "c", without: "", caution: "" });
  const propose = (pushKeeps: "asFits" | "always" | "never"): void =>
    settings.take({ ...settings.view, values: { ...settings.values, pushKeeps } });

  it("is what fits, unless the person has set it", () => {
    expect([ask("overwrite"), ask("off")]).toEqual(["eachOverwrite", "off"]);
    propose("always");
    expect([ask("overwrite"), ask("off")]).toEqual(["eachOverwrite", "justThis"]);
    propose("never");
    expect([ask("overwrite"), ask("off")]).toEqual(["off", "off"]);
  });

  it("leaves a rule that keeps by itself alone", () => {
    const ruled = (rule: "on-request" | "overwrite") =>
      proposalOf({
        ...{ kind: "rule", rule, setBy: { kind: "thisComputer" }, commitTag: "c" },
        ...{ alreadyKept: false, without: "", asks: null },
      });
    propose("never");
    expect([ruled("on-request"), ruled("overwrite")]).toEqual(["notThis", "byRule"]);
    propose("always");
    expect([ruled("on-request"), ruled("overwrite")]).toEqual(["justThis", "byRule"]);
  });
});
