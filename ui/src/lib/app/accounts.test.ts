import { expect, test } from "vitest";
import type { AccountView } from "../backend/backend";
import { account } from "../fake/data";
import { accountsFor, covers, registryOf } from "./accounts";

const of = (id: string, namespace: string | null, state: AccountView["state"] = "signedIn"): AccountView => ({
  ...account("quay.example"),
  id,
  namespace,
  state,
});

test("an account of a namespace is for what lies under it", () => {
  const team = of("1", "team");
  expect(["team", "team/tool", "team/a/b"].every((name) => covers(team, name))).toBe(true);
  expect(["teams/tool", "other/team", "tea"].some((name) => covers(team, name))).toBe(false);
  expect(covers(of("2", null), "anything")).toBe(true);
  expect([registryOf(team), registryOf(of("2", null))]).toEqual(["quay.example/team", "quay.example"]);
});

test("the closest account that can be used comes first", () => {
  const accounts = [of("all", null), of("team", "team"), of("tool", "team/tool", "signedOut"), of("other", "other")];
  const ids = (name: string, host = "quay.example"): string[] => accountsFor(accounts, host, name).map(({ id }) => id);
  expect(ids("team/tool")).toEqual(["team", "all", "tool"]);
  expect(ids("other/x")).toEqual(["other", "all"]);
  expect(ids("x")).toEqual(["all"]);
  expect(ids("x", "lab.example")).toEqual([]);
});
