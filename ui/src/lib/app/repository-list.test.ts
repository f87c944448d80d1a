import { describe, expect, it } from "vitest";
import type { Backend } from "../backend/backend";
import { setBackend } from "../backend/current";
import { FakeBackend } from "../fake/fake";
import { readRepositories, withNames } from "./repository-list";

describe("the list of repositories", () => {
  it("is read part by part", async () => {
    const backend = new FakeBackend();
    backend.partSize = 3;
    backend.repositoryNames["a"] = ["f", "b", "d", "a", "c", "e", "g"];
    setBackend(backend as Backend);
    const list = await readRepositories("a");
    expect(list.names).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
    expect(list.next).toBeNull();
    expect(backend.calls.filter(([name]) => name === "repositories")).toHaveLength(3);
  });

  it("grows by what came, sorted and each once", () => {
    expect(withNames(["b", "d"], ["e", "a", "d", "c", "a"])).toEqual(["a", "b", "c", "d", "e"]);
    expect(withNames([], ["b", "a"])).toEqual(["a", "b"]);
    expect(withNames(["a"], [])).toEqual(["a"]);
  });
});
