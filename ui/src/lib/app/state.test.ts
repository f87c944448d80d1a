import { describe, expect, it, vi } from "vitest";
import { settle, started } from "../../test/start";
import { asProblem } from "../backend/backend";
import { docker, noEngine } from "../fake/data";
import { app } from "./state.svelte";

describe("the window", () => {
  it("opens where it was left", async () => {
    const place = { kind: "repository", account: "docker.synapse.org", repository: "syn5644795/kinase" } as const;
    await started(undefined, {
      preferences: { place, folded: ["ghcr.io"], tagOrder: "version", tab: "tags", columns: [] },
    });
    expect([app.place, app.folded, app.tagOrder]).toEqual([place, ["ghcr.io"], "version"]);
  });

  it("does not open an account that is gone", async () => {
    const place = { kind: "repository", account: "gone.example", repository: "a/b" } as const;
    await started(undefined, { preferences: { place, folded: [], tagOrder: "newest", tab: "tags", columns: [] } });
    expect(app.place).toEqual({ kind: "welcome" });
  });

  it("remembers a change at once, and many that follow it once more", async () => {
    vi.useFakeTimers();
    const backend = await started();
    const saved = (): unknown[] => backend.calls.filter((call) => call[0] === "savePreferences").map((call) => call[1]);
    const images = { place: { kind: "images" }, folded: [], tagOrder: "newest", tab: "tags", columns: [] };
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

describe("whatever is thrown", () => {
  it("becomes a problem that can be shown", () => {
    expect(asProblem(new Error("no such command"))).toMatchObject({ code: "other", message: "no such command" });
    expect(asProblem("denied")).toMatchObject({ message: "denied" });
    const given = { code: "signIn", message: "No.", hints: ["Sign in."], detail: "UNAUTHORIZED" };
    expect(asProblem(given)).toEqual(given);
  });
});
