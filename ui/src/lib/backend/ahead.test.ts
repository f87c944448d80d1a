import { describe, expect, it, vi } from "vitest";
import { FakeBackend } from "../fake/fake";
import { askAhead } from "./ahead";
import type { AppEvent, Screen } from "./backend";

const ACCOUNT = "registry.polly.example";
const PLACE: Screen = { kind: "repository", account: ACCOUNT, repository: "genomics/aligner" };

/** Returns a backend that was left at a repository. */
async function left(place: Screen = PLACE) {
  const fake = new FakeBackend({ preferences: { place, tab: "tags" } });
  for (const name of ["start", "accounts", "repositories", "tags"] as const) vi.spyOn(fake, name);
  const emit: { event: ((event: AppEvent) => void) | null } = { event: null };
  vi.spyOn(fake, "listen").mockImplementation((hear) => {
    emit.event = hear;
    return Promise.resolve(() => undefined);
  });
  const backend = askAhead(fake);
  await vi.waitFor(() => expect(fake.accounts).toHaveBeenCalled());
  await new Promise((settle) => setTimeout(settle));
  return { fake, backend, emit };
}

describe("what is asked ahead", () => {
  it("is handed over without another question, and once", async () => {
    const { fake, backend } = await left();
    expect(fake.tags).toHaveBeenCalledTimes(1);
    const start = await backend.start();
    expect(start.preferences.place).toEqual(PLACE);
    expect((await backend.tags(ACCOUNT, PLACE.repository, null)).rows.length).toBeGreaterThan(0);
    await backend.accounts();
    await backend.repositories(ACCOUNT, null);
    expect(fake.start).toHaveBeenCalledTimes(1);
    expect(fake.accounts).toHaveBeenCalledTimes(1);
    expect(fake.tags).toHaveBeenCalledTimes(1);

    await backend.tags(ACCOUNT, PLACE.repository, null);
    await backend.start();
    expect(fake.tags).toHaveBeenCalledTimes(2);
    expect(fake.start).toHaveBeenCalledTimes(2);
  });

  it("is let go of when something has changed since", async () => {
    const { fake, backend, emit } = await left();
    const heard: AppEvent[] = [];
    await backend.listen((event) => heard.push(event));
    emit.event?.({ kind: "stale", what: { of: "accounts" } });
    await backend.tags(ACCOUNT, PLACE.repository, null);
    expect(fake.tags).toHaveBeenCalledTimes(2);
    expect(heard).toEqual([{ kind: "stale", what: { of: "accounts" } }]);
  });

  it("is nothing of a repository that is not on show, or whose account is gone", async () => {
    for (const place of [{ kind: "images" }, { ...PLACE, account: "gone" }] satisfies Screen[]) {
      const { fake } = await left(place);
      expect(fake.tags).not.toHaveBeenCalled();
    }
  });

  it("fails for whoever asks, and for nobody else", async () => {
    const fake = new FakeBackend();
    vi.spyOn(fake, "start").mockRejectedValueOnce(new Error("no data folder"));
    const backend = askAhead(fake);
    await expect(backend.start()).rejects.toThrow("no data folder");
    await expect(backend.start()).resolves.toBeTruthy();
  });
});
