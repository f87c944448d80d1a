import { describe, expect, it } from "vitest";
import type { Backend, TagList, TagRow } from "../backend/backend";
import { setBackend } from "../backend/current";
import { Tags } from "./tags.svelte";

function row(name: string, at: number | null): TagRow {
  return {
    name,
    digest: null,
    time: at === null ? null : { at, kind: "since", source: "registry" },
    size: null,
    platforms: [],
    commits: 1,
    local: { kind: "none" },
    resolved: at !== null,
    trouble: null,
    deleted: false,
    watched: false,
    movedAt: null,
  };
}

/** Answers the list when `answer` is called, and not before. */
function heldList(): { answer: (rows: TagRow[]) => void } {
  let answer: (rows: TagRow[]) => void = () => undefined;
  const tags = (): Promise<Partial<TagList>> =>
    new Promise((resolve) => {
      answer = (rows) => {
        resolve({ rows, refreshedAt: 1 });
      };
    });
  setBackend({ tags } as unknown as Backend);
  return {
    answer: (rows) => {
      answer(rows);
    },
  };
}

describe("the tags of a repository", () => {
  it("keep a row's facts that came while an older list was on its way", async () => {
    const list = heldList();
    const tags = new Tags("account", "shop/api", "newest");
    const read = tags.read();
    tags.filled(row("b", 2));
    list.answer([row("a", 1), row("b", null)]);
    await read;
    expect(tags.rows.map((each) => [each.name, each.time?.at])).toEqual([
      ["b", 2],
      ["a", 1],
    ]);
    tags.close();
  });

  it("take the list's word for a row whose facts came before it was asked for", async () => {
    const list = heldList();
    const tags = new Tags("account", "shop/api", "newest");
    tags.filled(row("a", 9));
    const read = tags.read();
    list.answer([row("a", 1)]);
    await read;
    expect(tags.rows.map((each) => each.time?.at)).toEqual([1]);
    tags.close();
  });
});
