/** How long nothing is asked between two rows that can wait (ms). */
export const PAUSE = 2000;

/**
 * Asks for the facts of rows in their order: what is on screen first, what an order needs behind, never more than a few
 * at once; and while nothing of these is left, what may have changed since it was last known, one row now and then. Each
 * name is asked once, until it is forgotten.
 */
export class ResolveQueue {
  private readonly ask: (name: string) => Promise<void>;
  private readonly limit: number;
  private readonly asked = new Set<string>();
  /** What an answer is awaited of. */
  private readonly awaited = new Set<string>();
  private visible: readonly string[] = [];
  private rest: readonly string[] = [];
  private spare: readonly string[] = [];
  private pause: ReturnType<typeof setTimeout> | undefined;
  private next = 0;
  private running = 0;
  private stopped = false;

  /** Takes the question to ask; it never rejects. */
  constructor(ask: (name: string) => Promise<void>, limit = 6) {
    this.ask = ask;
    this.limit = limit;
  }

  /** Takes the rows on screen that still want their facts, top first. Replaces what was on screen before. */
  show(names: readonly string[]): void {
    this.visible = names;
    this.pump();
  }

  /** Takes the rows wanted once nothing on screen waits. Replaces the earlier ones. */
  behind(names: readonly string[]): void {
    this.rest = names;
    this.next = 0;
    this.pump();
  }

  /** Takes the rows that can wait: one is asked now and then. Replaces the earlier ones. */
  politely(names: readonly string[]): void {
    this.spare = names;
    this.later();
  }

  /** Tells whether an answer is awaited, or a question that nothing holds back is still to be asked. */
  get busy(): boolean {
    return this.running > 0 || this.take() !== undefined;
  }

  /** Allows these to be asked again: what is known of them is no longer fresh. */
  forget(names: Iterable<string>): void {
    for (const name of names) this.asked.delete(name);
    this.next = 0;
  }

  /** Asks nothing new; what is under way ends by itself. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.pause);
    this.pause = undefined;
  }

  /** Goes on, and everything may be asked again, even what an answer was awaited of when it stopped. */
  restart(): void {
    this.awaited.clear();
    this.again();
  }

  /** Goes on, and everything may be asked again but what an answer is awaited of. */
  again(): void {
    for (const name of this.asked) if (!this.awaited.has(name)) this.asked.delete(name);
    this.next = 0;
    this.stopped = false;
    this.pump();
  }

  private take(): string | undefined {
    const shown = this.visible.find((name) => !this.asked.has(name));
    if (shown !== undefined) return shown;
    for (; this.next < this.rest.length; this.next += 1) {
      const name = this.rest[this.next];
      if (name !== undefined && !this.asked.has(name)) return name;
    }
    return undefined;
  }

  private pump(): void {
    while (!this.stopped && this.running < this.limit) {
      const name = this.take();
      if (name === undefined) return this.later();
      this.send(name);
    }
  }

  private send(name: string): void {
    this.asked.add(name);
    this.awaited.add(name);
    this.running += 1;
    void this.ask(name).finally(() => {
      this.awaited.delete(name);
      this.running -= 1;
      this.pump();
    });
  }

  /** Asks for one of the rows that can wait, once nothing was asked for a while. */
  private later(): void {
    if (this.stopped || this.pause !== undefined || this.spare.every((name) => this.asked.has(name))) return;
    this.pause = setTimeout(() => {
      this.pause = undefined;
      const next = this.spare.find((name) => !this.asked.has(name));
      if (this.stopped || this.busy || next === undefined) this.later();
      else this.send(next);
    }, PAUSE);
  }
}
