import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { started } from "../../../test/start";
import type { RequestLine } from "../../backend/backend";
import { problem, type FakeBackend } from "../../fake/fake";
import ProblemNote from "../ProblemNote.svelte";
import { asText, cameOf, lastOf, tookOf } from "./facts";

const NOW = Date.parse("2026-11-21T10:00:00Z") / 1000;

function line(changes: Partial<RequestLine> = {}): RequestLine {
  return {
    ...{ at: NOW, method: "GET", host: "registry.polly.example", path: "/v2/", status: 200, milliseconds: 84 },
    ...{ bytes: 2, attempt: 1, failure: null },
    ...changes,
  };
}

async function shown(requestLines: RequestLine[]): Promise<FakeBackend> {
  const backend = await started((made) => (made.requestLines = requestLines));
  render(ProblemNote, { problem: problem("It does not answer.", "other", { detail: "connection refused" }) });
  return backend;
}
const press = (id: string): Promise<boolean> => fireEvent.click(screen.getByTestId(id));
const asked = (backend: FakeBackend): number => backend.calls.filter(([name]) => name === "recentRequests").length;

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the last requests under a problem’s details", () => {
  it("are asked for when someone wants them, and shown newest first", async () => {
    const refused = { status: null, failure: "connection refused", milliseconds: 10_000 };
    const backend = await shown([
      line({ path: "/v2/first" }),
      line({ path: "/v2/second", method: "HEAD", status: 503, attempt: 2 }),
      line({ path: "/v2/third", ...refused }),
    ]);
    expect(screen.getByText("connection refused").tagName).toBe("PRE");
    expect(asked(backend)).toBe(0);
    await press("requests-open");
    await waitFor(() => expect(screen.getAllByTestId("request")).toHaveLength(3));
    const rows = screen.getAllByTestId("request").map((row) => row.textContent?.replace(/\s+/g, " ").trim());
    expect(rows[0]).toMatch(/^\d\d:\d\d:\d\d GET \/v2\/third connection refused 10 000 ms$/);
    expect(rows[1]).toMatch(/HEAD \/v2\/second 503 84 ms · try 2$/);
    expect(rows[2]).toMatch(/GET \/v2\/first 200 84 ms$/);
    expect(screen.getByTestId("requests-open").getAttribute("aria-expanded")).toBe("true");
    const found = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
    await press("requests-open");
    expect(screen.queryByTestId("requests")).toBeNull();
    await press("requests-open"); // read anew
    await waitFor(() => expect(asked(backend)).toBe(2));
  });

  it("say where nothing was asked yet", async () => {
    await shown([]);
    await press("requests-open");
    await waitFor(() => expect(screen.getByTestId("requests-none").textContent).toBe("No registry was asked yet."));
    expect(screen.queryByTestId("requests-copy")).toBeNull();
  });

  it("do not say that nothing was asked where only later ones are known", async () => {
    await shown([line({ at: Math.floor(Date.now() / 1000) + 3600 })]);
    await press("requests-open");
    await waitFor(() => expect(screen.getByTestId("requests-none").textContent).toContain("no longer known"));
  });

  it("are copied as text, all of them", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    await shown(Array.from({ length: 30 }, (_, n) => line({ path: `/v2/${n}` })));
    await press("requests-open");
    await waitFor(() => expect(screen.getAllByTestId("request")).toHaveLength(20));
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    await press("requests-copy");
    await waitFor(() => expect(screen.getByTestId("requests-copy").textContent).toBe("Copied"));
    const [text] = writeText.mock.calls[0] as unknown as [string];
    expect(text.trim().split("\n")).toHaveLength(30);
    expect(text).toContain("2026-11-21T10:00:00Z GET registry.polly.example /v2/0 200 84 ms 2 B, try 1\n");
  });

  it("say why they could not be read", async () => {
    const backend = await shown([]);
    backend.failing = { recentRequests: problem("Not allowed.") };
    await press("requests-open");
    await waitFor(() => expect(screen.getByTestId("requests-problem").textContent).toContain("Not allowed."));
  });
});

describe("the words for a request", () => {
  it("leave out what was asked after the problem, and all but the last twenty", () => {
    const lines = Array.from({ length: 30 }, (_, n) => line({ at: NOW + n, path: String(n) }));
    const last = lastOf(lines, NOW + 24);
    expect([last.length, last[0]?.path, last.at(-1)?.path]).toEqual([20, "25", "6"]);
  });

  it("say what came of it", () => {
    expect(cameOf(line())).toBe("200");
    expect(cameOf(line({ status: null, failure: "no answer in time" }))).toBe("no answer in time");
    expect(cameOf(line({ failure: "cut off" }))).toBe("200 cut off");
    expect(cameOf(line({ status: null }))).toBe("no answer");
    expect(tookOf(line({ attempt: 3 }))).toBe("84 ms · try 3");
    expect(asText([])).toBe("");
  });
});
