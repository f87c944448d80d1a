import { describe, expect, it } from "vitest";
import examples from "./fit.examples.json";
import { fitOf, marked } from "./fit";

describe("how a name answers what was typed", () => {
  it.each(examples as [string, string, string | null][])("%s in %s: %s", (typed, name, wanted) => {
    expect(fitOf(typed, name)).toBe(wanted);
  });

  it("marks what answers", () => {
    const shown = (typed: string, name: string): string =>
      marked(typed, name)
        .map(({ text, mark }) => (mark ? `[${text}]` : text))
        .join("");
    expect(shown("align", "genomics/aligner")).toBe("genomics/[align]er");
    expect(shown("gen ner", "genomics/aligner")).toBe("[gen]omics/alig[ner]");
    expect(shown("vf", "variant-filter")).toBe("[v]ariant-[f]ilter");
    expect(shown("aa", "aa")).toBe("[aa]");
    expect(shown("a al", "lab/align")).toBe("lab/[al]ign");
    expect(shown("xyz", "aligner")).toBe("aligner");
    expect(shown("", "aligner")).toBe("aligner");
  });
});
