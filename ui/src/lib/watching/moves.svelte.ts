// What is watched in one repository, what someone else moved there, and what the person says to it.

import { SvelteMap } from "svelte/reactivity";
import { getBackend, onStale } from "../app/state.svelte";
import { asProblem, type MoveAnswer, type MoveView, type Problem, type WatchView } from "../backend/backend";
import { words } from "../messages";
import { shortDigest } from "../messages/format";
import { PointerRegion } from "../shared/pointer";

/** A page that was looked at for this long was seen. */
const LOOKED = 1000;

export class RepositoryMoves {
  readonly account: string;
  readonly repository: string;
  /** Null until it was read. */
  watch = $state.raw<WatchView | null>(null);
  /** What moved and was not answered, newest first. */
  rows = $state.raw<readonly MoveView[]>([]);
  /** What is drawn: `rows`, or what they were when the pointer came, so that nothing moves under it. */
  shown = $state.raw<readonly MoveView[]>([]);
  /** What came of an answer, by the move's id, for as long as its line is drawn. */
  said = new SvelteMap<string, string>();
  /** Answers that are under way. */
  answering = new SvelteMap<string, MoveAnswer>();
  /** Several are told in one line; it opens to a list. */
  open = $state(false);
  problem = $state.raw<Problem | null>(null);
  switching = $state(false);
  /** Why watching could not begin or end. */
  watchProblem = $state.raw<Problem | null>(null);
  /** The line and all it could push away. */
  readonly pointer = new PointerRegion(() => this.#draw());

  #read = false;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #looked = "";

  constructor(account: string, repository: string) {
    this.account = account;
    this.repository = repository;
  }

  /** Reads, and listens until the returned function is called. */
  listen(): () => void {
    const deaf = onStale(
      (what) => what.of === "moves" && what.account === this.account && what.repository === this.repository,
      () => void this.read(),
    );
    const back = (): void => this.#look();
    window.addEventListener("focus", back);
    void this.read();
    return () => {
      deaf();
      window.removeEventListener("focus", back);
      clearTimeout(this.#looking);
    };
  }

  async read(): Promise<void> {
    try {
      const { watch, rows } = await getBackend().moves(this.account, this.repository);
      this.watch = watch;
      this.rows = rows;
      this.#draw();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  // The first answer is drawn with the page itself, wherever the pointer is.
  #draw(): void {
    if (this.pointer.over && this.#read) {
      this.shown = this.shown.map((old) => this.rows.find((row) => row.id === old.id) ?? old);
    } else {
      this.#read = true;
      this.shown = this.rows;
      for (const id of [...this.said.keys()]) if (!this.rows.some((row) => row.id === id)) this.said.delete(id);
    }
    if (this.shown.length < 2) this.open = false;
    this.#look();
  }

  /** Tells whether the move was answered, and is drawn only because the pointer is over it. */
  answered(id: string): boolean {
    return !this.rows.some((row) => row.id === id);
  }

  #look(): void {
    const now = this.shown.map((row) => row.id).join(" ");
    clearTimeout(this.#looking);
    if (now === "" || now === this.#looked || !document.hasFocus()) return;
    this.#looking = setTimeout(() => {
      this.#looked = now;
      getBackend()
        .sawMoves(this.account, this.repository)
        .catch(() => undefined); // the mark stays; the next look takes it away
    }, LOOKED);
  }

  async answer(move: MoveView, answer: MoveAnswer): Promise<void> {
    if (this.answering.has(move.id)) return;
    this.answering.set(move.id, answer);
    this.problem = null;
    try {
      await getBackend().answerMove(this.account, this.repository, move.id, answer);
      const { saidKept, saidDismissed } = words.about.moved;
      this.said.set(move.id, answer === "keep" ? saidKept(shortDigest(move.from)) : saidDismissed);
      await this.read();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.answering.delete(move.id);
    }
  }

  /** Begins to watch every tag, or ends it. */
  async toggleWatch(): Promise<void> {
    if (this.switching || this.watch === null) return;
    this.switching = true;
    this.watchProblem = null;
    const { account, repository } = this;
    try {
      await getBackend().watch({ account, repository, tag: null, on: !this.watch.all });
      await this.read();
    } catch (thrown) {
      this.watchProblem = asProblem(thrown);
    } finally {
      this.switching = false;
    }
  }
}
