import { afterEach, describe, expect, it, vi } from "vitest";
import { tagRow, timeAt } from "../../test/rows";
import { FROM_THE_BEGIN, type Backend, type TagList, type TagOrder, type TagRow } from "../backend/backend";
import { setBackend } from "../backend/current";
import { PAUSE } from "./resolve";
import { Tags } from "./tags.svelte";

function row(name: string, at: number | null): TagRow {
  return tagRow(name, { time: timeAt(at), resolved: at !== null });
}

/** Opens the list, and lets the frame pass in which what is known is drawn. */
async function opens(tags: Tags): Promise<void> {
  const open = tags.open(true);
  await vi.advanceTimersByTimeAsync(20);
  await open;
}

/** Answers the list when `answer` is called, and not before. */
function heldList(): { answer: (rows: TagRow[]) => void } {
  let answer: (rows: TagRow[]) => void = () => undefined;
  const tags = (): Promise<Partial<TagList>> =>
    new Promise((resolve) => {
      answer = (rows) => {
        resolve({ rows, refreshedAt: 1, next: null, top: null });
      };
    });
  setBackend({ tags } as unknown as Backend);
  return {
    answer: (rows) => {
      answer(rows);
    },
  };
}

afterEach(() => {
  vi.useRealTimers();
});

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

  it("are asked for once more where that was wanted while they were on their way", async () => {
    let asked = 0;
    const answers: (() => void)[] = [];
    setBackend({
      tags: () => Promise.resolve({ rows: [], refreshedAt: 1, next: null, top: null }),
      refreshTags: () => {
        asked += 1;
        return new Promise<void>((resolve) => answers.push(resolve));
      },
    } as unknown as Backend);
    const tags = new Tags("account", "shop/api", "name");
    const open = tags.open(true);
    await vi.waitFor(() => expect(asked).toBe(1));
    void tags.refresh();
    void tags.refresh();
    answers[0]?.();
    await vi.waitFor(() => expect(asked).toBe(2));
    expect(tags.refreshing).toBe(true);
    answers[1]?.();
    await open;
    expect([asked, tags.refreshing]).toEqual([2, false]);
    tags.close();
  });

  it("draw what was answered while the page was left, and what was cut off by leaving is asked again", async () => {
    vi.useFakeTimers();
    const asked: string[] = [];
    const answers: ((row: TagRow) => void)[] = [];
    setBackend({
      tags: () => Promise.resolve({ rows: [row("a", null)], refreshedAt: 1, next: null, top: null }),
      refreshTags: () => Promise.resolve(),
      resolveTag: (_account: string, _repository: string, name: string) => {
        asked.push(name);
        return new Promise((resolve) => answers.push(resolve));
      },
    } as unknown as Backend);
    const tags = new Tags("account", "shop/api", "name");
    tags.shown(["a"]);
    await opens(tags);
    const before = asked.length;
    answers[0]?.(row("a", 1)); // it comes, and the page is left before it is drawn
    await vi.advanceTimersByTimeAsync(1);
    tags.close();
    await opens(tags);
    expect(asked.length).toBeGreaterThan(before);
    answers.at(-1)?.(row("a", 2));
    await vi.advanceTimersByTimeAsync(100);
    expect(tags.rows.map((each) => each.time?.at)).toEqual([2]);
    tags.close();
    vi.useRealTimers();
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

  it("are read part by part, and the first part shows at once", async () => {
    const asked: (string | null)[] = [];
    const parts = [["a", "b"], ["c", "d"], ["e"]];
    const shown: number[] = [];
    let tags: Tags | null = null;
    const answer = (_account: string, _repository: string, after: string | null): Promise<Partial<TagList>> => {
      asked.push(after);
      shown.push(tags?.rows.length ?? -1);
      const at = asked.length - 1;
      const names = parts[at] ?? [];
      return Promise.resolve({
        rows: names.map((name) => row(name, null)),
        refreshedAt: 1,
        next: at < parts.length - 1 ? (names.at(-1) ?? null) : null,
        top: null,
      });
    };
    setBackend({ tags: answer } as unknown as Backend);
    tags = new Tags("account", "shop/api", "name");
    await tags.read();
    expect(asked).toEqual([null, "b", "d"]);
    expect(shown).toEqual([0, 2, 2]);
    expect(tags.rows.map((each) => each.name)).toEqual(["a", "b", "c", "d", "e"]);
    tags.close();
  });

  describe("of a long list", () => {
    const names = Array.from({ length: 120 }, (_, at) => `t${at}`);
    const all = names.map((name, at) => row(name, at + 1));
    /** A backend that begins with what stood on top, in this order. */
    function withTop(order: TagOrder, kept: unknown[] = []): (string | null)[] {
      const asked: (string | null)[] = [];
      const top = { order, unknown: false, of: 120 };
      const list = { refreshedAt: 1, next: null, top: null };
      setBackend({
        tags: (_account: string, _repository: string, after: string | null) => {
          asked.push(after);
          const first = { ...list, rows: [all[119], all[118]], next: FROM_THE_BEGIN, top };
          return Promise.resolve(after === null ? first : { ...list, rows: all });
        },
        keepTop: (...given: unknown[]) => {
          kept.push(given);
          return Promise.resolve();
        },
      } as unknown as Backend);
      return asked;
    }
    const firsts = (tags: Tags): string[] => tags.rows.slice(0, 2).map((each) => each.name);

    it("show what stood on top the last time, as many as there were, until all are read", async () => {
      vi.useFakeTimers();
      const asked = withTop("newest");
      const tags = new Tags("account", "shop/api", "newest");
      const read = tags.read();
      await vi.advanceTimersByTimeAsync(0);
      expect([tags.rows.length, firsts(tags), tags.there]).toEqual([2, ["t119", "t118"], 120]);
      await vi.advanceTimersByTimeAsync(100);
      await read;
      expect([tags.rows.length, firsts(tags), tags.there]).toEqual([120, ["t119", "t118"], 120]);
      // What is read again while it is on show begins with no top.
      await tags.read();
      expect(asked).toEqual([null, FROM_THE_BEGIN, FROM_THE_BEGIN]);
      tags.close();
    });

    it("show nothing of a top that stood in another order", async () => {
      vi.useFakeTimers();
      withTop("oldest");
      const tags = new Tags("account", "shop/api", "newest");
      await tags.read();
      expect([tags.rows.length, firsts(tags)]).toEqual([120, ["t119", "t118"]]);
      tags.close();
    });

    it("have their top kept once they are read, and again only where it is another", async () => {
      const kept: unknown[] = [];
      withTop("oldest", kept);
      const tags = new Tags("account", "shop/api", "newest");
      await tags.read();
      await tags.read();
      const rows = { order: "newest", unknown: false, of: 120 };
      const top = { rows, tags: names.toReversed().slice(0, 60) };
      expect(kept).toEqual([["account", "shop/api", top]]);
      tags.setOrder("oldest");
      tags.close();
      expect(kept[1]).toEqual([
        "account",
        "shop/api",
        { rows: { ...rows, order: "oldest" }, tags: names.slice(0, 60) },
      ]);
    });
  });

  it("grow by what a refresh lists without being read again, and never under the pointer", async () => {
    vi.useFakeTimers();
    const list = heldList();
    const tags = new Tags("account", "shop/api", "name");
    const read = tags.read();
    list.answer([row("b", 1), row("d", 2)]);
    await read;
    setBackend({
      tags: () => {
        throw new Error("read again");
      },
    } as unknown as Backend);
    const names = (): string[] => tags.rows.map((each) => each.name);
    tags.listed([row("c", null), row("b", null), row("a", null)]);
    vi.advanceTimersByTime(100);
    expect(names()).toEqual(["a", "b", "c", "d"]);
    expect(tags.rows[1]?.resolved).toBe(false);
    tags.point(true);
    tags.listed([row("aa", null)]);
    vi.advanceTimersByTime(100);
    expect(names()).toEqual(["a", "b", "c", "d", "aa"]);
    expect(tags.held).toBe(true);
    tags.point(false);
    expect(names()).toEqual(["a", "aa", "b", "c", "d"]);
    tags.setOrder("newest");
    tags.listed([row("z", 3)]);
    vi.advanceTimersByTime(100);
    expect(names()[0]).toBe("z");
    tags.close();
    vi.useRealTimers();
  });

  /** Reads rows of which each has an answer of its own; returns what was asked, in order. */
  async function opened(rows: TagRow[], order: TagOrder = "newest") {
    vi.useFakeTimers();
    const asked: string[] = [];
    setBackend({
      tags: () => Promise.resolve({ rows, refreshedAt: 1, next: null, top: null }),
      refreshTags: () => Promise.resolve(),
      resolveTag: (_account: string, _repository: string, name: string) => {
        asked.push(name);
        const at = 1000 + rows.findIndex((each) => each.name === name);
        const row = tagRow(name, { digest: `sha256:${name}`, time: timeAt(at) });
        return new Promise((resolve) => setTimeout(() => resolve(row), 10));
      },
      keepTop: () => Promise.resolve(),
    } as unknown as Backend);
    const tags = new Tags("account", "shop/api", order);
    await opens(tags);
    return { tags, asked };
  }
  const names = (tags: Tags): string[] => tags.rows.map((each) => each.name);
  const unknown = (name: string): TagRow => tagRow(name, { resolved: false });
  const known = (name: string, at: number): TagRow =>
    tagRow(name, { resolved: false, digest: `sha256:${name}`, time: timeAt(at) });

  it("stand by version until all are known, and then the order that was wished for is offered, not imposed", async () => {
    const { tags } = await opened([unknown("v2"), unknown("v1"), unknown("v3")]);
    expect(names(tags)).toEqual(["v3", "v2", "v1"]);
    expect([tags.ordering, tags.offered]).toEqual(["version", null]);
    await vi.advanceTimersByTimeAsync(100);
    expect(names(tags)).toEqual(["v3", "v2", "v1"]);
    expect([tags.ordering, tags.offered, tags.waiting]).toEqual(["version", "newest", 0]);
    tags.setOrder("newest");
    expect(names(tags)).toEqual(["v3", "v1", "v2"]);
    expect([tags.ordering, tags.offered]).toEqual(["newest", null]);
    tags.close();
  });

  it("take the order that was wished for where nothing would move by it", async () => {
    const { tags } = await opened([unknown("v1"), unknown("v2"), unknown("v3")]);
    await vi.advanceTimersByTimeAsync(100);
    expect([names(tags), tags.ordering, tags.offered]).toEqual([["v3", "v2", "v1"], "newest", null]);
    tags.close();
  });

  it("are in order as they are known from the cache: what is in sight is asked at once, the rest now and then", async () => {
    const rows = Array.from({ length: 300 }, (_, n) => known(`t${n}`, 1000 - n));
    const { tags, asked } = await opened(rows);
    expect([names(tags).slice(0, 2), tags.ordering, tags.waiting]).toEqual([["t0", "t1"], "newest", 0]);
    tags.shown(["t5", "t6"]);
    await vi.advanceTimersByTimeAsync(PAUSE - 100);
    expect(asked).toEqual(["t5", "t6"]);
    // What was learnt puts them where they belong once nothing more is on its way.
    expect(names(tags).slice(0, 2)).toEqual(["t6", "t5"]);
    await vi.advanceTimersByTimeAsync(3 * PAUSE);
    expect(asked).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(300 * PAUSE);
    expect(asked.length).toBeLessThanOrEqual(102);
    tags.close();
  });

  it("are asked for in sight alone once the order needs no facts", async () => {
    const { tags, asked } = await opened(Array.from({ length: 50 }, (_, n) => known(`t${n}`, 1000 - n)));
    await vi.advanceTimersByTimeAsync(1.5 * PAUSE);
    const before = asked.length;
    expect(before).toBeGreaterThan(0);
    tags.setOrder("name");
    await vi.advanceTimersByTimeAsync(20 * PAUSE);
    expect(asked).toHaveLength(before);
    tags.close();
  });

  it("are asked for out of sight only as far as a registry bears it", async () => {
    const rows = Array.from({ length: 4000 }, (_, n) => unknown(`t${n}`));
    const { tags, asked } = await opened(rows);
    await vi.advanceTimersByTimeAsync(60_000);
    // What was still awaited when the list was read again counts once more, and is not asked twice.
    expect(asked.length).toBeGreaterThan(2990);
    expect(asked.length).toBeLessThanOrEqual(3000);
    expect(new Set(asked).size).toBe(asked.length);
    expect([tags.ordering, tags.offered]).toEqual(["version", null]);
    expect(tags.waiting).toBeGreaterThanOrEqual(1000);
    tags.close();
  });

  it("orders a row anew that is told with another date when all are there, and says so where the pointer is", async () => {
    vi.useFakeTimers();
    const list = heldList();
    const tags = new Tags("account", "shop/api", "newest");
    const read = tags.read();
    list.answer([row("a", 2), row("b", 1)]);
    await read;
    const names = (): string[] => tags.rows.map((each) => each.name);
    tags.filled(row("b", 3));
    vi.advanceTimersByTime(100);
    expect([names(), tags.held]).toEqual([["b", "a"], false]);
    tags.point(true);
    tags.filled(row("a", 4));
    vi.advanceTimersByTime(100);
    expect([names(), tags.held]).toEqual([["b", "a"], true]);
    tags.point(false);
    expect(names()).toEqual(["a", "b"]);
    tags.close();
    vi.useRealTimers();
  });

  it("stand by version also where a refresh brings the first of them", async () => {
    const { tags } = await opened([]);
    tags.listed([unknown("v1"), unknown("v2")]);
    await vi.advanceTimersByTimeAsync(30);
    expect([names(tags), tags.ordering]).toEqual([["v2", "v1"], "version"]);
    tags.close();
  });

  it("are not asked for a second hundred when the list is read again", async () => {
    const { tags, asked } = await opened(Array.from({ length: 300 }, (_, n) => known(`t${n}`, 1000 - n)));
    await vi.advanceTimersByTimeAsync(60 * PAUSE);
    await tags.read();
    await vi.advanceTimersByTimeAsync(300 * PAUSE);
    expect(asked).toHaveLength(100);
    tags.close();
  });
});
