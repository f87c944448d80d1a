import { describe, expect, it, vi } from "vitest";
import { settle, started } from "../../test/start";
import { asProblem, type AccountView, type Screen } from "../backend/backend";
import { docker, noEngine } from "../fake/data";
import { FakeBackend } from "../fake/fake";
import { problem } from "../fake/problem";
import { settings } from "./settings.svelte";
import { app, startApp } from "./state.svelte";
import { titleOf } from "./title";

describe("the window", () => {
  it("opens where it was left", async () => {
    const place = { kind: "repository", account: "docker.synapse.org", repository: "syn5644795/kinase" } as const;
    await started(undefined, {
      preferences: { place, folded: ["ghcr.io"], tagOrder: "version", tab: "tags", columns: [], recent: [] },
    });
    expect([app.place, app.folded, app.tagOrder]).toEqual([place, ["ghcr.io"], "version"]);
  });

  it("reads the clock when it starts, however long ago its code was loaded", async () => {
    vi.useFakeTimers({ now: 2_000_000_000_000 });
    await started();
    expect(app.now).toBe(2_000_000_000);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(app.now).toBe(2_000_000_015);
    vi.useRealTimers();
  });

  it("does not open an account that is gone", async () => {
    const place = { kind: "repository", account: "gone.example", repository: "a/b" } as const;
    await started(undefined, {
      preferences: { place, folded: [], tagOrder: "newest", tab: "tags", columns: [], recent: [] },
    });
    expect(app.place).toEqual({ kind: "welcome" });
  });

  it("asks at once, and loses nothing that happens before it can hear", async () => {
    const backend = new FakeBackend();
    const listen = backend.listen;
    let hear = (): void => undefined;
    backend.listen = (hears) => new Promise((done) => (hear = () => void listen(hears).then(done)));
    const begun = startApp(backend);
    await settle();
    expect(backend.calls.map(([name]) => name).slice(0, 2)).toEqual(["accounts", "start"]);
    expect(app.started).toBe(false);
    backend.accountRows = backend.accountRows.slice(0, 1);
    hear();
    const end = await begun;
    await settle();
    expect(app.accounts).toHaveLength(1);
    end();
  });

  it("remembers a change at once, and many that follow it once more", async () => {
    vi.useFakeTimers();
    const backend = await started();
    const saved = (): unknown[] => backend.calls.filter((call) => call[0] === "savePreferences").map((call) => call[1]);
    const images = { ...backend.preferences, place: { kind: "images" } };
    app.go({ kind: "images" });
    expect(saved()).toEqual([images]);
    app.setTagOrder("version");
    app.setTagOrder("name");
    await vi.advanceTimersByTimeAsync(1000);
    expect(saved()).toEqual([images, { ...images, tagOrder: "name" }]);
    app.setTagOrder("newest");
    app.setTagOrder("version");
    window.dispatchEvent(new Event("pagehide"));
    expect(saved().at(-1)).toEqual({ ...images, tagOrder: "version", tab: "tags", columns: [] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(saved()).toHaveLength(4);
    vi.useRealTimers();
  });

  it("leaves a repository whose account was removed", async () => {
    const backend = await started();
    app.go({ kind: "repository", account: "ghcr.io", repository: "a/b" });
    await backend.removeAccount("ghcr.io", false, []);
    await settle();
    expect(app.accounts.map((account) => account.id)).not.toContain("ghcr.io");
    expect(app.place).toEqual({ kind: "welcome" });
  });

  it("counts the images, and knows when the engine went", async () => {
    const backend = await started();
    await settle();
    expect(app.imageCount).toBe(6);
    backend.engineView = noEngine;
    backend.emit({ kind: "stale", what: { of: "engine" } });
    await settle();
    expect([app.engine?.kind, app.imageCount]).toEqual(["absent", null]);
  });

  it("finds an engine that comes, and notices one that goes, without being asked", async () => {
    vi.useFakeTimers();
    const backend = await started((made) => (made.engineView = noEngine));
    await vi.advanceTimersByTimeAsync(100);
    expect(app.engine?.kind).toBe("absent");
    backend.engineView = docker;
    await vi.advanceTimersByTimeAsync(16_000);
    expect([app.engine?.kind, app.imageCount]).toEqual(["ready", 6]);
    // One that is there tells by itself what changes, and is asked nothing.
    const asked = backend.calls.length;
    window.dispatchEvent(new Event("focus"));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(backend.calls.slice(asked)).toEqual([]);
    backend.engineView = noEngine;
    backend.emit({ kind: "stale", what: { of: "engine" } });
    await vi.advanceTimersByTimeAsync(100);
    expect(app.engine?.kind).toBe("absent");
    vi.useRealTimers();
  });
});

describe("the way back", () => {
  const repository = (name: string) => ({ kind: "repository", account: "ghcr.io", repository: name }) as const;

  it("goes through the places that were on show, with the tab that was open there, and forward again", async () => {
    await started();
    expect([app.canStep(true), app.canStep(false)]).toEqual([false, false]);
    app.go({ kind: "images" });
    app.go(repository("a/b"));
    app.setTab("timeline");
    app.go(repository("a/c"));
    app.go(repository("a/c")); // the same place once more is no step
    app.setTab("tags");
    app.step(true);
    expect([app.place, app.tab]).toEqual([repository("a/b"), "timeline"]);
    app.step(true);
    app.step(true);
    app.step(true); // there is no more
    expect([app.place.kind, app.canStep(true)]).toEqual(["welcome", false]);
    app.step(false);
    app.step(false);
    app.step(false);
    expect([app.place, app.tab, app.canStep(false)]).toEqual([repository("a/c"), "tags", false]);
    app.step(true);
    app.go({ kind: "images" });
    expect(app.canStep(false)).toBe(false); // another way was taken
    app.tab = "tags";
  });

  it("passes over a registry that was removed", async () => {
    const backend = await started();
    app.go({ kind: "images" });
    app.go(repository("a/b"));
    app.go({ kind: "repositories", account: "docker.synapse.org", namespace: null });
    await backend.removeAccount("ghcr.io", false, []);
    await settle();
    app.step(true);
    expect(app.place).toEqual({ kind: "images" });
  });

  it("remembers which repositories were open last", async () => {
    await started();
    for (const name of ["a/b", "a/c", "a/b"]) app.go(repository(name));
    expect(app.recent.map((each) => each.repository)).toEqual(["a/b", "a/c"]);
    app.leaveAccount("ghcr.io");
    expect(app.recent).toEqual([]);
  });
});

describe("the size of everything", () => {
  it("goes by steps, within what the backend takes", async () => {
    const backend = await started((made) => (made.settingsView.values.textSize = 125));
    const size = (): number => settings.values.textSize;
    expect(size()).toBe(125);
    await settings.resize(1);
    expect([size(), backend.settingsView.values.textSize]).toEqual([150, 150]);
    for (let n = 0; n < 9; n += 1) await settings.resize(1);
    expect(size()).toBe(300);
    await settings.resize(0);
    expect(size()).toBe(100);
    await settings.resize(-1);
    expect(size()).toBe(90);
  });
});

describe("what is set", () => {
  it("counts two quick steps as two, and loses no change that is made beside another", async () => {
    const backend = await started();
    await Promise.all([settings.resize(1), settings.resize(1), settings.change({ theme: "dark" })]);
    expect(backend.settingsView.values).toMatchObject({ textSize: 125, theme: "dark" });
    expect(settings.values).toEqual(backend.settingsView.values);
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    await settings.reset();
    expect(document.documentElement.dataset["theme"]).toBeUndefined();
  });

  it("is as it was where it can't be", async () => {
    const backend = await started();
    backend.failing.setSettings = problem("An engine can’t be reached at this address.");
    await expect(settings.change({ engine: "docker" })).rejects.toMatchObject({ code: "other" });
    expect(settings.values.engine).toBeNull();
  });
});

describe("the window", () => {
  it("is called as its page is", async () => {
    await started();
    const hub = { ...app.accounts[0], id: "h", host: "docker.io" } as AccountView;
    const title = (place: Screen): string => titleOf(place, [...app.accounts, hub]);
    expect(title({ kind: "welcome" })).toBe("Longshore");
    expect(title({ kind: "images" })).toBe("Images — Longshore");
    expect(title({ kind: "settings" })).toBe("Settings — Longshore");
    const at = { kind: "repository", account: "h", repository: "library/nginx" } as const;
    expect(title(at)).toBe("nginx · Docker Hub — Longshore");
    expect(title({ ...at, account: "ghcr.io", repository: "a/b" })).toBe("a/b · ghcr.io — Longshore");
    expect(title({ kind: "repositories", account: "ghcr.io", namespace: null })).toBe("ghcr.io — Longshore");
    expect(title({ kind: "repositories", account: "ghcr.io", namespace: "a" })).toBe("a · ghcr.io — Longshore");
    expect(title({ ...at, account: "gone" })).toBe("Longshore");
  });

  it("gives each page how it was left once, and notes how it is", async () => {
    const backend = await started((made) => {
      made.preferences = { ...made.preferences, place: { kind: "images" }, page: { filter: "star", scroll: 90 } };
    });
    expect([app.left.scroll, app.takeFilter(), app.takeFilter()]).toEqual([90, "star", ""]);
    app.notePage({ scroll: 120.4 });
    app.flush();
    await settle();
    expect(backend.preferences.page).toEqual({ filter: "star", scroll: 120 });
    app.go({ kind: "welcome" });
    app.flush();
    await settle();
    expect(backend.preferences.page).toEqual({ filter: "", scroll: 0 });
  });

  it("gives a star and takes it, and forgets it with its registry", async () => {
    await started();
    const at = { account: "ghcr.io", repository: "a/b" };
    app.star(at);
    expect([app.isStarred(at), app.isStarred({ ...at, repository: "a" })]).toEqual([true, false]);
    app.star({ ...at, account: "docker.synapse.org" });
    app.leaveAccount("ghcr.io");
    expect(app.starred).toEqual([{ ...at, account: "docker.synapse.org" }]);
    app.star({ ...at, account: "docker.synapse.org" });
    expect(app.starred).toEqual([]);
  });
});

describe("whatever is thrown", () => {
  it("becomes a problem that can be shown", () => {
    expect(asProblem(new Error("no such command"))).toMatchObject({ code: "other", message: "no such command" });
    expect(asProblem("denied")).toMatchObject({ message: "denied" });
    const given = { code: "signIn", message: "No.", hints: ["Sign in."], detail: "UNAUTHORIZED" };
    expect(asProblem(given)).toEqual(given);
  });
});
