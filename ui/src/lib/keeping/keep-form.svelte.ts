// What stands behind "How it keeps": the rule, how long, rescue, and whether it is stored for everyone.

import { getBackend } from "../app/state.svelte";
import { asProblem, type KeepRule, type KeepView, type Problem } from "../backend/backend";
import { HowLong, PrunePreview } from "./how-long.svelte";

/** A rule, or the person's own *off* beside the repository's rule. */
export type Choice = KeepRule | "offForMe";

export class KeepForm {
  readonly account: string;
  readonly repository: string;
  readonly keep: KeepView;
  /** The repository has a rule of its own. */
  readonly ruled: boolean;
  choice = $state<Choice>("off");
  readonly howLong: HowLong;
  readonly preview: PrunePreview;
  rescue = $state(false);
  share = $state(false);
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** It was stored, but on this computer instead: why, as a sentence. */
  told = $state<string | null>(null);
  #done: () => void;

  constructor(where: { account: string; repository: string }, keep: KeepView, done: () => void) {
    this.account = where.account;
    this.repository = where.repository;
    this.keep = keep;
    this.ruled = keep.setBy.kind === "repository" || keep.offForMe;
    this.choice = keep.offForMe ? "offForMe" : (keep.rule ?? keep.fitting);
    this.howLong = new HowLong(keep.prune);
    this.preview = new PrunePreview(where);
    this.rescue = keep.rescue;
    this.share = this.ruled && !keep.offForMe;
    this.#done = done;
  }

  /** Commits are kept, so how long is a question. */
  keeps = $derived(this.choice !== "off" && this.choice !== "offForMe");
  /** The repository's rule goes before this computer's, so one that is not stored there changes nothing. */
  pointless = $derived.by(() => {
    if (!this.ruled || this.share || this.choice === "offForMe") return false;
    if (this.keep.offForMe) return false; // to end one's own *off* is a change
    const now = this.howLong.value;
    const same = this.choice === this.keep.rule && JSON.stringify(now) === JSON.stringify(this.keep.prune);
    return !same; // rescue alone may be asked for oneself
  });
  ready = $derived.by(() => !this.busy && !this.pointless && (!this.keeps || this.howLong.value !== null));

  /** Asks what the chosen time would remove; nothing is asked where all stay. */
  count(): void {
    const prune = this.keeps ? this.howLong.value : null;
    this.preview.ask(prune === null || prune.kind === "all" ? null : prune);
  }

  async submit(): Promise<void> {
    if (this.told !== null) return this.#done();
    if (!this.ready) return;
    this.busy = true;
    this.problem = null;
    const mine = this.choice === "offForMe";
    const { account, repository, rescue } = this;
    try {
      const rule = this.choice === "offForMe" ? "off" : this.choice;
      const share = !mine && this.share;
      const now = await getBackend().setKeep({
        account,
        repository,
        rule,
        prune: this.keeps ? (this.howLong.value ?? { kind: "all" }) : this.keep.prune,
        rescue: this.keeps && rescue,
        share,
      });
      const elsewhere = share && (now.setBy.kind !== "repository" || now.rule !== rule);
      if (elsewhere) this.told = now.caution;
      else this.#done();
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.busy = false;
    }
  }
}
