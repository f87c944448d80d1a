// What the palette lists: pure, so that its order can be tested. Repositories and tags come from the backend, all else is
// known here.

import { registryOf } from "../app/accounts";
import type { Command } from "../app/commands.svelte";
import type { AccountView, Fit, FoundName, ImageRow, RecentRepository } from "../backend/backend";
import { words } from "../messages";
import type { Chord } from "../shared/keys";
import { FITS, fitOf } from "./fit";

export type Kind = "repository" | "tag" | "account" | "image" | "action";

export interface Entry {
  key: string;
  kind: Kind;
  /** What it is called, in which what was typed is marked. */
  name: string;
  /** What it is done to, behind the name. */
  of?: string;
  /** Where it is. */
  note: string;
  keys?: readonly Chord[];
  fit: Fit | null;
  /** How lately it was open, 0 the latest. */
  recent?: number;
  what:
    | { go: "repository" | "tag"; account: string; repository: string; tag: string | null }
    | { go: "account"; account: string }
    | { go: "image"; image: string }
    | { go: "search"; typed: string }
    | { go: "path"; typed: string }
    | { go: "action"; command: Command };
}

export interface Known {
  names: readonly FoundName[];
  accounts: readonly AccountView[];
  images: readonly ImageRow[];
  recent: readonly RecentRepository[];
  commands: readonly Command[];
  /** The repository on show. */
  here: RecentRepository | null;
}

/** How many of each kind are shown: so many that one looks at all of them. */
const MOST: Record<Kind, number> = { repository: 12, tag: 8, account: 5, image: 5, action: 14 };
const KINDS = Object.keys(MOST) as Kind[];
/** How many repositories of late stand there before anything is typed. */
const LATELY = 6;

/** Lists what answers, the best first; before anything is typed, what was open lately and what can be done. */
export function entriesOf(typed: string, known: Known): Entry[] {
  const text = typed.trim();
  if (text === "") return [...lately(known), ...actions("", { ...known, commands: nearest(known.commands) })];
  const all = [...repositories(text, known), ...tags(known), ...accounts(text, known), ...images(text, known)];
  const sorted = [...all, ...actions(text, known)].sort(before);
  const left = { ...MOST };
  return sorted.filter((entry) => (left[entry.kind] -= 1) >= 0);
}

/** Returns the entry that looks among public images for what was typed; it stands last, whatever answers. */
export function publicOf(typed: string): Entry[] {
  const text = typed.trim();
  if (text.length < 2) return [];
  const name = words.search.showFor(text);
  return [{ key: "public", kind: "action", name, note: "", fit: null, what: { go: "search", typed: text } }];
}

const PATH = /^(?:(?:docker|podman) pull |https?:\/\/)?([^\s/]+)\/[^\s/]\S*$/;

/** Returns the entry that opens what was typed as a path, where it is one with a host; nothing of it has to be known. */
export function pathOf(typed: string): Entry[] {
  const text = typed.trim();
  const host = PATH.exec(text)?.[1];
  if (host === undefined || !(/[.:]/.test(host) || host === "localhost")) return [];
  const name = words.commands.openPath(text);
  return [{ key: "path", kind: "action", name, note: "", fit: null, what: { go: "path", typed: text } }];
}

/** Puts what the page and the row under the cursor offer before what can be done everywhere; what shows before what does. */
function nearest(commands: readonly Command[]): Command[] {
  const groups = [words.commands.groups.page, words.commands.groups.row];
  const far = (command: Command): number => (groups.indexOf(command.group) + groups.length + 1) % (groups.length + 1);
  return [...commands].sort((a, b) => far(a) - far(b));
}

function before(a: Entry, b: Entry): number {
  return (
    rank(a) - rank(b) ||
    (a.recent ?? Infinity) - (b.recent ?? Infinity) ||
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    a.name.length - b.name.length ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
    0
  );
}

function rank(entry: Entry): number {
  return entry.fit === null ? FITS.length : FITS.indexOf(entry.fit);
}

function where(account: AccountView | undefined, accounts: readonly AccountView[]): string {
  if (account === undefined) return "";
  const several = accounts.filter((each) => each.host === account.host).length > 1;
  return words.commands.inRegistry(registryOf(account), several ? account.user : null);
}

function repository(at: RecentRepository, fit: Fit | null, known: Known): Entry {
  const recent = known.recent.findIndex((each) => each.account === at.account && each.repository === at.repository);
  return {
    key: `repository ${at.account} ${at.repository}`,
    kind: "repository",
    name: at.repository,
    note: where(
      known.accounts.find((each) => each.id === at.account),
      known.accounts,
    ),
    fit,
    ...(recent < 0 ? {} : { recent }),
    what: { go: "repository", account: at.account, repository: at.repository, tag: null },
  };
}

/** Those that were found, and those of late that answer, whatever there is more. */
function repositories(typed: string, known: Known): Entry[] {
  const found = known.names.filter((each) => each.tag === null).map((each) => repository(each, each.fit, known));
  const keys = new Set(found.map((entry) => entry.key));
  const recent = known.recent.flatMap((each) => {
    const fit = fitOf(typed, each.repository);
    return fit === null ? [] : [repository(each, fit, known)];
  });
  return [...found, ...recent.filter((entry) => !keys.has(entry.key))];
}

function lately(known: Known): Entry[] {
  const elsewhere = known.recent.filter(
    (each) => each.account !== known.here?.account || each.repository !== known.here.repository,
  );
  return elsewhere.slice(0, LATELY).map((each) => repository(each, null, known));
}

function tags(known: Known): Entry[] {
  return known.names.flatMap((found): Entry[] => {
    if (found.tag === null) return [];
    const { account, tag } = found;
    return [
      {
        ...repository(found, found.fit, known),
        key: `tag ${account} ${found.repository}:${tag}`,
        kind: "tag",
        name: `${found.repository}:${tag}`,
        what: { go: "tag", account, repository: found.repository, tag },
      },
    ];
  });
}

function accounts(typed: string, known: Known): Entry[] {
  return known.accounts.flatMap((account): Entry[] => {
    const fit = fitOf(typed, account.host);
    if (fit === null) return [];
    return [
      {
        key: `account ${account.id}`,
        kind: "account",
        name: registryOf(account),
        note: words.commands.accountOf(account.user),
        fit,
        what: { go: "account", account: account.id },
      },
    ];
  });
}

function images(typed: string, known: Known): Entry[] {
  return known.images.flatMap((image): Entry[] => {
    const fit = image.name === null ? null : fitOf(typed, image.name);
    if (image.name === null || fit === null) return [];
    return [
      {
        key: `image ${image.key}`,
        kind: "image",
        name: image.name,
        note: words.commands.onComputer,
        fit,
        what: { go: "image", image: image.key },
      },
    ];
  });
}

function actions(typed: string, known: Known): Entry[] {
  return known.commands.flatMap((command): Entry[] => {
    if (command.quiet === true || command.disabled === true || command.run === undefined) return [];
    const fit = typed === "" ? null : fitOf(typed, [command.label, command.of ?? ""].join(" "));
    if (typed !== "" && fit === null) return [];
    return [
      {
        key: `action ${command.id}`,
        kind: "action",
        name: command.label,
        of: command.of,
        note: "",
        keys: command.keys,
        fit,
        what: { go: "action", command },
      },
    ];
  });
}
