// Settings that change while others are on their way, and what is told of their file.

import { afterEach, describe, expect, it } from "vitest";
import { started } from "../../test/start";
import { FakeBackend, problem } from "../fake/fake";
import { settings } from "./settings.svelte";

const UNREAD = problem("settings.json can’t be read.");

afterEach(() => settings.take(new FakeBackend().settingsView));

describe("changes of the settings that are on their way together", () => {
  it("carry nothing of one that was refused", async () => {
    const backend = await started();
    const set = backend.setSettings;
    backend.setSettings = (values) =>
      values.engine === "docker" ? Promise.reject(problem("No engine is there.")) : set(values);
    const first = settings.change({ engine: "docker" });
    const second = settings.change({ theme: "dark" });
    expect(settings.values).toMatchObject({ engine: "docker", theme: "dark" });
    await expect(first).rejects.toMatchObject({ message: "No engine is there." });
    await second;
    expect(backend.settingsView.values).toMatchObject({ engine: null, theme: "dark" });
    expect(settings.values).toMatchObject({ engine: null, theme: "dark" });
  });

  it("carry what was taken before them", async () => {
    const backend = await started();
    const all = [{ theme: "dark" }, { textSize: 125 }, { watchMinutes: 30 }] as const;
    await Promise.all(all.map((each) => settings.change(each)));
    expect(backend.settingsView.values).toMatchObject({ theme: "dark", textSize: 125, watchMinutes: 30 });
    await Promise.all([settings.reset(), settings.change({ logRequests: true })]);
    expect(backend.settingsView.values).toMatchObject({ theme: "system", textSize: 100, logRequests: true });
  });
});

describe("what is told of the file of settings", () => {
  it("is told once: what was read does not come back with a change", async () => {
    const backend = await started((made) => (made.settingsView.problem = UNREAD));
    expect(settings.told).toEqual(UNREAD);
    settings.dismiss();
    await settings.change({ theme: "dark" });
    await settings.change({ theme: "light" });
    expect(settings.told).toBeNull();
    const other = problem("settings.json can’t be written.");
    backend.settingsView.problem = other;
    await settings.change({ theme: "dark" });
    expect(settings.told).toEqual(other);
  });

  it("is told anew where it went well in between", async () => {
    const backend = await started((made) => (made.settingsView.problem = UNREAD));
    settings.dismiss();
    for (const now of [null, UNREAD]) {
      backend.settingsView.problem = now;
      await settings.change({ theme: "dark" });
      expect(settings.told).toEqual(now);
    }
  });
});
