/**
 * What the parts of one repository's page share: which repository it is, the commit that is open beside the list, pulls,
 * and that a path was copied. Not here: rows, cursor, filter (tags/, timeline/), which part is open (pages/).
 */
import { transfers } from "../activity/tasks.svelte";
import type { CommitRow, EngineRow, Problem, PullOrder } from "../backend/backend";
import { agree, type Confide, isAgreed, toldTo } from "./confiding.svelte";
import type { SizeAt } from "./sizes";

/** A commit as it stands open beside the list. */
export interface Opened {
  tag: string;
  /** Every tag that it became active under at that time. */
  tags: readonly string[];
  /** Its commit tags, where it has one for each of these tags. */
  kept?: readonly string[];
  row: CommitRow;
  /** How large the commits of its tag were, newest first. */
  sizes: readonly SizeAt[];
}

/** How long the keyboard's copying is told. */
const COPIED = 1500;

export class RepositoryPanel {
  /** Account id. */
  readonly account: string;
  /** `namespace/name`. */
  readonly repository: string;
  /** Whether the registry may be asked. */
  readonly online: () => boolean;

  /** A pull that waits for the answer whether another computer may be told the sign-in. */
  confide = $state.raw<(Confide & { order: PullOrder }) | null>(null);
  /** Why the last pull did not begin. */
  pullProblem = $state.raw<Problem | null>(null);
  /** True for a moment after the keyboard copied a path. */
  copied = $state(false);

  #copied: ReturnType<typeof setTimeout> | undefined;

  constructor(account: string, repository: string, online: () => boolean) {
    this.account = account;
    this.repository = repository;
    this.online = online;
  }

  /** Tells whether an event speaks of this repository. */
  is(of: { account: string; repository: string }): boolean {
    return of.account === this.account && of.repository === this.repository;
  }

  /** Pulls a commit, or the one a tag points at now: to this engine, else to the one that is used. */
  async pull(tag: string, row: CommitRow | null, to: EngineRow | null = null): Promise<void> {
    const commit = row === null || row.active ? null : (row.digest ?? row.commitTag);
    const { account, repository } = this;
    const plain: PullOrder = { account, repository, tag, commit, moveName: false };
    const order = to === null ? plain : { ...plain, engine: to.id };
    const told = toldTo(account, to);
    if (told === null) return this.#begin(order);
    const confided = { ...order, secretGoesTo: told.host };
    if (isAgreed(told)) return this.#begin(confided);
    this.confide = { ...told, order: confided };
  }

  /** Takes the answer whether another computer may be told the sign-in. */
  answer(yes: boolean): void {
    const { confide } = this;
    this.confide = null;
    if (confide === null || !yes) return;
    agree(confide);
    void this.#begin(confide.order);
  }

  async #begin(order: PullOrder): Promise<void> {
    this.pullProblem = await transfers.pull(order);
  }

  sayCopied(): void {
    this.copied = true;
    clearTimeout(this.#copied);
    this.#copied = setTimeout(() => (this.copied = false), COPIED);
  }

  /** Ends what is under way; the page is left. */
  close(): void {
    clearTimeout(this.#copied);
  }
}
