// What repositories say of themselves, how they keep, and what is watched, as the backend from memory answers it: a
// small lab's repositories, as the design pictures show them.

import type {
  AboutView,
  AboutWords,
  CreateOrder,
  DeleteOutcome,
  DescribeOrder,
  KeepOrder,
  KeepRule,
  KeepView,
  MoveAnswer,
  Moves,
  MoveView,
  Prune,
  PruneOrder,
  PrunePlan,
  PruneRow,
  RepositoryMark,
  RuleAnswerOrder,
  RuleConsent,
  WatchOrder,
} from "../backend/backend";
import { abilities, DAY, digest, labWords } from "./lab";
import { problem } from "./problem";
import type { World } from "./world";

interface Watched {
  all: boolean;
  tags: string[];
}

const NO_WORDS: AboutWords = { title: null, description: null, authors: null, created: null };
const CAUTION =
  "Everyone sees commit tags in the list of tags. Rules here that count, age or match tags may remove them.";

/** Counts on over all windows of a test: no two prunings have one name. */
let undos = 0;

export class FakeAbouts {
  /** Words by repository, as the registry has them. */
  words: Record<string, AboutWords>;
  /** How often each about manifest was written: another number, another digest. */
  versions: Record<string, number> = {};
  /** What was asked: the words of the others are not known here yet. */
  asked = new Set<string>();
  rules: Record<string, Partial<KeepView>> = {};
  /** Rules of repositories by which computers write by themselves, and what was said to them. */
  consents: Record<string, RuleConsent | null> = {};
  pruneRows: Record<string, PruneRow[]> = {};
  movedRows: Record<string, MoveView[]> = {};
  looked = new Set<string>();
  watched: Record<string, Watched> = {};
  #moves = 0;
  #pruned = new Map<string, { order: PruneOrder; rows: PruneRow[] }>();

  constructor(private readonly world: World) {
    this.words = labWords(world.now);
    for (const name of Object.keys(this.words)) this.versions[name] = 1;
    this.asked = new Set(Object.keys(this.words));
    this.watched["genomics/qc-report"] = { all: true, tags: [] };
    this.move("genomics/qc-report", "latest", "8c41f09be2d7", "2e04bfa1e576", 270);
    this.pruneRows["genomics/aligner"] = [
      this.#kept("v3", "b7d0036aa914", 49, 12),
      this.#kept("v3", "2e04bfa1e576", 12, 0),
      this.#kept("v2", "1d6e09ab7733", 140, 79),
      this.#kept("nightly", "a60c1d7be920", 2, 1),
    ];
  }

  #kept(tag: string, short: string, ago: number, until: number): PruneRow {
    const time = this.world.now - ago * DAY;
    const stamp = new Date(time * 1000).toISOString().slice(0, 19).replace(/[-:]/g, "").toLowerCase();
    const commitTag = `_h.${tag}.${stamp}z-${digest(short).slice(7)}`;
    return { commitTag, tag, short, time, until: this.world.now - until * DAY, size: 411_900_000 };
  }

  /** Moves a tag by someone else's hand (deletes it where `to` is null). */
  move(
    repository: string,
    tag: string,
    from: string,
    to: string | null,
    ago = 0,
    changes: Partial<MoveView> = {},
  ): void {
    this.#moves += 1;
    const at = this.world.now - ago;
    const made: MoveView = {
      id: `move-${this.#moves}`,
      tag,
      from: digest(from),
      to: to === null ? null : digest(to),
      at,
      watched: true,
      kept: false,
      trouble: null,
      reach: { kind: "pullable", at },
      ...changes,
    };
    this.movedRows[repository] = [made, ...(this.movedRows[repository] ?? [])].sort((a, b) => b.at - a.at);
    this.looked.delete(repository);
  }

  marks(account: string): RepositoryMark[] {
    const marks = (this.world.repositoryNames[account] ?? []).map((name): RepositoryMark => {
      const watched = this.watched[name];
      const moved = this.looked.has(name) ? undefined : this.movedRows[name]?.find((move) => move.watched);
      return {
        name,
        words: (this.asked.has(name) && this.words[name]) || NO_WORDS,
        watched: watched !== undefined && (watched.all || watched.tags.length > 0),
        movedAt: moved?.at ?? null,
      };
    });
    return marks.filter(({ words, watched, movedAt }) => watched || movedAt !== null || words !== NO_WORDS);
  }

  keepOf(repository: string): KeepView {
    const rule = this.world.keep[repository] ?? null;
    return {
      rule,
      setBy: rule === null ? { kind: "nobody" } : { kind: "thisComputer" },
      prune: { kind: "all" },
      rescue: false,
      offForMe: false,
      fitting: "overwrite",
      consent: this.consents[repository] ?? null,
      caution: CAUTION,
      ...this.rules[repository],
    };
  }

  /** Stores a rule in a repository as somebody else would, who says they are `author`. */
  plantRule(repository: string, keep: KeepRule, author: string | null, rescue = false): void {
    this.world.keep[repository] = keep;
    this.rules[repository] = { rule: keep, setBy: { kind: "repository", author }, rescue };
    const rule = `keep=${keep}${rescue ? "; rescue=auto" : ""}`;
    const keeps = keep === "overwrite" || keep === "push";
    this.consents[repository] =
      keeps || rescue ? { rule, keep: keeps ? keep : null, rescue, author, answer: null } : null;
  }

  answerRule(order: RuleAnswerOrder): KeepView {
    const asked = this.consents[order.repository];
    if (asked?.rule !== order.rule) {
      throw problem("The repository’s rule was changed meanwhile, so your answer was not stored.", "changed", {
        hints: ["Look at the rule again."],
      });
    }
    this.consents[order.repository] = { ...asked, answer: order.answer };
    this.#stale(order.account, order.repository);
    return this.keepOf(order.repository);
  }

  about(account: string, repository: string): AboutView {
    void account;
    const version = this.versions[repository];
    return {
      asked: this.asked.has(repository),
      digest: version === undefined ? null : digest(`ab${version}`.padEnd(12, "0")),
      words: this.words[repository] ?? NO_WORDS,
      keep: this.keepOf(repository),
      abilities: abilities(),
    };
  }

  refreshAbout(account: string, repository: string): void {
    this.asked.add(repository);
    this.#stale(account, repository);
  }

  askAbouts(account: string, repositories: string[]): void {
    const fresh = repositories.filter((name) => !this.asked.has(name));
    for (const name of fresh) this.asked.add(name);
    if (fresh.length > 0) this.world.emit({ kind: "stale", what: { of: "repositories", account } });
  }

  createRepository(order: CreateOrder): AboutView {
    const { account, repository } = order;
    if (!/^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/.test(repository)) {
      throw problem(`${repository} can’t be the name of a repository.`, "other", {
        hints: ["Use small letters, digits, and . _ - between them; / between its parts."],
      });
    }
    const names = (this.world.repositoryNames[account] ??= []);
    if (names.includes(repository)) throw problem(`${repository} is there already.`);
    names.push(repository);
    this.world.tagRows[repository] = [];
    if (order.keep !== null) {
      this.world.keep[repository] = order.keep;
      this.rules[repository] = { setBy: { kind: "repository", author: this.#user(account) } };
    }
    this.#write(account, repository, order.title, order.description);
    return this.about(account, repository);
  }

  describeRepository(order: DescribeOrder): AboutView {
    const { account, repository } = order;
    if (this.about(account, repository).digest !== order.expected) {
      throw problem("Someone else changed the description meanwhile, so nothing was written.", "changed");
    }
    this.#write(account, repository, order.title, order.description);
    return this.about(account, repository);
  }

  #write(account: string, repository: string, title: string, description: string): void {
    const before = this.words[repository];
    this.words[repository] = {
      title: title || null,
      description: description || null,
      authors: before?.authors ?? this.#user(account),
      created: before?.created ?? this.world.now,
    };
    this.versions[repository] = (this.versions[repository] ?? 0) + 1;
    this.asked.add(repository);
    this.#stale(account, repository);
    this.world.emit({ kind: "stale", what: { of: "repositories", account } });
  }

  #user(account: string): string | null {
    return this.world.accountRows.find((row) => row.id === account)?.user ?? null;
  }

  setKeep(order: KeepOrder): KeepView {
    const { account, repository } = order;
    const before = this.keepOf(repository);
    const ruled = before.setBy.kind === "repository" || before.offForMe;
    const { prune, rescue } = order;
    if (order.share) {
      this.world.keep[repository] = order.rule;
      this.rules[repository] = { setBy: { kind: "repository", author: this.#user(account) }, prune, rescue };
      this.versions[repository] = (this.versions[repository] ?? 0) + 1;
    } else if (!ruled) {
      this.world.keep[repository] = order.rule;
      this.rules[repository] = { setBy: { kind: "thisComputer" }, prune, rescue };
    } else if (order.rule === "off") {
      this.rules[repository] = {
        ...this.rules[repository],
        rule: "off",
        setBy: { kind: "thisComputer" },
        offForMe: true,
      };
    } else {
      this.rules[repository] = { prune: before.prune, rescue, setBy: { kind: "repository", author: "ben" } };
    }
    this.#stale(account, repository);
    return this.keepOf(repository);
  }

  planPrune(account: string, repository: string, prune: Prune): PrunePlan {
    void account;
    const rows = [...(this.pruneRows[repository] ?? [])].sort((a, b) => b.time - a.time);
    const nth = new Map<string, number>();
    const goes = rows.filter((row) => {
      const at = (nth.get(row.tag) ?? 0) + 1;
      nth.set(row.tag, at);
      if (prune.kind === "last") return at > prune.commits;
      return prune.kind === "days" && (row.until ?? row.time) < this.world.now - prune.days * DAY;
    });
    const how =
      "This registry deletes by digest only. Each commit tag is first pointed at a small manifest of its own.";
    return {
      goes: goes.reverse(),
      stays: rows.length - goes.length,
      how: goes.length > 0 ? how : null,
      impossible: null,
    };
  }

  prune(order: PruneOrder): DeleteOutcome {
    const rows = this.pruneRows[order.repository] ?? [];
    const gone = new Set(order.commitTags);
    this.pruneRows[order.repository] = rows.filter((row) => !gone.has(row.commitTag));
    const { account, repository } = order;
    this.world.emit({ kind: "stale", what: { of: "tags", account, repository } });
    if (gone.size === 0) return { done: 0, failed: [], undo: null, notes: [] };
    const undo = `prune-${(undos += 1)}`;
    this.#pruned.set(undo, { order, rows });
    return { done: order.commitTags.length, failed: [], undo, notes: [] };
  }

  /** Returns which commit tags an undo would put back; nothing where it is not the undo of a pruning. */
  pruned(undo: string): PruneOrder | undefined {
    return this.#pruned.get(undo)?.order;
  }

  /** Puts pruned commit tags back; null where this is not the undo of a pruning. */
  undoPrune(undo: string): DeleteOutcome | null {
    const taken = this.#pruned.get(undo);
    if (taken === undefined) return null;
    this.#pruned.delete(undo);
    const { account, repository, commitTags } = taken.order;
    this.pruneRows[repository] = taken.rows;
    this.world.emit({ kind: "stale", what: { of: "tags", account, repository } });
    return { done: commitTags.length, failed: [], undo: null, notes: [] };
  }

  watch(order: WatchOrder): void {
    const { account, repository, tag, on } = order;
    const now = (this.watched[repository] ??= { all: false, tags: [] });
    if (tag === null) now.all = on;
    else now.tags = on ? [...now.tags.filter((one) => one !== tag), tag] : now.tags.filter((one) => one !== tag);
    for (const row of this.world.tagsOf(repository)) row.watched = now.all || now.tags.includes(row.name);
    this.#staleMoves(account, repository);
    this.world.emit({ kind: "stale", what: { of: "tags", account, repository } });
  }

  moves(account: string, repository: string): Moves {
    void account;
    const watched = this.watched[repository] ?? { all: false, tags: [] };
    const asked = watched.all || watched.tags.length > 0 ? this.world.now - 60 : null;
    const overdueAt = asked === null ? null : asked + 450;
    return { watch: { ...watched, askedAt: asked, overdueAt, trouble: null }, rows: this.movedRows[repository] ?? [] };
  }

  sawMoves(account: string, repository: string): void {
    this.looked.add(repository);
    this.#staleMoves(account, repository);
  }

  answerMove(account: string, repository: string, id: string, answer: MoveAnswer): void {
    void answer;
    this.movedRows[repository] = (this.movedRows[repository] ?? []).filter((move) => move.id !== id);
    this.#staleMoves(account, repository);
  }

  #stale(account: string, repository: string): void {
    this.world.emit({ kind: "stale", what: { of: "about", account, repository } });
  }

  #staleMoves(account: string, repository: string): void {
    this.world.emit({ kind: "stale", what: { of: "moves", account, repository } });
    this.world.emit({ kind: "stale", what: { of: "repositories", account } });
  }
}
