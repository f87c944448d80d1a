/**
 * Asks for the facts of rows in their order: what is on screen first, the rest behind, never more than a few
 * at once. Each name is asked once, until it is forgotten.
 */
export class ResolveQueue {
  private readonly ask: (name: string) => Promise<void>;
  private readonly limit: number;
  private readonly asked = new Set<string>();
  private visible: readonly string[] = [];
  private rest: readonly string[] = [];
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

  /** Allows these to be asked again: what is known of them is no longer fresh. */
  forget(names: Iterable<string>): void {
    for (const name of names) this.asked.delete(name);
    this.next = 0;
  }

  /** Asks nothing new; what is under way ends by itself. */
  stop(): void {
    this.stopped = true;
  }

  /** Goes on, and everything may be asked again. */
  restart(): void {
    this.asked.clear();
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
      if (name === undefined) return;
      this.asked.add(name);
      this.running += 1;
      void this.ask(name).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }
}
