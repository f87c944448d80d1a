import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";
import { bundled } from "./bundled.ts";

// The dev server is only for working on the interface in a plain browser (`?fake`); the app itself loads `dist`.
export default defineConfig({
  plugins: [svelte(), svelteTesting(), bundled(import.meta.dirname)],
  clearScreen: false,
  server: { host: "127.0.0.1", port: 5199, strictPort: true },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The page is one chunk: there is nothing to load ahead.
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts", "*.test.ts"],
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
    // No test measures a time; the checker of accessibility walks every element, which a busy machine does slowly.
    testTimeout: 30_000,
  },
});
