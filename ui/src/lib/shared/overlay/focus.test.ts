import { afterEach, describe, expect, it } from "vitest";
import { focusLost, mendFocus } from "./focus";

describe("the focus", () => {
  afterEach(() => (document.body.innerHTML = ""));

  function page(): { button: HTMLElement; row: HTMLElement; node: HTMLElement } {
    document.body.innerHTML =
      '<nav><div role="treeitem" tabindex="0"></div></nav><main><div role="row" tabindex="0"></div><button></button></main>';
    const find = (what: string): HTMLElement => document.querySelector(what) as HTMLElement;
    return { button: find("button"), row: find("[role=row]"), node: find("[role=treeitem]") };
  }

  it("stays where it is", () => {
    const { button, row } = page();
    button.focus();
    mendFocus(row);
    expect(document.activeElement).toBe(button);
  });

  it("goes to what is left when its place is gone", () => {
    const { button, row, node } = page();
    button.focus();
    button.remove();
    expect(focusLost()).toBe(true);
    mendFocus(button, node);
    expect(document.activeElement).toBe(node);
    node.blur();
    mendFocus();
    expect(document.activeElement).toBe(row);
    row.remove();
    mendFocus();
    expect(document.activeElement).toBe(node);
  });
});
