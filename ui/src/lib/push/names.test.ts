import { describe, expect, it } from "vitest";
import { proposeRepository, proposeTag, readName, suggest } from "./names";

describe("names of images", () => {
  it("come apart into host, path and tag", () => {
    expect(readName("aligner:dev")).toEqual({ host: null, path: "aligner", tag: "dev" });
    expect(readName("127.0.0.1:5000/genomics/aligner:v1")).toEqual({
      host: "127.0.0.1:5000",
      path: "genomics/aligner",
      tag: "v1",
    });
    expect(readName("localhost/x")).toEqual({ host: "localhost", path: "x", tag: null });
    expect(readName("genomics/aligner")).toEqual({ host: null, path: "genomics/aligner", tag: null });
    expect(readName("ghcr.io/a/b:1@sha256:00")).toEqual({ host: "ghcr.io", path: "a/b", tag: "1" });
  });

  it("give the sheet its first repository", () => {
    const name = "ghcr.io/lab/aligner:dev";
    expect(proposeRepository(name, { repository: "genomics/aligner", namespace: null })).toBe("genomics/aligner");
    expect(proposeRepository(name, { repository: null, namespace: "genomics" })).toBe("genomics/aligner");
    expect(proposeRepository(name, { repository: null, namespace: null })).toBe("lab/aligner");
    expect(proposeRepository(null, { repository: null, namespace: "genomics" })).toBe("genomics/");
    expect(proposeRepository(null, { repository: null, namespace: null })).toBe("");
  });

  it("give the sheet its first tag", () => {
    expect(proposeTag("aligner:dev")).toBe("dev");
    expect(proposeTag("127.0.0.1:5000/aligner")).toBe("latest");
    expect(proposeTag(null)).toBe("latest");
  });
});

describe("suggestions", () => {
  const names = ["platform/api", "genomics/aligner", "align/er", "genomics/qc-report"];

  it("are what contains the typed text, what begins with it first", () => {
    expect(suggest(names, "align")).toEqual(["align/er", "genomics/aligner"]);
  });

  it("leave out what is typed already, and are few", () => {
    expect(suggest(names, "platform/api")).toEqual([]);
    expect(suggest(names, "", 2)).toHaveLength(2);
  });
});
