/** What the window is called: the page on show, where it is, and the app. */
import type { AccountView, Screen } from "../backend/backend";
import { words } from "../messages";
import { foreign } from "../messages/foreign";

/** Names that people know a host by; all else is called by its address. */
const KNOWN: Record<string, string> = { "docker.io": words.known.hub.name };

export function titleOf(place: Screen, accounts: readonly AccountView[]): string {
  const text = words.window;
  const page = pageOf(place, accounts);
  return page === null ? text.app : text.title(page);
}

function pageOf(place: Screen, accounts: readonly AccountView[]): string | null {
  if (place.kind === "welcome") return null;
  if (place.kind === "images") return words.images.title;
  if (place.kind === "containers") return words.containers.title;
  if (place.kind === "search") return words.search.title;
  if (place.kind === "settings") return words.settings.title;
  const host = accounts.find((account) => account.id === place.account)?.host;
  if (host === undefined) return null;
  const registry = KNOWN[host] ?? foreign(host);
  const name = place.kind === "repository" ? place.repository : place.namespace;
  return name === null ? registry : words.window.inRegistry(foreign(bare(host, name)), registry);
}

/** Docker Hub's own images are called without their namespace. */
function bare(host: string, name: string): string {
  return host === "docker.io" ? name.replace(/^library\//, "") : name;
}
