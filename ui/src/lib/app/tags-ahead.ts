/**
 * The first part of a repository's tags, read from the cache while the pointer or the focus rests on the row that opens it:
 * its page then has them when it is made, and its first frame is whole. One repository at a time, handed over once. Not a
 * cache: an event may mean that something has changed, and what was read before it is let go of. Grows by nothing.
 */
import type { Attachment } from "svelte/attachments";
import { app, getBackend, onEvent } from "./state.svelte";
import type { TagList } from "../backend/backend";

/** How long one rests on a row before it may be meant (ms); who passes over a list has nothing read. */
const REST = 60;

/** A repository of an account. */
interface Place {
  account: string;
  repository: string;
}

let resting: ReturnType<typeof setTimeout> | undefined;
let read: (Place & { answer: Promise<TagList>; deaf: () => void }) | null = null;

/** Has the tags of the repository that a row opens read ahead; null: it opens none. */
export function readsAhead(opens: () => Place | null): Attachment<HTMLElement> {
  return (row) => {
    const rest = (): void => {
      clearTimeout(resting);
      resting = setTimeout(press, REST);
    };
    const press = (): void => {
      clearTimeout(resting);
      const place = opens();
      if (place !== null) begin(place);
    };
    const leave = (): void => clearTimeout(resting);
    const hears = { pointerenter: rest, focus: rest, pointerdown: press, pointerleave: leave, blur: leave };
    for (const [kind, does] of Object.entries(hears)) row.addEventListener(kind, does);
    return () => {
      leave();
      for (const [kind, does] of Object.entries(hears)) row.removeEventListener(kind, does);
    };
  };
}

/** Takes what was read ahead of a repository, if it was. */
export function takeAhead(account: string, repository: string): Promise<TagList> | null {
  const taken = read !== null && isOf(read, { account, repository }) ? read.answer : null;
  if (taken !== null) letGo();
  return taken;
}

function begin(place: Place): void {
  if (read !== null && isOf(read, place)) return;
  letGo();
  if (app.place.kind === "repository" && isOf(app.place, place)) return;
  const answer = getBackend().tags(place.account, place.repository, null);
  answer.catch(() => read?.answer === answer && letGo()); // whoever opens it reads it anew, and is told
  read = {
    ...place,
    answer,
    deaf: onEvent((event) => {
      if (["stale", "tagFilled", "tagsListed"].includes(event.kind)) letGo();
    }),
  };
}

function letGo(): void {
  read?.deaf();
  read = null;
}

function isOf(one: Place, other: Place): boolean {
  return one.account === other.account && one.repository === other.repository;
}
