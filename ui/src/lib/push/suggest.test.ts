import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import SuggestField from "./SuggestField.svelte";

function shown() {
  const onchanged = vi.fn();
  render(SuggestField, {
    label: "Tag",
    value: "",
    options: () => ["v1", "v2"],
    note: (option: string) => `${option} is old`,
    testid: "field",
    onchanged,
  });
  return { onchanged, field: screen.getByTestId<HTMLInputElement>("field") };
}

afterEach(cleanup);

describe("a field that suggests", () => {
  it("is read aloud as one with its list", async () => {
    const { field } = shown();
    expect([field.getAttribute("role"), field.getAttribute("aria-expanded")]).toEqual(["combobox", "false"]);
    await fireEvent.keyDown(field, { key: "ArrowDown" });
    expect(field.getAttribute("aria-expanded")).toBe("true");
    const active = document.getElementById(field.getAttribute("aria-activedescendant") ?? "");
    expect([active?.textContent.trim().replace(/\s+/g, " "), active?.getAttribute("aria-selected")]).toEqual([
      "v1 v1 is old",
      "true",
    ]);
    expect(document.getElementById(field.getAttribute("aria-controls") ?? "")?.getAttribute("role")).toBe("listbox");
    const found = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } }); // prettier-ignore
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
  });

  it("tells what was typed, and what was taken", async () => {
    const { field, onchanged } = shown();
    await fireEvent.input(field, { target: { value: "v" } });
    expect(onchanged).toHaveBeenCalledTimes(1);
    await fireEvent.keyDown(field, { key: "ArrowUp" });
    await fireEvent.keyDown(field, { key: "Enter" });
    expect(field.value).toBe("v2");
    expect(onchanged).toHaveBeenCalledTimes(2);
    expect(field.getAttribute("aria-expanded")).toBe("false");
  });
});
