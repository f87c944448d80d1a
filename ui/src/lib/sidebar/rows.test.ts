import { describe, expect, it } from "vitest";
import { account } from "../backend/fake-data";
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

  it("have keys of their own", () => {
    const keys = rows({ accounts: [polly, account("polly.example:5000")] }).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
