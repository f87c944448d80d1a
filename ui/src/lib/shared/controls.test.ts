import { fireEvent, render, screen } from "@testing-library/svelte";
import { createRawSnippet, flushSync } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import Copyable from "./controls/Copyable.svelte";
import Field from "./controls/Field.svelte";
import Menu from "./overlay/Menu.svelte";
import Options from "./overlay/Options.svelte";
import Sheet from "./overlay/Sheet.svelte";
import ProblemNote from "./ProblemNote.svelte";

const html = (text: string) => createRawSnippet(() => ({ render: () => text }));
const focused = (): string => document.activeElement?.textContent.trim() ?? "";

afterEach(() => document.body.replaceChildren());

describe("a sheet", () => {
  function sheet() {
    const [onclose, onmain] = [vi.fn(), vi.fn()];
    const children = html(`<p><input data-autofocus data-testid="first"><button type="button">last</button></p>`);
    const made = render(Sheet, { title: "Push", onclose, onmain, children });
    flushSync();
    return { ...made, onclose, onmain };
  }

  it("is named, takes the focus, and gives it back", () => {
    const before = document.createElement("button");
    document.body.append(before);
    before.focus();
    const { unmount } = sheet();
    expect(screen.getByRole("dialog", { name: "Push" })).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByTestId("first"));
    unmount();
    expect(document.activeElement).toBe(before);
  });

  it("leaves with Escape and does the main thing with Enter", async () => {
    const { onclose, onmain } = sheet();
    const field = screen.getByTestId<HTMLInputElement>("first");
    await fireEvent.submit(field.form as HTMLFormElement);
    expect(onmain).toHaveBeenCalledOnce();
    expect(onclose).not.toHaveBeenCalled();
    await fireEvent.keyDown(field, { key: "Escape" });
    expect(onclose).toHaveBeenCalledOnce();
  });

  it("leaves by a press beside it, not by one inside", async () => {
    const { onclose } = sheet();
    await fireEvent.pointerDown(screen.getByTestId("first"));
    expect(onclose).not.toHaveBeenCalled();
    await fireEvent.pointerDown(screen.getByRole("dialog"));
    expect(onclose).toHaveBeenCalledOnce();
  });
});

describe("a menu", () => {
  it("is walked by arrows, passes what is disabled, and ends at its button", async () => {
    const chosen: string[] = [];
    const item = (label: string, disabled = false) => ({ label, disabled, choose: () => void chosen.push(label) });
    render(Menu, {
      name: "Actions",
      items: [item("Refresh"), item("Nothing", true), item("Sign out")],
      children: html("<i>…</i>"),
    });
    await fireEvent.click(screen.getByRole("button", { name: "Actions" }));
    expect(focused()).toBe("Refresh");
    await fireEvent.keyDown(document.activeElement as Element, { key: "ArrowDown" });
    expect(focused()).toBe("Sign out");
    await fireEvent.keyDown(document.activeElement as Element, { key: "ArrowDown" });
    expect(focused()).toBe("Refresh");
    await fireEvent.keyDown(document.activeElement as Element, { key: "ArrowUp" });
    await fireEvent.click(document.activeElement as Element);
    expect(chosen).toEqual(["Sign out"]);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Actions" }));
  });

  it("goes to the next item that begins with what is typed", async () => {
    const item = (label: string, disabled = false) => ({ label, disabled, choose: () => undefined });
    render(Menu, {
      name: "Actions",
      items: [item("Refresh"), item("Settings", true), item("Sign out"), item("Show"), item("Copy")],
      children: html("<i>…</i>"),
    });
    await fireEvent.click(screen.getByRole("button", { name: "Actions" }));
    const type = async (key: string, ctrlKey = false): Promise<string> => {
      await fireEvent.keyDown(document.activeElement as Element, { key, ctrlKey });
      return focused();
    };
    expect(await type("s")).toBe("Sign out");
    expect(await type("S")).toBe("Show");
    expect(await type("s")).toBe("Sign out");
    expect(await type("x")).toBe("Sign out");
    expect(await type("c", true)).toBe("Sign out");
    expect(await type("c")).toBe("Copy");
  });
});

describe("a problem", () => {
  it("shows hints, the other side's own words, and the next step", async () => {
    const onretry = vi.fn();
    const problem = { code: "other", message: "It failed.", hints: ["Try later."], detail: "<b>503</b>" } as const;
    render(ProblemNote, { problem: { ...problem, hints: ["Try later."] }, onretry });
    const note = screen.getByRole("alert");
    expect(note.textContent).toContain("Try later.");
    expect(note.querySelector("pre")?.textContent).toBe("<b>503</b>");
    await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(onretry).toHaveBeenCalledOnce();
  });
});

describe("what can be copied", () => {
  it("is copied whole and says so", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    render(Copyable, { text: "host/a@sha256:00", what: "the digest" });
    await fireEvent.click(screen.getByRole("button", { name: /^Copy the digest/ }));
    await Promise.resolve();
    flushSync();
    expect(writeText).toHaveBeenCalledWith("host/a@sha256:00");
    expect(screen.getByRole("status").textContent).toBe("Copied");
    vi.unstubAllGlobals();
  });
});

describe("a field that is filled in", () => {
  it("is marked when it gets the focus, and the beginning of a path is gone on from", () => {
    const marked = (value: string): [number | null, number | null] => {
      const { unmount } = render(Field, { label: "Name", value, testid: "name" });
      const field = screen.getByTestId<HTMLInputElement>("name");
      field.focus();
      const at: [number | null, number | null] = [field.selectionStart, field.selectionEnd];
      unmount();
      return at;
    };
    expect(marked("nightly")).toEqual([0, 7]);
    expect(marked("genomics/")).toEqual([9, 9]);
    expect(marked("")).toEqual([0, 0]);
  });

  it("is marked where it is filled in while it has the focus, and never while one types", async () => {
    const { rerender } = render(Field, { label: "Name", value: "", testid: "name" });
    const field = screen.getByTestId<HTMLInputElement>("name");
    const marked = (): [number | null, number | null] => [field.selectionStart, field.selectionEnd];
    field.focus();
    await rerender({ value: "lab/notebook" });
    expect(marked()).toEqual([0, 12]);
    await rerender({ value: "" });
    await fireEvent.input(field, { target: { value: "l" } });
    field.setSelectionRange(1, 1);
    await fireEvent.input(field, { target: { value: "la" } });
    flushSync();
    expect(marked()[0]).not.toBe(0);
  });
});

describe("what folds out", () => {
  const row = (text: string) => html(`<p>${text}</p>`);

  it("is opened and closed by its button, which says what it is", async () => {
    render(Options, { lead: row("Keep it"), children: row("How long"), testid: "fold" });
    const button = screen.getByTestId("fold");
    expect([button.textContent.trim(), button.getAttribute("aria-expanded")]).toEqual(["Options", "false"]);
    expect(screen.queryByText("How long")).toBeNull();
    await fireEvent.click(button);
    expect(screen.getByText("How long")).toBeTruthy();
    expect(document.getElementById(button.getAttribute("aria-controls") ?? "")?.textContent).toContain("How long");
    await fireEvent.click(button);
    expect(screen.queryByText("How long")).toBeNull();
  });
});
