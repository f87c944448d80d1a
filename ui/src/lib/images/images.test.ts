import { describe, expect, it } from "vitest";
import type { AccountState, AccountView, ImageRow } from "../backend/backend";
import { account as made } from "../fake/data";
import { likelyAccount } from "../push/push.svelte";
import { matching, newestFirst } from "./images.svelte";

const image = (name: string | null, created: number | null, id = "sha256:aa"): ImageRow => ({
  key: name ?? id,
  id,
  name,
  created,
  size: 1,
  place: { kind: "notPushed" },
});
const account = (host: string, state: AccountState = "signedIn"): AccountView => made(host, { user: null, state });

describe("images", () => {
  it("show newest first, what has no time last", () => {
    const rows = [image("a", null), image("b", 1), image("c", 2)];
    expect(newestFirst(rows).map((row) => row.name)).toEqual(["c", "b", "a"]);
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
