// The rows of the sidebar's tree, worked out from what is known: pure, so that it can be tested without a window.

import type { AccountView, Problem, RecentRepository, RepositoryMark, Silence } from "../backend/backend";

/** What is known of an account's repositories. */
export interface Known {
  names: readonly string[];
  /** What is known of some of them, by name. */
  marks?: ReadonlyMap<string, RepositoryMark>;
  /** True while they are asked for. */
  loading: boolean;
  /** How its registry does not answer. */
  silence?: Silence | null;
  /** What the last refresh came to, where that is not told by the silence. */
  problem: Problem | null;
  /** When the list was last fetched whole; null: never. */
  refreshedAt?: number | null;
  /** Its registry lists nothing for this account. */
  refused?: boolean;
}

export type Note =
  | { kind: "loading" }
  | { kind: "empty"; refused: boolean }
  | { kind: "silence"; silence: Silence; refreshedAt: number | null }
  | { kind: "problem"; problem: Problem };

/** Tells whether a question waits for an answer: it can be ended. */
export function canStop(silence: Silence): boolean {
  return silence.kind === "waiting" || (silence.kind === "trouble" && silence.asking);
}

interface Base {
  key: string;
  level: number;
  /** Undefined where there is nothing to fold. */
  open?: boolean;
  /** Key of the row it stands under. */
  parent?: string;
  /** Which one of how many under the same parent: a list that draws a few rows only has to say it. */
  position?: number;
  siblings?: number;
}

export type Row =
  | (Base & { kind: "computer" })
  | (Base & { kind: "images" })
  | (Base & { kind: "containers" })
  | (Base & { kind: "search" })
  | (Base & { kind: "short"; list: ShortList })
  | (Base & { kind: "account"; account: AccountView; moved: boolean })
  | (Base & { kind: "namespace"; account: AccountView; namespace: string; count: number; moved: boolean })
  | (Base & {
      kind: "repository";
      account: AccountView;
      repository: string;
      name: string;
      mark?: RepositoryMark;
      /** It stands on top once more, for being starred or open lately. */
      list?: ShortList;
    })
  | (Base & { kind: "note"; account: AccountView; note: Note })
  | (Base & { kind: "nothing" });

/** The short lists on top of the tree. */
export type ShortList = "starred" | "recent";

const HEIGHT: Record<Row["kind"], number> = {
  computer: 24,
  images: 28,
  containers: 28,
  search: 28,
  short: 30,
  account: 34,
  namespace: 28,
  repository: 28,
  note: 28,
  nothing: 28,
};
const NOTES: Partial<Record<Note["kind"], number>> = { problem: 64, silence: 44 };

export function heightOf(row: Row): number {
  return (row.kind === "note" ? NOTES[row.note.kind] : undefined) ?? HEIGHT[row.kind];
}

export const IMAGES = "images";
export const CONTAINERS = "containers";
export const SEARCH = "search";
export const keyOfAccount = (account: string): string => account;
export const keyOfNamespace = (account: string, namespace: string): string => `${account}/${namespace}`;
export const keyOfRepository = (account: string, repository: string): string => `${account} ${repository}`;

/** How many repositories of late stand on top. */
const LATELY = 5;
/** From so many namespaces, or repositories in namespaces, on they start folded. */
const MANY_NAMESPACES = 12;
const MANY_REPOSITORIES = 100;

interface Asked {
  accounts: readonly AccountView[];
  known: (account: string) => Known | undefined;
  folded: ReadonlySet<string>;
  /** What was opened where it starts folded. */
  unfolded?: ReadonlySet<string>;
  filter: string;
  /** Tells whether its registry is one of this computer that doesn't run: its row says so. */
  stopped?: (account: AccountView) => boolean;
  starred?: readonly RecentRepository[];
  recent?: readonly RecentRepository[];
}

/** What is folded: by hand, or from the start. */
type IsOpen = (key: string, startsFolded: boolean) => boolean;

/** Returns whether a name fits the filter: every word of it must be somewhere in the name. */
export function matcher(filter: string): (name: string) => boolean {
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return (name) => {
    const low = name.toLowerCase();
    return wanted.every((word) => low.includes(word));
  };
}

export function rowsOf(asked: Asked): Row[] {
  const { accounts, known, folded, unfolded = NONE, filter } = asked;
  const rows: Row[] = [
    { kind: "computer", key: "computer", level: 1, open: true },
    { kind: "images", key: IMAGES, level: 2, parent: "computer" },
    { kind: "containers", key: CONTAINERS, level: 2, parent: "computer" },
    { kind: "search", key: SEARCH, level: 2, parent: "computer" },
  ];
  const filtering = filter.trim() !== "";
  const matches = matcher(filter);
  const isOpen: IsOpen = (key, startsFolded) => filtering || (!folded.has(key) && (!startsFolded || unfolded.has(key)));
  if (!filtering) {
    const { starred = [], recent = [] } = asked;
    const others = recent.filter((each) => !starred.some((star) => isSame(star, each))).slice(0, LATELY);
    rows.push(...shortList("starred", starred, asked, isOpen), ...shortList("recent", others, asked, isOpen));
  }
  let found = 0;
  for (const account of accounts) {
    const key = keyOfAccount(account.id);
    const open = isOpen(key, false);
    const list = known(account.id);
    const moved = !open && anyMoved(list?.names ?? [], list);
    rows.push({ kind: "account", key, level: 1, account, open, moved });
    if (!open) continue;
    const names = filtering ? (list?.names ?? []).filter(matches) : (list?.names ?? []);
    found += names.length;
    if (!filtering && !asked.stopped?.(account)) rows.push(...notesOf(account, list));
    rows.push(...listOf(account, names, list, isOpen));
  }
  if (filtering && found === 0 && accounts.length > 0) rows.push({ kind: "nothing", key: "nothing", level: 1 });
  return numbered(rows);
}

const NONE: ReadonlySet<string> = new Set();

function isSame(a: RecentRepository, b: RecentRepository): boolean {
  return a.account === b.account && a.repository === b.repository;
}

/** Returns a short list with its heading; nothing where none of its registries is there. */
function shortList(
  list: ShortList,
  of: readonly RecentRepository[],
  { accounts, known }: Asked,
  isOpen: IsOpen,
): Row[] {
  const there = of.flatMap(({ account: id, repository }): Row[] => {
    const account = accounts.find((one) => one.id === id);
    if (account === undefined) return [];
    const key = `${list} ${keyOfRepository(id, repository)}`;
    const mark = known(id)?.marks?.get(repository);
    return [{ kind: "repository", key, level: 2, parent: list, account, repository, name: repository, mark, list }];
  });
  if (there.length === 0) return [];
  const open = isOpen(list, false);
  return [{ kind: "short", key: list, level: 1, list, open }, ...(open ? there : [])];
}

/** Tells whether any of these moved: a folded group shows the mark of what it hides. */
function anyMoved(names: readonly string[], list: Known | undefined): boolean {
  const marks = list?.marks;
  return marks !== undefined && names.some((name) => (marks.get(name)?.movedAt ?? null) !== null);
}

function numbered(rows: Row[]): Row[] {
  const under = new Map<string | undefined, number>();
  for (const row of rows) {
    row.position = (under.get(row.parent) ?? 0) + 1;
    under.set(row.parent, row.position);
  }
  for (const row of rows) row.siblings = under.get(row.parent);
  return rows;
}

function notesOf(account: AccountView, list: Known | undefined): Row[] {
  const base = { level: 2, parent: keyOfAccount(account.id), kind: "note" as const, account };
  if (list?.silence) {
    const { silence, refreshedAt = null } = list;
    return [{ ...base, key: `${account.id} silence`, note: { kind: "silence", silence, refreshedAt } }];
  }
  if (list?.problem) {
    return [{ ...base, key: `${account.id} problem`, note: { kind: "problem", problem: list.problem } }];
  }
  if ((list?.names.length ?? 0) > 0) return [];
  if (list === undefined || list.loading) return [{ ...base, key: `${account.id} loading`, note: { kind: "loading" } }];
  if (account.state === "signedOut") return [];
  return [{ ...base, key: `${account.id} empty`, note: { kind: "empty", refused: list.refused === true } }];
}

function listOf(account: AccountView, names: readonly string[], list: Known | undefined, isOpen: IsOpen): Row[] {
  const bare: string[] = [];
  const spaces = new Map<string, string[]>();
  for (const name of names) {
    const cut = name.lastIndexOf("/");
    if (cut < 0) bare.push(name);
    else {
      const inside = spaces.get(name.slice(0, cut));
      if (inside) inside.push(name);
      else spaces.set(name.slice(0, cut), [name]);
    }
  }
  const top = keyOfAccount(account.id);
  const repository = (path: string, level: number, parent: string): Row => ({
    kind: "repository",
    key: keyOfRepository(account.id, path),
    level,
    parent,
    account,
    repository: path,
    name: path.slice(path.lastIndexOf("/") + 1),
    mark: list?.marks?.get(path),
  });
  const tight = spaces.size > MANY_NAMESPACES || (spaces.size > 1 && names.length > MANY_REPOSITORIES);
  const rows = bare.map((path) => repository(path, 2, top));
  for (const namespace of [...spaces.keys()].sort()) {
    const inside = spaces.get(namespace) ?? [];
    const key = keyOfNamespace(account.id, namespace);
    const open = isOpen(key, tight);
    const moved = !open && anyMoved(inside, list);
    const count = inside.length;
    rows.push({ kind: "namespace", key, level: 2, parent: top, account, namespace, count, open, moved });
    if (open) for (const path of inside) rows.push(repository(path, 3, key));
  }
  return rows;
}
