// Which system the window runs on, as far as the window differs: the names of its fonts (`styles/tokens.css`), keys, and what a
// person types to get an engine.

type System = "windows" | "macos" | "linux";

/** Tells a system by what its web view calls itself. */
export function systemOf(userAgent: string): System {
  if (userAgent.includes("Windows")) return "windows";
  return userAgent.includes("Mac") ? "macos" : "linux";
}

export const system = systemOf(navigator.userAgent);
