import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { mark, row } from "../../test/timeline";
import { rowLine } from "../timeline/facts";
import { words } from ".";
import { foreign } from "./foreign";

const HEBREW = "שלום";

test("hostile: words read from right to left turn none of ours", () => {
  expect(foreign("ana")).toBe("ana");
  expect(foreign("Кириллица 漢字 é")).toBe("Кириллица 漢字 é");
  expect(foreign(HEBREW)).toBe(`\u2068${HEBREW}\u2069`);
});

test("hostile: sentences set apart who somebody says they are", () => {
  const apart = `\u2068${HEBREW}\u2069`;
  for (const sentence of [
    words.about.keep.setBy(HEBREW),
    words.push.setBy(HEBREW),
    words.sidebar.signedInAs(HEBREW),
    words.acts.byYou(HEBREW),
    words.about.rule.askBy("", HEBREW),
    words.accounts.opensAfter(HEBREW),
    rowLine(row("a", [mark(0, "v3")], { by: { name: HEBREW, you: false, source: "registry" }, size: 7 }), 0),
  ])
    expect(sentence).toContain(apart);
});

test("hostile: every element that holds text keeps its direction to itself", () => {
  const css = readFileSync(resolve(process.cwd(), "src/styles/base.css"), "utf8");
  const rule = /([^{}]*)\{\s*unicode-bidi: isolate;\s*\}/.exec(css)?.[1] ?? "";
  // Blocks do it by themselves (HTML, "Rendering"); these stand in a line.
  const inLine = ["a", "b", "button", "code", "em", "label", "small", "span", "strong"];
  for (const element of inLine) expect(rule.split(/[\s,]+/)).toContain(element);
});
