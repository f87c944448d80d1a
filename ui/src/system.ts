// Which system the window runs on, as far as its style differs: the names of its fonts (`styles/tokens.css`).

export function systemOf(userAgent: string): "windows" | "macos" | "linux" {
  if (userAgent.includes("Windows")) return "windows";
  return userAgent.includes("Macintosh") ? "macos" : "linux";
}
