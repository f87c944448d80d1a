/** The last requests to registries as words: a line each in the window, a line each as text for whoever helps. */
import type { RequestLine } from "../../backend/backend";
import { count, words } from "../../messages";

const text = words.requests;
/** How many are shown. */
export const SHOWN = 20;
/** A request that a problem tells of may end in the second after the problem's own. */
const SLACK = 1;

/** Returns the last ones of a time (seconds, UTC), newest first; `lines` come oldest first. */
export function lastOf(lines: readonly RequestLine[], until: number): RequestLine[] {
  return lines
    .filter((line) => line.at <= until + SLACK)
    .slice(-SHOWN)
    .reverse();
}

/** Returns what came of one: its status, why it failed, or both. */
export function cameOf({ status, failure }: RequestLine): string {
  const said = [status === null ? null : String(status), failure].filter((part) => part !== null);
  return said.length === 0 ? text.noAnswer : said.join(" ");
}

/** Returns how long it took, and which try it was where it was not the first. */
export function tookOf({ milliseconds, attempt }: RequestLine): string {
  const took = text.took(count(milliseconds));
  return attempt > 1 ? `${took} · ${text.attempt(count(attempt))}` : took;
}

/** Returns the time of day to the second, local: "16:40:09". */
export function secondOf(at: number): string {
  const time = new Date(at * 1000);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** Returns all of them as text, oldest first, in the form of the app's own log. */
export function asText(lines: readonly RequestLine[]): string {
  return lines
    .map((line) => {
      const time = `${new Date(line.at * 1000).toISOString().slice(0, 19)}Z`;
      const { method, host, path, milliseconds, bytes, attempt } = line;
      return `${time} ${method} ${host} ${path} ${cameOf(line)} ${milliseconds} ms ${bytes} B, try ${attempt}\n`;
    })
    .join("");
}
