import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, expect, it } from "vitest";
import { settle, started } from "../../test/start";
import type { VendorId } from "../backend/backend";
import type { FakeBackend } from "../fake/fake";
import { RIGHT_TOKEN } from "../fake/kinds";
import { problem } from "../fake/problem";
import KindSheets from "../kinds/KindSheets.svelte";
import { seconds } from "../kinds/second.svelte";
import { creating, openCreate } from "./creating.svelte";
import RepositorySheets from "./RepositorySheets.svelte";

const POLLY = "registry.polly.example";

afterEach(() => {
  creating.close();
  seconds.close();
  cleanup();
});

async function opened(vendor: VendorId, prepare?: (backend: FakeBackend) => void): Promise<FakeBackend> {
  const backend = await started((given) => {
    given.kinds.recognised = { [POLLY]: vendor };
    prepare?.(given);
  });
  render(KindSheets);
  render(RepositorySheets);
  openCreate(POLLY, "genomics");
  await settle();
  return backend;
}
async function make(name: string): Promise<void> {
  await fireEvent.input(screen.getByTestId("create-name"), { target: { value: name } });
  await fireEvent.submit(screen.getByTestId("create-sheet").querySelector("form") as HTMLFormElement);
  await settle();
}
const box = (): HTMLInputElement | null => screen.queryByTestId<HTMLInputElement>("create-private");
const privates = (backend: FakeBackend): unknown[] =>
  backend.calls.flatMap(([call, order]) =>
    call === "createRepository" ? [(order as { private?: boolean }).private] : [],
  );

it("asks who may see it where the registry’s own interface takes that, and orders what is ticked", async () => {
  const backend = await opened("quay");
  expect(box()?.checked).toBe(true);
  expect(screen.getByTestId("create-sheet").textContent).toContain("Only people you let in can see it");
  const found = await axe.run(screen.getByTestId("create-sheet"), { rules: { "color-contrast": { enabled: false } } });
  expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  await make("genomics/mapper");
  expect(privates(backend)).toEqual([true]);
  openCreate(POLLY, "genomics");
  await settle();
  await fireEvent.click(box() as HTMLInputElement);
  await make("genomics/other");
  expect(privates(backend)).toEqual([true, false]);
});

it("doesn’t ask where its own interface doesn’t take that, or makes no repository", async () => {
  const polly = await opened("polly", (given) => (given.kinds.mayRun = { [POLLY]: "lab" }));
  expect(screen.getByTestId("create-writes").textContent).toContain("Polly creates it");
  expect(box()).toBeNull();
  await make("genomics/mapper");
  expect(privates(polly)).toEqual([undefined]);
  cleanup();
  const harbor = await opened("harbor");
  expect(box()).toBeNull();
  await make("genomics/mapper");
  expect(privates(harbor)).toEqual([undefined]);
});

it("offers the second sign-in that it needs, then shows what goes by it, and makes nothing by itself", async () => {
  const backend = await opened("quay", (given) => (given.kinds.impossible = { quay: { create: "Not without it." } }));
  expect(box()).toBeNull();
  backend.failing.createRepository = problem("It needs a second sign-in.", "secondSignIn");
  await make("genomics/mapper");
  expect(screen.getByTestId("create-problem").textContent).toContain("It needs a second sign-in.");
  await fireEvent.click(screen.getByTestId("act-second"));
  await settle();
  backend.failing = {};
  backend.kinds.impossible = {};
  await fireEvent.input(screen.getByTestId("second-secret"), { target: { value: RIGHT_TOKEN } });
  await fireEvent.click(screen.getByTestId("second-save"));
  await settle();
  expect(screen.queryByTestId("second-sheet")).toBeNull();
  expect(screen.queryByTestId("create-problem")).toBeNull();
  expect(screen.getByTestId<HTMLInputElement>("create-name").value).toBe("genomics/mapper");
  expect(box()?.checked).toBe(true);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("create-go")));
  expect(privates(backend)).toHaveLength(1);
});
