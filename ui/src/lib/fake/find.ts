// Finds names in the world from memory, as the backend does: what begins as typed first, what has it inside after it.

import type { FoundName } from "../backend/backend";
import type { World } from "./world";

export function find(world: World, typed: string, whole: boolean): FoundName[] {
  const words = typed
    .toLowerCase()
    .split(/[\s:]+/)
    .filter(Boolean);
  const wanted = words.at(-1);
  if (wanted === undefined) return [];
  const found: FoundName[] = [];
  for (const [account, names] of Object.entries(world.repositoryNames)) {
    for (const repository of names) {
      const before = words.slice(0, -1).every((word) => repository.includes(word));
      const fit = before ? fitOf(repository, wanted) : null;
      if (fit !== null && !typed.includes(":")) found.push({ account, repository, tag: null, fit });
      if (!before) continue;
      for (const row of world.tagRows[repository] ?? []) {
        const fits = row.deleted ? null : fitOf(row.name, wanted);
        if (fits !== null) found.push({ account, repository, tag: row.name, fit: fits });
      }
    }
  }
  return found.filter((each) => whole || each.fit === "exact" || each.fit === "beginning");
}

function fitOf(name: string, wanted: string): FoundName["fit"] | null {
  const low = name.toLowerCase();
  const last = low.slice(low.lastIndexOf("/") + 1);
  if (low === wanted || last === wanted) return "exact";
  if (low.startsWith(wanted) || last.startsWith(wanted)) return "beginning";
  return low.includes(wanted) ? "inside" : null;
}
