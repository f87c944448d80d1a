import { describe, expect, it } from "vitest";
import { account } from "../fake/data";
import { heightOf, rowsOf, type Known, type Row } from "./rows";

const polly = account("polly.example");
const ghcr = account("ghcr.io", { state: "signedOut" });
const names = ["genomics/aligner", "genomics/qc", "hello", "imaging/deep/tiles"];
const list = (changes: Partial<Known> = {}): Known => ({ names, loading: false, problem: null, ...changes });

function rows(changes: Partial<Parameters<typeof rowsOf>[0]> = {}): Row[] {
  return rowsOf({ accounts: [polly], known: () => list(), folded: new Set(), filter: "", ...changes });
}
const said = (all: Row[]): string[] =>
  all.map((row) => {
    if (row.kind === "repository") return `${"  ".repeat(row.level - 1)}${row.name}`;
    if (row.kind === "namespace") return `  ${row.namespace} (${row.count})`;
    if (row.kind === "account") return row.account.host;
    if (row.kind === "short") return row.list;
    return row.kind === "note" ? `  ${row.note.kind}` : row.kind;
  });

describe("the rows of the sidebar", () => {
  it("stand under their namespaces, bare names first", () => {
    expect(said(rows())).toEqual([
      "computer",
      "images",
      "containers",
      "search",
      "polly.example",
      "  hello",
      "  genomics (2)",
      "    aligner",
      "    qc",
      "  imaging/deep (1)",
      "    tiles",
    ]);
  });

  it("fold by namespace and by account", () => {
    expect(said(rows({ folded: new Set(["polly.example/genomics"]) }))).not.toContain("    aligner");
    expect(said(rows({ folded: new Set(["polly.example"]) }))).toEqual([
      "computer",
      "images",
      "containers",
      "search",
      "polly.example",
    ]);
  });

  it("filter by every word, through what is folded", () => {
    const found = rows({ filter: " GEN ali", folded: new Set(["polly.example", "polly.example/genomics"]) });
    expect(said(found)).toEqual([
      "computer",
      "images",
      "containers",
      "search",
      "polly.example",
      "  genomics (1)",
      "    aligner",
    ]);
  });

  it("say that nothing matches", () => {
    expect(said(rows({ filter: "zebra" }))).toEqual([
      "computer",
      "images",
      "containers",
      "search",
      "polly.example",
      "nothing",
    ]);
  });

  it("say how each account stands, in its place", () => {
    const known: Record<string, Known> = { "polly.example": list({ names: [], loading: true }) };
    const both = { accounts: [polly, ghcr], known: (id: string) => known[id] };
    expect(said(rows(both))).toEqual([
      "computer",
      "images",
      "containers",
      "search",
      "polly.example",
      "  loading",
      "ghcr.io",
      "  loading",
    ]);
    known["ghcr.io"] = list({ names: [] });
    known["polly.example"] = list({ names: [] });
    expect(said(rows(both))).toEqual([
      "computer",
      "images",
      "containers",
      "search",
      "polly.example",
      "  empty",
      "ghcr.io",
    ]);
  });

  it("show a problem above what the cache still has", () => {
    const problem = { code: "other", message: "It does not answer.", hints: [], detail: null } as const;
    const all = rows({ known: () => list({ problem: { ...problem, hints: [] } }) });
    expect(said(all).slice(4, 7)).toEqual(["polly.example", "  problem", "  hello"]);
    expect(heightOf(all[5] as Row)).toBeGreaterThan(heightOf(all[6] as Row));
  });

  it("bear the marks of their repositories; a folded group shows what it hides", () => {
    const mark = (name: string, movedAt: number | null) => ({
      name,
      words: { title: "Aligner", description: null, authors: null, created: null },
      watched: true,
      movedAt,
    });
    const marks = new Map([["genomics/aligner", mark("genomics/aligner", 7)]]);
    const known = (): Known => list({ marks });
    const find = (all: Row[], key: string) => all.find((row) => row.key === key);
    const open = rows({ known });
    expect(find(open, "polly.example genomics/aligner")).toMatchObject({ mark: { words: { title: "Aligner" } } });
    expect(find(open, "polly.example/genomics")).toMatchObject({ moved: false });
    const folded = rows({ known, folded: new Set(["polly.example/genomics"]) });
    expect(find(folded, "polly.example/genomics")).toMatchObject({ moved: true });
    expect(find(folded, "polly.example")).toMatchObject({ moved: false });
    const closed = rows({ known, folded: new Set(["polly.example"]) });
    expect(find(closed, "polly.example")).toMatchObject({ moved: true });
    const calm = (): Known => list({ marks: new Map([["genomics/aligner", mark("genomics/aligner", null)]]) });
    expect(find(rows({ known: calm, folded: new Set(["polly.example"]) }), "polly.example")).toMatchObject({
      moved: false,
    });
  });

  const namespaces = (count: number): string[] => Array.from({ length: count }, (_, n) => `team-${n}/tool`);

  it("start folded where there are many namespaces, and open by hand", () => {
    const many = (): Known => list({ names: namespaces(13) });
    expect(said(rows({ known: many }))).not.toContain("    tool");
    const opened = rows({ known: many, unfolded: new Set(["polly.example/team-7"]) });
    expect(said(opened).filter((line) => line === "    tool")).toHaveLength(1);
    const both = { folded: new Set(["polly.example/team-7"]), unfolded: new Set(["polly.example/team-7"]) };
    expect(said(rows({ known: many, ...both }))).not.toContain("    tool");
    expect(said(rows({ known: many, filter: "tool" })).filter((line) => line === "    tool")).toHaveLength(13);
    expect(said(rows({ known: () => list({ names: namespaces(12) }) }))).toContain("    tool");
  });

  it("show what is starred and what was open lately on top, each once", () => {
    const at = (repository: string, account = "polly.example") => ({ account, repository });
    const starred = [at("hello"), at("gone", "gone.example")];
    const recent = [at("hello"), at("imaging/deep/tiles"), ...namespaces(9).map((name) => at(name))];
    expect(said(rows({ starred, recent })).slice(4, 12)).toEqual([
      "starred",
      "  hello",
      "recent",
      "  imaging/deep/tiles",
      ...namespaces(4).map((name) => `  ${name}`),
    ]);
    expect(said(rows({ starred, recent, folded: new Set(["starred", "recent"]) })).slice(4, 7)).toEqual([
      "starred",
      "recent",
      "polly.example",
    ]);
    expect(said(rows({ starred, recent, filter: "hello" }))).toEqual([
      "computer",
      "images",
      "containers",
      "search",
      "polly.example",
      "  hello",
    ]);
    expect(said(rows({ starred: [at("gone", "gone.example")] }))).not.toContain("starred");
    const all = rows({ starred, recent: [at("imaging/deep/tiles")] });
    expect(new Set(all.map((row) => row.key)).size).toBe(all.length);
  });

  it("are there at once for 2,000 repositories in 300 namespaces", () => {
    const names = Array.from({ length: 2000 }, (_, n) => `team-${n % 300}/tool-${n}`).sort();
    const known = (): Known => list({ names });
    const since = performance.now();
    for (let turn = 0; turn < 10; turn += 1) expect(rows({ known })).toHaveLength(305);
    expect((performance.now() - since) / 10).toBeLessThan(50);
    expect(rows({ known, filter: "tool" })).toHaveLength(2305);
  });

  it("have keys of their own", () => {
    const keys = rows({ accounts: [polly, account("polly.example:5000")] }).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
