// Each module of a bundle is told to the package it comes from.

import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { folderOf, line } from "./bundled.ts";

describe("what the page is made of", () => {
  it("tells the package of a module, with its namespace, and the inner one of two", () => {
    expect(folderOf("/a/ui/node_modules/svelte/src/index.js", "/a/ui")).toBe("/a/ui/node_modules/svelte");
    expect(folderOf("/a/ui/node_modules/@lucide/svelte/dist/x.js", "/a/ui")).toBe("/a/ui/node_modules/@lucide/svelte");
    expect(folderOf("/a/node_modules/b/node_modules/@c/d/e.js?v=1", "/a")).toBe("/a/node_modules/b/node_modules/@c/d");
    expect(folderOf("C:\\a\\node_modules\\clsx\\clsx.mjs", "C:\\a")).toBe("C:/a/node_modules/clsx");
  });

  it("tells the package of what a tool adds, and nothing of our own files", () => {
    expect(folderOf("\0vite/preload-helper.js", "/a/ui")).toBe("/a/ui/node_modules/vite");
    expect(folderOf("/a/ui/src/App.svelte", "/a/ui")).toBeNull();
    expect(() => folderOf("\0something", "/a/ui")).toThrow("Which package");
  });

  it("reads name, version and licence where they stand", () => {
    const folder = resolve(import.meta.dirname, "node_modules/clsx");
    const [name, version, licence, where] = line(folder).split("\t");
    expect([name, licence, where]).toEqual(["clsx", "MIT", folder]);
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });
});
