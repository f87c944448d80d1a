import { describe, expect, it } from "vitest";
import { words } from ".";

/** Every sentence of the catalog with its path; what takes arguments is called, once with each kind of number. */
function sentences(node: unknown, path: string): [path: string, text: string][] {
  if (typeof node === "string") return [[path, node]];
  if (typeof node === "function") {
    return [1, 2, 12].flatMap((number): [string, string][] => {
      const make = node as (...given: unknown[]) => unknown;
      const told: unknown = make(...Array.from({ length: make.length }, () => number));
      return typeof told === "string" ? [[`${path}(${number})`, told]] : [];
    });
  }
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => sentences(value, path === "" ? key : `${path}.${key}`));
}

const all = sentences(words, "");

describe("the words of the window", () => {
  it("are found, all of them", () => expect(all.length).toBeGreaterThan(900));

  it("have one kind of quotes and of apostrophes", () => {
    expect(all.filter(([, text]) => /['"`]/.test(text))).toEqual([]);
  });

  it("have one kind of ellipsis, and no two spaces in a row", () => {
    expect(all.filter(([, text]) => /\.\.\.| {2}| [.,;:!?](?:\s|$)/.test(text))).toEqual([]);
  });
});
