import { expect, test } from "vitest";
import { systemOf } from "./system";

test("each system's web view is told by what it calls itself", () => {
  // WebView2, WKWebView and WebKitGTK.
  const agents = {
    windows:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
    macos: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    linux: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15",
  };
  for (const [system, agent] of Object.entries(agents)) expect(systemOf(agent)).toBe(system);
});
