/** The last requests to registries, asked for when someone wants to see them. */
import { asProblem, type Problem, type RequestLine } from "../../backend/backend";
import { getBackend } from "../../backend/current";
import { copyText } from "../controls/copy";
import { asText, lastOf } from "./facts";

const COPIED = 1500;

export class Requests {
  open = $state(false);
  /** All there are, oldest first; null while they are asked for. */
  lines = $state.raw<readonly RequestLine[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  copied = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Shows them, read anew, or puts them away. */
  async toggle(): Promise<void> {
    this.open = !this.open;
    if (!this.open) return;
    this.problem = null;
    try {
      this.lines = await getBackend().recentRequests();
    } catch (caught) {
      this.problem = asProblem(caught);
    }
  }

  /** Returns the last ones of a time (seconds, UTC), newest first. */
  last(until: number): readonly RequestLine[] {
    return lastOf(this.lines ?? [], until);
  }

  /** Copies all of them, not only those shown. */
  async copy(): Promise<void> {
    this.copied = await copyText(asText(this.lines ?? []));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.copied = false), COPIED);
  }
}
