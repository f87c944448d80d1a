import { describe, expect, it } from "vitest";
import type { AccountState, AccountView, ImageRow } from "../backend/backend";
import { account as made } from "../fake/data";
import { likelyAccount } from "../push/push.svelte";
import { matching, ordered, type ImageOrder } from "./images.svelte";

const image = (name: string | null, created: number | null, id = "sha256:aa"): ImageRow => ({
  key: name ?? id,
  id,
  name,
  created,
  size: 1,
  digests: [],
  platforms: [],
  usedBy: null,
  dangling: name === null,
  place: { kind: "notPushed" },
});
const account = (host: string, state: AccountState = "signedIn"): AccountView => made(host, { user: null, state });

describe("images", () => {
  it("stand in the order chosen, those of which it is not known last either way", () => {
    const sized = (row: ImageRow, size: number): ImageRow => ({ ...row, size });
    const rows = [sized(image("a10", null), 3), sized(image("a9", 1), 1), sized(image(null, 2), 2)];
    const names = (order: ImageOrder): (string | null)[] => ordered(rows, order).map((row) => row.name);
    expect(names("newest")).toEqual([null, "a9", "a10"]);
    expect(names("oldest")).toEqual(["a9", null, "a10"]);
    expect(names("name")).toEqual(["a9", "a10", null]);
    expect(names("nameDown")).toEqual(["a10", "a9", null]);
    expect(names("largest")).toEqual(["a10", null, "a9"]);
    expect(names("smallest")).toEqual(["a9", null, "a10"]);
  });

  it("are found by name and by id", () => {
    const rows = [image("Aligner:dev", 1, "sha256:d41e"), image(null, 1, "sha256:77aa")];
    expect(matching(rows, "align")).toHaveLength(1);
    expect(matching(rows, "77a")).toHaveLength(1);
    expect(matching(rows, " ")).toHaveLength(2);
  });
});

describe("the account a push begins with", () => {
  it("is the one the name speaks of, where it can be used", () => {
    const all = [account("ghcr.io"), account("127.0.0.1:5000")];
    expect(likelyAccount("127.0.0.1:5000/a/b:1", all)?.host).toBe("127.0.0.1:5000");
    expect(likelyAccount("b:1", all)?.host).toBe("ghcr.io");
    expect(likelyAccount("b:1", [account("ghcr.io", "signedOut"), account("x.io")])?.host).toBe("x.io");
    expect(likelyAccount("b:1", [account("ghcr.io", "signedOut")])).toBeUndefined();
  });
});
