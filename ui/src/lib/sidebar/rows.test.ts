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
    return row.kind === "note" ? `  ${row.note.kind}` : row.kind;
  });

describe("the rows of the sidebar", () => {
  it("stand under their namespaces, bare names first", () => {
    expect(said(rows())).toEqual([
      "computer",
      "images",
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
    expect(said(rows({ folded: new Set(["polly.example"]) }))).toEqual(["computer", "images", "polly.example"]);
  });

  it("filter by every word, through what is folded", () => {
    const found = rows({ filter: " GEN ali", folded: new Set(["polly.example", "polly.example/genomics"]) });
    expect(said(found)).toEqual(["computer", "images", "polly.example", "  genomics (1)", "    aligner"]);
  });

  it("say that nothing matches", () => {
    expect(said(rows({ filter: "zebra" }))).toEqual(["computer", "images", "polly.example", "nothing"]);
  });

  it("say how each account stands, in its place", () => {
    const known: Record<string, Known> = { "polly.example": list({ names: [], loading: true }) };
    const both = { accounts: [polly, ghcr], known: (id: string) => known[id] };
    expect(said(rows(both))).toEqual(["computer", "images", "polly.example", "  loading", "ghcr.io", "  loading"]);
    known["ghcr.io"] = list({ names: [] });
    known["polly.example"] = list({ names: [] });
    expect(said(rows(both))).toEqual(["computer", "images", "polly.example", "  empty", "ghcr.io"]);
  });

  it("show a problem above what the cache still has", () => {
    const problem = { code: "other", message: "It does not answer.", hints: [], detail: null } as const;
    const all = rows({ known: () => list({ problem: { ...problem, hints: [] } }) });
    expect(said(all).slice(2, 5)).toEqual(["polly.example", "  problem", "  hello"]);
    expect(heightOf(all[3] as Row)).toBeGreaterThan(heightOf(all[4] as Row));
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

  it("have keys of their own", () => {
    const keys = rows({ accounts: [polly, account("polly.example:5000")] }).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
