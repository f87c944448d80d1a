// Who imports whom, read from the files as they are: no circle, and no folder that imports what stands beside or above
// it. Imports of types count as well: a circle of types is a circle for whoever reads.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { tiers } from "../eslint.config.js";

const SOURCE = "src";
const STATEMENT = /(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']*)["']/g;

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.(?:ts|svelte|json)$/.test(path));
const known = new Set(files);

/** Returns the file that an import names, seen from another file. */
function found(from: string, named: string): string | undefined {
  const path = normalize(join(dirname(from), named)).replaceAll("\\", "/");
  return [path, `${path}.ts`, `${path}/index.ts`].find((each) => known.has(each));
}

/** Returns the files of `src` that a file imports, in the order of its lines. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), "utf8");
  return [...text.matchAll(STATEMENT)].flatMap(([, named = ""]) => found(file, named) ?? []);
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** Returns the first circle that is met, as the files on it; null where there is none. */
function circle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const way: string[] = [];
  const walk = (node: string): string[] | null => {
    if (done.has(node)) return null;
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node];
    way.push(node);
    for (const next of graph.get(node) ?? []) {
      const met = walk(next);
      if (met !== null) return met;
    }
    way.pop();
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const met = walk(node);
    if (met !== null) return met;
  }
  return null;
}

const isTest = (file: string): boolean => file.endsWith(".test.ts") || file.startsWith("test/");
const folderOf = (file: string): string | undefined => /^lib\/([^/]+)\//.exec(file)?.[1];
const tierOf = (folder: string): number => tiers.findIndex((tier) => tier.includes(folder));

describe("imports", () => {
  it("are read: every import of a file of ours is found", () => {
    expect(files.length).toBeGreaterThan(200);
    const lost = files.flatMap((file) =>
      [...readFileSync(join(SOURCE, file), "utf8").matchAll(STATEMENT)].flatMap(([, named = ""]) =>
        found(file, named) === undefined && !named.endsWith(".css") && !named.includes("eslint.config")
          ? [`${file} imports ${named}`]
          : [],
      ),
    );
    expect(lost).toEqual([]);
    expect(imports.get("lib/tags/TagTable.svelte")).toContain("lib/tags/view.svelte.ts"); // a type, in a component
    expect(imports.get("choose-backend.ts")).toContain("lib/fake/address.ts"); // a dynamic one
  });

  it("go round in no circle among files", () => {
    expect(circle(imports)).toBeNull();
  });

  it("go down the tiers, never up and never sideways", () => {
    const wrong = files
      .filter((file) => !isTest(file))
      .flatMap((file) =>
        (imports.get(file) ?? []).flatMap((of) => {
          const [from, to] = [folderOf(file), folderOf(of)];
          if (from === undefined || from === to) return [];
          return to === undefined || tierOf(to) >= tierOf(from) ? [`${file} imports ${of}`] : [];
        }),
      );
    expect(wrong).toEqual([]);
  });

  it("of the backend from memory are in tests and where the backend is chosen", () => {
    const users = files.filter((file) => !isTest(file) && folderOf(file) !== "fake");
    const using = users.filter((file) => (imports.get(file) ?? []).some((of) => folderOf(of) === "fake"));
    expect(using).toEqual(["choose-backend.ts"]);
  });

  it("would show a circle if there were one", () => {
    const made = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["b"]],
    ]);
    expect(circle(made)).toEqual(["b", "c", "b"]);
    expect(circle(new Map([["a", ["b", "c"]], ["b", ["c"]], ["c", []]]))).toBeNull(); // prettier-ignore
  });
});
