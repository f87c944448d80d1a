// Which packages of npm end up in the page: what the bundle renders code of, and no more. `cargo xtask package` reads
// the list, for the notices that their licences ask for; it is written where `LONGSHORE_BUNDLED` names a file.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** The end of a package's folder, in a path or in the name of a module that a tool makes up (`\0vite/…`). */
const PACKAGE = /^(@[^/]+\/[^/]+|[^/]+)\//;

/** Returns the folder of the package that a module comes from; null for one of ours. */
export function folderOf(module: string, root: string): string | null {
  const path = module.replaceAll("\\", "/");
  const made = path.startsWith("\0");
  const at = path.lastIndexOf("/node_modules/");
  if (at === -1 && !made) return null;
  const from = made ? join(root, "node_modules") + "/" : path.slice(0, at + "/node_modules/".length);
  const name = PACKAGE.exec(made ? path.slice(1) : path.slice(from.length))?.[1];
  if (name === undefined) throw new Error(`Which package is ${JSON.stringify(module)} of?`);
  return from + name;
}

/** Writes one package a line: name, version, licence and folder, with tabs between them. */
export function line(folder: string): string {
  const known = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
  const said = ["name", "version", "license"].map((key) => (typeof known[key] === "string" ? known[key] : ""));
  return [...said, folder].join("\t");
}

/** Writes the list beside a build. */
export function bundled(root: string): Plugin {
  const file = process.env["LONGSHORE_BUNDLED"];
  return {
    name: "bundled",
    apply: "build",
    generateBundle(_options, bundle) {
      if (file === undefined || file === "") return;
      const folders = new Set<string>();
      for (const part of Object.values(bundle)) {
        if (part.type !== "chunk") continue;
        for (const [module, { renderedLength }] of Object.entries(part.modules)) {
          const folder = renderedLength > 0 ? folderOf(module, root) : null;
          if (folder !== null) folders.add(folder);
        }
      }
      writeFileSync(
        file,
        [...folders]
          .sort()
          .map((folder) => line(folder) + "\n")
          .join(""),
      );
    },
  };
}
