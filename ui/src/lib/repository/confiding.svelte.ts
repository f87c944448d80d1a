/**
 * Whether an engine on another computer may be told a sign-in: it signs in to the registry by itself. Asked once for each
 * registry and computer in a run. Not here: the push sheet, which says it in a line.
 */
import { app } from "../app/state.svelte";
import { engines } from "../app/engines.svelte";
import type { EngineRow } from "../backend/backend";
import { words } from "../messages";
import type { MenuItem } from "../shared/overlay/menu";

/** A question that stands open. */
export interface Confide {
  /** The registry's host. */
  registry: string;
  /** The other computer. */
  host: string;
}

const agreed = new Set<string>();
const keyOf = ({ registry, host }: Confide): string => `${registry} ${host}`;

/** Returns to whom a pull would tell a sign-in: of the engine it goes to, else the one that is used. Null: to nobody. */
export function toldTo(accountId: string, to: EngineRow | null): Confide | null {
  const place = to?.place ?? (app.engine?.kind === "ready" ? app.engine.place : null);
  const account = app.account(accountId);
  if (place?.kind !== "other" || account === undefined || account.state === "anonymous") return null;
  return { registry: account.host, host: place.host };
}

export function isAgreed(confide: Confide): boolean {
  return agreed.has(keyOf(confide));
}

export function agree(confide: Confide): void {
  agreed.add(keyOf(confide));
}

/** Lists the other engines that something can be pulled to. */
export function pullToItems(pull: (to: EngineRow) => void): MenuItem[] {
  return engines.others.map((row) => ({
    label: words.engines.pullTo(row.name),
    testid: "menu-pull-to",
    choose: () => pull(row),
  }));
}
