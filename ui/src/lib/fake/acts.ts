// Making active, keeping and deleting, as the backend from memory answers it.

import type {
  ActiveOrder,
  ActivePlan,
  ActiveQuestion,
  CommitRow,
  DeleteItem,
  DeleteOrder,
  DeleteOutcome,
  DeletePlan,
  DeleteQuestion,
  Effect,
  KeepAnswer,
  KeepCommitOrder,
  KeepPlan,
  KeepRule,
  Outcome,
  PlannedDelete,
  PushTarget,
  TagRow,
} from "../backend/backend";
import type { FakeAbouts } from "./abouts";
import { commitsOf } from "./data";
import type { FakeHistory } from "./history";
import { problem } from "./problem";
import type { World } from "./world";

const STORES: Partial<Record<KeepAnswer, KeepRule>> = {
  eachOverwrite: "overwrite",
  everyPush: "push",
  justThis: "on-request",
  off: "off",
};

interface Answered {
  account: string;
  repository: string;
  keep: KeepAnswer;
  shareRule: boolean;
}

interface Taken {
  account: string;
  repository: string;
  /** The rows as they were, and the lists of commits. */
  rows: TagRow[];
  lists: [string, CommitRow[] | undefined][];
  /** How many items went. */
  done: number;
}

/** Counts on over all windows of a test: no two deletions have one name. */
let undos = 0;

const plain = (platform: string): string => platform.replace("linux/", "");

export class FakeActs {
  /** Tags that the registry does not let go. */
  guarded = new Set(["paper-2025"]);
  /** Registries that delete nothing. */
  closed = new Set(["docker.synapse.org"]);
  /** Only what was changed: all other lists are made from their tag. */
  #lists = new Map<string, CommitRow[]>();
  #taken = new Map<string, Taken>();

  constructor(
    private readonly world: World,
    private readonly abouts: FakeAbouts,
    private readonly history: FakeHistory,
  ) {}

  /** Returns the commits of a tag, with what was done to them here. */
  commits(account: string, repository: string, row: TagRow): CommitRow[] {
    const list = this.#lists.get(`${repository}:${row.name}`);
    const followed = row.deleted || list?.some((each) => each.active && each.digest === row.digest);
    if (list && followed) return list;
    const made = commitsOf(`${account}/${repository}`, row, this.world.now);
    return row.deleted ? made.map((each) => ({ ...each, active: false })) : made;
  }

  /** Plans how the commit that a tag leaves would be kept. */
  keepPlan(repository: string, tag: string, digest: string | null): KeepPlan {
    if (digest === null) return { kind: "nothing" };
    const { rule, setBy, fitting, caution, consent } = this.abouts.keepOf(repository);
    const start = digest.slice(7, 19);
    const commitTag = this.#commitTag(tag, digest);
    const without = `${start} can be pulled until this registry’s next clean-up.`;
    if (rule === null) return { kind: "ask", preselected: fitting, commitTag, without, caution };
    const asks = consent !== null && consent.keep !== null && consent.answer !== "allow" ? consent.rule : null;
    return { kind: "rule", setBy, rule, commitTag, alreadyKept: false, without, asks };
  }

  /** Stores what was answered about keeping. */
  answered({ account, repository, keep, shareRule }: Answered): void {
    const rule = STORES[keep];
    if (rule === undefined) return;
    const { prune, rescue } = this.abouts.keepOf(repository);
    this.abouts.setKeep({ account, repository, rule, prune, rescue, share: shareRule });
  }

  planActive({ account, repository, tag, commit }: ActiveQuestion): ActivePlan {
    const row = this.#row(repository, tag);
    const found = this.#find(account, repository, row, commit);
    if (!found?.digest || found.reach.kind === "gone") throw problem("The registry no longer has this commit.");
    const from = row.deleted ? null : target(row);
    const lost = (from?.platforms ?? []).filter((platform) => !found.platforms.includes(platform));
    const left = found.platforms.map(plain).join(", ");
    return {
      from,
      to: { ...target(row), digest: found.digest, time: found.time, size: found.size, platforms: found.platforms },
      warnings: lost.map((platform) => `${left} only, ${plain(platform)} is lost`),
      keep: this.keepPlan(repository, tag, from?.digest ?? null),
    };
  }

  makeActive(order: ActiveOrder): Outcome {
    const { account, repository, tag, digest } = order;
    const row = this.#row(repository, tag);
    const now = row.deleted ? null : row.digest;
    if (now !== order.expected) throw problem(`${tag} points at something else now.`, "tagMoved");
    const rule = this.abouts.keepOf(repository).rule;
    const keeps =
      ["eachOverwrite", "everyPush", "justThis"].includes(order.keep) || (order.keep === "byRule" && rule !== "off");
    const commitTag = keeps && now !== null ? this.#commitTag(tag, now) : null;
    this.answered(order);
    const before = this.commits(account, repository, row);
    const found = this.#find(account, repository, row, digest);
    if (!found) throw problem("The registry no longer has this commit.");
    const at = this.world.now;
    const time = { at, kind: "since", source: "seenHere" } as const;
    const by = { name: "ana", you: true, source: "seenHere" } as const;
    const path = `${account}/${repository}`;
    const active = { key: `${found.short}-${at}`, active: true, time, by, tagPath: `${path}:${tag}` };
    const left = before.map((each) =>
      each.active ? keptBy({ ...each, active: false, until: at }, each.commitTag ?? commitTag) : each,
    );
    this.#lists.set(`${repository}:${tag}`, [keptBy({ ...found, ...active }, null), ...left]);
    Object.assign(row, { digest, time, deleted: false, commits: left.length + 1 });
    Object.assign(row, { size: found.size, platforms: found.platforms });
    this.#told(account, repository, [tag]);
    return { name: `${path}:${tag}`, digest, commitTag, previous: now, notes: [] };
  }

  keepCommit({ account, repository, tag, digest }: KeepCommitOrder): string {
    const row = this.#row(repository, tag);
    const commitTag = this.#commitTag(tag, digest);
    this.#mend(account, repository, row, (each) => (each.digest === digest ? keptBy(each, commitTag) : each));
    this.#told(account, repository, [tag]);
    return commitTag;
  }

  planDelete({ account, repository, items }: DeleteQuestion): DeletePlan {
    const planned = items.map((item) => this.#planned(account, repository, item));
    const names = new Set(items.flatMap((item) => (item.kind === "tag" ? [item.name] : [])));
    const rows = this.world.tagsOf(repository).filter((row) => !row.deleted);
    const same = (digest: string): Effect[] =>
      rows
        .filter((row) => row.digest === digest && !names.has(row.name))
        .map((row) => ({ kind: "tag", name: row.name, digest, note: null }));
    const of = (kind: DeleteItem["kind"]): Effect[] =>
      planned.flatMap((each) => (each.item.kind === kind && each.digest !== null ? same(each.digest) : []));
    const stays = of("tag").map((each) => ({ ...each, note: "It points at the same commit." }));
    const unnamed = planned.flatMap(({ item, digest }): Effect[] => {
      if (item.kind !== "tag" || digest === null || same(digest).length > 0 || item.name.startsWith("_h.")) return [];
      return [
        {
          kind: "commit",
          name: digest.slice(7, 19),
          digest,
          note: "loses its last name; a clean-up may remove it",
        },
      ];
    });
    const first = items[0]?.kind === "tag" ? items[0].name : null;
    const sibling = stays[0]?.name;
    if (first === "nightly") {
      stays.push({ kind: "tag", name: "v3", digest: rows[0]?.digest ?? null, note: "It shares 5 of its 7 layers." });
    }
    const touched = sibling === undefined ? "nothing else is touched" : `${sibling} is not touched`;
    return {
      items: planned,
      goes: [...of("commit"), ...unnamed],
      stays,
      unchecked: ["Platform images in other repositories."],
      freed: sibling === undefined ? 11_200_000 * items.length : 0,
      shared: 404_000_000,
      how:
        first === null
          ? null
          : `This registry deletes by digest only. Longshore points ${first} at an empty manifest first and deletes that, so ${touched}.`,
      impossible: this.closed.has(account) ? "Deleting is switched off on this registry." : null,
      canUndo: true,
    };
  }

  delete({ account, repository, items }: DeleteOrder): DeleteOutcome {
    const rows = this.world.tagsOf(repository);
    const lists = rows.map((row): Taken["lists"][number] => {
      const key = `${repository}:${row.name}`;
      return [key, this.#lists.get(key)];
    });
    const taken: Taken = { account, repository, rows: structuredClone(rows), lists, done: 0 };
    const failed: DeleteOutcome["failed"] = [];
    for (const { item, expected, names } of items) {
      const name = item.kind === "tag" ? item.name : item.digest.slice(7, 19);
      const { digest, refused, names: bears } = this.#planned(account, repository, item);
      const newer = bears.find((each) => !names.includes(each));
      if (refused !== null) failed.push({ name, problem: problem(refused) });
      else if (newer)
        failed.push({ name, problem: problem(`${newer} points at it too since you looked.`, "tagMoved") });
      else if (digest !== expected) failed.push({ name, problem: problem("It points elsewhere now.", "tagMoved") });
      else this.#take(account, repository, item, expected);
    }
    this.#told(
      account,
      repository,
      rows.map((row) => row.name),
    );
    const done = items.length - failed.length;
    if (done === 0) return { done, failed, undo: null, notes: [] };
    const undo = `undo-${(undos += 1)}`;
    this.#taken.set(undo, { ...taken, done });
    return { done, failed, undo, notes: [] };
  }

  /** Returns what an undo would put back; nothing where there is none of this name. */
  taken(undo: string): { account: string; repository: string; done: number } | undefined {
    return this.#taken.get(undo);
  }

  undoDelete(undo: string): DeleteOutcome {
    const taken = this.#taken.get(undo);
    if (!taken) throw problem("This can’t be undone any more.");
    this.#taken.delete(undo);
    const { account, repository, rows, lists } = taken;
    const gone = new Set(this.world.tagsOf(repository).flatMap((row) => (row.deleted ? [row.name] : [])));
    const back = rows.filter((row) => !row.deleted && gone.has(row.name)).length;
    this.world.tagRows[repository] = rows;
    for (const [key, list] of lists) {
      if (list) this.#lists.set(key, list);
      else this.#lists.delete(key);
    }
    this.#told(
      account,
      repository,
      rows.map((row) => row.name),
    );
    return { done: Math.max(1, back), failed: [], undo: null, notes: [] };
  }

  #planned(account: string, repository: string, item: DeleteItem): PlannedDelete {
    const none: PlannedDelete = { item, digest: null, time: null, size: null, refused: null, names: [] };
    if (item.kind === "commit") {
      const bears = this.world.tagsOf(repository).filter((row) => !row.deleted && row.digest === item.digest);
      const names = bears.map((row) => row.name);
      const row = this.#commit(account, repository, (each) => each.digest === item.digest);
      return row ? { ...none, digest: item.digest, time: row.time, size: row.size, names } : none;
    }
    const row = this.world.tagsOf(repository).find((each) => each.name === item.name && !each.deleted);
    if (row) {
      const refused = this.guarded.has(row.name) ? `This registry lets nobody change ${row.name}.` : null;
      return { ...none, digest: row.digest, time: row.time, size: row.size, refused };
    }
    const kept = this.#commit(account, repository, (each) => each.commitTag === item.name);
    return kept ? { ...none, digest: kept.digest, time: kept.time, size: kept.size } : none;
  }

  #take(account: string, repository: string, item: DeleteItem, digest: string): void {
    const name = item.kind === "tag" ? item.name : null;
    for (const row of this.world.tagsOf(repository)) {
      const deleted = name === null ? row.digest === digest : row.name === name;
      this.#mend(account, repository, row, (each) => {
        if (name !== null) return each.commitTag === name ? keptBy({ ...each, tagPath: null }, null) : each;
        return each.digest === digest
          ? keptBy({ ...each, reach: { kind: "gone", since: this.world.now, restorableUntil: null } }, null)
          : each;
      });
      if (deleted) {
        this.#mend(account, repository, row, (each) => ({
          ...each,
          active: false,
          until: each.until ?? this.world.now,
        }));
        Object.assign(row, { deleted: true, local: { kind: "none" } });
      }
    }
  }

  #row(repository: string, tag: string): TagRow {
    const row = this.world.tagsOf(repository).find((each) => each.name === tag);
    if (!row) throw problem(`${tag} is not known.`);
    return row;
  }

  #commit(account: string, repository: string, is: (row: CommitRow) => boolean): CommitRow | undefined {
    return this.world
      .tagsOf(repository)
      .flatMap((row) => this.commits(account, repository, row))
      .concat(this.history.find(account, repository, is) ?? [])
      .find(is);
  }

  #find(account: string, repository: string, row: TagRow, commit: string): CommitRow | undefined {
    const is = (each: CommitRow): boolean => each.digest === commit || each.commitTag === commit;
    return this.commits(account, repository, row).find(is) ?? this.#commit(account, repository, is);
  }

  #mend(account: string, repository: string, row: TagRow, change: (each: CommitRow) => CommitRow): void {
    const list = this.commits(account, repository, row);
    const changed = list.map(change);
    if (changed.some((each, n) => each !== list[n])) this.#lists.set(`${repository}:${row.name}`, changed);
  }

  #commitTag(tag: string, digest: string): string {
    return `_h.${tag}.20261121t071204z-${digest.slice(7)}`;
  }

  #told(account: string, repository: string, tags: readonly string[]): void {
    this.world.emit({ kind: "stale", what: { of: "tags", account, repository } });
    for (const tag of tags) this.world.emit({ kind: "stale", what: { of: "commits", account, repository, tag } });
  }
}

function keptBy(row: CommitRow, commitTag: string | null): CommitRow {
  return { ...row, commitTag, kept: commitTag !== null };
}

function target(row: TagRow): PushTarget {
  return { digest: row.digest ?? "", time: row.time, size: row.size, platforms: row.platforms, sameImage: false };
}
