import { describe, expect, it } from "vitest";
import { tagRow, timeAt } from "../../test/rows";
import type { TagRow } from "../backend/backend";
import { projectChoices, proposeTag, readName, suggest, tagChoices } from "./names";

const row = (name: string, at: number | null): TagRow => tagRow(name, { time: timeAt(at) });

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

  it("give the sheet its first tag, where nothing better is known", () => {
    expect(proposeTag("aligner:dev", "v1", [])).toBe("v1");
    expect(proposeTag("aligner:dev", null, [row("v7", 1)])).toBe("dev");
    expect(proposeTag("127.0.0.1:5000/aligner", null, [])).toBe("latest");
    expect(proposeTag(null, null, [row("v1", 1), row("v2", 5), { ...row("v3", 9), deleted: true }])).toBe("v2");
    expect(proposeTag(null, null, [])).toBe("latest");
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

  it("offer all tags until something is typed, the newest first", () => {
    const tags = [row("v1", 1), row("old", null), row("v3", 3), row("v2", 2)];
    expect(tagChoices(tags, null)).toEqual(["v3", "v2", "v1", "old"]);
    expect(tagChoices(tags, "v")).toEqual(["v3", "v2", "v1"]);
  });
});

describe("projects", () => {
  const projects = [
    { name: "syn123", title: "Cell counting" },
    { name: "syn4567", title: null },
  ];

  it("are found by their title or their id, as the beginning of a name", () => {
    expect(projectChoices(projects, "")).toEqual(["syn123/", "syn4567/"]);
    expect(projectChoices(projects, "cell")).toEqual(["syn123/"]);
    expect(projectChoices(projects, "SYN4")).toEqual(["syn4567/"]);
    expect(projectChoices(projects, "", 1)).toEqual(["syn123/"]);
  });

  it("are offered no more once one is typed", () => {
    expect(projectChoices(projects, "syn123/")).toEqual([]);
  });
});
