import { readdirSync } from "node:fs";
import { join } from "node:path";
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/**
 * The folders of `src/lib` in tiers, the lowest first. A folder imports from lower tiers and from itself: never from a
 * higher one, and never from its neighbours. What a lower one asks of a higher one goes through `app/actions`.
 */
export const tiers = [
  // The one door to the rest of the app, and the types that come through it.
  ["backend"],
  // The window's words; the backend from memory, which only tests and the dev server import.
  ["messages", "fake"],
  // Controls, sheets, lists, dragging: what knows nothing of registries.
  ["shared"],
  // What all rooms share: the accounts, the engine, where one is, keys of the window, actions.
  ["app"],
  // Registries, their sign-in, whose they are and the check of their connection; transfers; the questions about keeping.
  ["accounts", "activity", "connection", "keeping", "kinds"],
  // Why something could not be done, with the sign-in that it needs.
  ["problems"],
  // What is selected in a repository; lists of repositories; the push sheet.
  ["repository", "repositories", "push"],
  // What is made on this computer: the sheet of a build, its steps; what its pages share: which engine it is, where an
  // image is in a registry.
  // Public images that are searched for.
  ["making", "computer", "search"],
  // Files of the desktop that are dropped: on which place they become what.
  ["files"],
  // The sheets of making active and deleting; images and containers of this computer; the tree beside the page.
  ["acts", "images", "containers", "sidebar"],
  // One commit, as a line and open beside the list; what moved and who watches.
  ["commit", "watching"],
  // The three tabs of a repository.
  ["tags", "timeline", "about"],
  // Finding everything: the palette, the page of shortcuts.
  ["palette"],
  // What fills the window. Only `App.svelte` is above.
  ["pages"],
];

// By its files, since git leaves no folder without one; a file that lies in no folder is found as well.
const files = readdirSync(join(import.meta.dirname, "src/lib"), { recursive: true });
const folders = [
  ...new Set(files.filter((file) => /\.(?:ts|svelte)$/.test(file)).map((file) => file.split(/[\\/]/)[0])),
];
const placed = tiers.flat();
const astray = [
  ...folders.filter((each) => !placed.includes(each)).map((each) => `src/lib/${each} is in no tier`),
  ...placed.filter((each) => !folders.includes(each)).map((each) => `there is no src/lib/${each}`),
  ...placed.filter((each, n) => placed.indexOf(each) !== n).map((each) => `${each} is in two tiers`),
];
if (astray.length > 0) throw new Error(`The table of tiers in eslint.config.js: ${astray.join("; ")}.`);

const shell = {
  regex: "^@tauri-apps/",
  message: "Only src/lib/backend knows the shell: call getBackend() instead.",
};
const fake = {
  regex: "^\\.{1,2}/(?:.*/)?fake/",
  message: "The backend from memory is for tests and the dev server only.",
};
/** Forbids what a folder may not import: neighbours, folders above, and the files that stand above all folders. */
const above = (folder) => {
  const at = tiers.findIndex((tier) => tier.includes(folder));
  const forbidden = tiers.slice(at).flatMap((tier) => tier.filter((each) => each !== folder));
  const named = ["App\\.svelte$", "main$", "choose-backend$", "test/", ...forbidden.map((each) => `${each}/`)];
  return {
    regex: `^(?:\\.\\./)+(?:${named.join("|")})`,
    message: `${folder} imports from lower tiers only (the table in eslint.config.js).`,
  };
};
const restrict = (...patterns) => ({ "@typescript-eslint/no-restricted-imports": ["error", { patterns }] });

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/lib/backend/generated/"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-invalid-void-type": "off",
      "no-console": "error",
      "svelte/no-at-html-tags": "error",
      "svelte/no-inline-styles": "off",
      "svelte/prefer-svelte-reactivity": "off",
      eqeqeq: "error",
      ...restrict(shell, fake),
    },
  },
  ...folders.map((folder) => ({
    files: [`src/lib/${folder}/**`],
    ignores: ["**/*.test.ts"],
    rules: restrict(...(folder === "backend" ? [] : [shell]), fake, above(folder)),
  })),
  // A dynamic import, which is dropped from a production build.
  { files: ["src/choose-backend.ts"], rules: restrict(shell) },
  // A test stands above all tiers, as the window does.
  { files: ["**/*.test.ts", "src/test/**"], ignores: ["src/lib/backend/**"], rules: restrict(shell) },
  {
    files: ["src/lib/backend/**/*.test.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": "off" },
  },
);
