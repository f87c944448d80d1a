import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import { limitSays } from "../app/limit";
import { app } from "../app/state.svelte";
import type { LimitView } from "../backend/backend";
import Sidebar from "./Sidebar.svelte";

const POLLY = "registry.polly.example";
const LIMIT: LimitView = { left: 23, of: 100, pulls: true, window: 21_600, until: null, low: true };

afterEach(() => cleanup());

it("says how much is left, in which span or for how long", () => {
  const plain = (limit: Partial<LimitView>): string => limitSays({ ...LIMIT, ...limit }, 1000).replace(/\s/g, " ");
  expect(plain({})).toBe("23 of 100 pulls left in 6 h");
  expect(plain({ until: 1000 + 4 * 3600 })).toBe("23 of 100 pulls left, for 4 h");
  expect(plain({ pulls: false, window: null })).toBe("23 of 100 requests left");
});

it("is told beside the account while little is left, and not before", async () => {
  const backend = await started((given) => {
    given.accountRows = given.accountRows.map((row) => (row.id === POLLY ? { ...row, limit: LIMIT } : row));
  });
  render(Sidebar);
  await settle();
  const who = (): string => screen.getAllByTestId("who")[0]?.textContent ?? "";
  await waitFor(() => expect(who()).toBe("23 of 100 left"));
  expect(screen.getAllByTestId("account-state")[0]?.getAttribute("aria-label")).toContain("23 of 100 pulls left in");
  backend.accountRows = backend.accountRows.map((row) =>
    row.id === POLLY ? { ...row, limit: { ...LIMIT, left: 90, low: false } } : row,
  );
  await app.readAccounts();
  await waitFor(() => expect(who()).not.toContain("left"));
});
