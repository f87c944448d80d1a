import { describe, expect, it, vi } from "vitest";
import { settle, started } from "../../test/start";
import { asProblem } from "../backend/backend";
import { docker, noEngine } from "../fake/data";
import { FakeBackend } from "../fake/fake";
import { app, startApp } from "./state.svelte";

describe("the window", () => {
  it("opens where it was left", async () => {
    const place = { kind: "repository", account: "docker.synapse.org", repository: "syn5644795/kinase" } as const;
    await started(undefined, {
      preferences: { place, folded: ["ghcr.io"], tagOrder: "version", tab: "tags", columns: [], recent: [] },
    });
    expect([app.place, app.folded, app.tagOrder]).toEqual([place, ["ghcr.io"], "version"]);
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
    const images = { place: { kind: "images" }, folded: [], tagOrder: "newest", tab: "tags", columns: [], recent: [] };
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
    await backend.removeAccount("ghcr.io", false);
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
    backend.engineView = noEngine;
    window.dispatchEvent(new Event("focus"));
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
    await backend.removeAccount("ghcr.io", false);
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
    const backend = await started((made) => (made.zoomed = 125));
    expect(app.zoom).toBe(125);
    await app.resize(1);
    expect([app.zoom, backend.zoomed]).toEqual([150, 150]);
    for (let n = 0; n < 9; n += 1) await app.resize(1);
    expect(app.zoom).toBe(300);
    await app.resize(0);
    expect(app.zoom).toBe(100);
    await app.resize(-1);
    expect(app.zoom).toBe(90);
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
