import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const shell = {
  regex: "^@tauri-apps/",
  message: "Only src/lib/backend knows the shell: call getBackend() instead.",
};
const fake = {
  regex: "/backend/fake",
  message: "The backend from memory is for tests and the dev server only.",
};
// A room may use another room's door, and nothing else of it. The doors:
const doors = ["accounts/accounts.svelte", "push/push.svelte", "transfers/tasks.svelte"];
const rooms = ["accounts", "closing", "images", "push", "repository", "sidebar", "transfers"];
const walls = {
  regex: `^\\.\\./(?!(?:${doors.map((door) => door.replace(".", "\\.")).join("|")})$)(?:${rooms.join("|")})/`,
  allowTypeImports: true,
  message: `Another room is entered through its door only (${doors.join(", ")}).`,
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
  ...rooms.map((room) => ({
    files: [`src/lib/${room}/**`],
    ignores: ["**/*.test.ts"],
    rules: restrict(shell, fake, walls),
  })),
  { files: ["**/*.test.ts", "src/test/**"], rules: restrict(shell) },
  { files: ["src/lib/backend/**"], rules: { "@typescript-eslint/no-restricted-imports": "off" } },
);
