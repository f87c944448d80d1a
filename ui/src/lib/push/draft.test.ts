import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { KeepPlan, Problem, PushOrder, PushPlan, PushQuestion } from "../backend/backend";
import { answerOf } from "../keeping/keeping.svelte";
import { PushDraft, type PushRequest } from "./draft.svelte";

const DIGEST = `sha256:8c41f09be2d7${"0".repeat(52)}`;
const ASK: KeepPlan = { kind: "ask", preselected: "overwrite", commitTag: "_h.v3.x", without: "w", caution: "c" };

function plan(changes: Partial<PushPlan> = {}): PushPlan {
  return {
    image: { short: "d41e07c9a2b3", created: null, size: 1, platforms: [] },
    target: { digest: DIGEST, time: null, size: null, platforms: [], sameImage: false },
    warnings: [],
    newRepository: false,
    keep: ASK,
    atMost: 1,
    newLayers: 1,
    nameTaken: null,
    ...changes,
  };
}

const problem = (code: Problem["code"]): Problem => ({ code, message: code, hints: [], detail: null });

/** A backend whose plans and answers the test gives. */
class Door {
  questions: PushQuestion[] = [];
  orders: PushOrder[] = [];
  next: PushPlan | Problem = plan();
  refuse: Problem | null = null;
  planPush = async (question: PushQuestion): Promise<PushPlan> => {
    this.questions.push(question);
    const answer = this.next;
    await Promise.resolve();
    if ("message" in answer) throw answer;
    return answer;
  };
  /** Who may push where the one that is meant may not, by that one. */
  writers: Record<string, string> = {};
  asked: string[] = [];
  writerFor = (account: string, repository: string): Promise<string | null> => {
    this.asked.push(`${account} ${repository}`);
    return Promise.resolve(this.writers[account] ?? null);
  };
  startPush = (order: PushOrder): Promise<string> => {
    this.orders.push(order);
    return this.refuse ? Promise.reject(this.refuse) : Promise.resolve("task-1");
  };
}

const dropped: PushRequest = {
  imageId: "sha256:d41e",
  name: "aligner:v3",
  account: "acc",
  repository: "genomics/aligner",
  namespace: null,
};

let door: Door;
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(300);
async function opened(changes: Partial<PushRequest> = {}): Promise<PushDraft> {
  const draft = new PushDraft(door, { ...dropped, ...changes });
  await settle();
  return draft;
}
function type(draft: PushDraft, tag: string): void {
  draft.tag = tag;
  draft.changed();
}

beforeEach(() => {
  vi.useFakeTimers();
  door = new Door();
});
afterEach(() => vi.useRealTimers());

describe("the push sheet", () => {
  it("asks for a plan of what was dropped where, and is ready with the fitting answer", async () => {
    const draft = await opened();
    expect(door.questions).toEqual([
      { image: "sha256:d41e", name: "aligner:v3", account: "acc", repository: "genomics/aligner", tag: "v3" },
    ]);
    expect(draft.keeping.answer).toBe("eachOverwrite");
    expect(draft.ready).toBe(true);
  });

  it("orders exactly what it showed", async () => {
    const draft = await opened();
    expect(await draft.push()).toMatchObject({ id: "task-1" });
    expect(door.orders).toEqual([
      {
        image: "sha256:d41e",
        name: "aligner:v3",
        account: "acc",
        repository: "genomics/aligner",
        tag: "v3",
        expected: DIGEST,
        keep: "eachOverwrite",
        shareRule: false,
        allows: null,
        acceptLoss: false,
        takenName: "unasked",
      },
    ]);
  });

  it("waits for a name where a new repository has none yet, and says so", async () => {
    const draft = await opened({ name: null, repository: "genomics/", namespace: "genomics" });
    expect(door.questions).toEqual([]);
    expect([draft.ready, draft.blocked]).toEqual([false, "noRepository"]);
  });

  it("plans again once for several keys, keeps the old plan meanwhile, and takes no order for it", async () => {
    const draft = await opened();
    type(draft, "v");
    type(draft, "v4");
    expect(draft.plan).not.toBeNull();
    expect(draft.planning).toBe(true);
    expect(draft.ready).toBe(false);
    expect(await draft.push()).toBeNull();
    door.next = plan({ target: null, keep: { kind: "nothing" } });
    await settle();
    expect(door.questions.map((each) => each.tag)).toEqual(["v3", "v4"]);
    expect(draft.about.tag).toBe("v4");
    expect(draft.keeping.answer).toBe("byRule");
    await draft.push();
    expect(door.orders[0]).toMatchObject({ tag: "v4", expected: null, keep: "byRule" });
  });

  it("drops an answer that came after the tag had changed", async () => {
    const draft = await opened();
    const slow = draft.ask();
    type(draft, "v5");
    await slow;
    expect(draft.about.tag).toBe("v3");
    expect(draft.planning).toBe(true);
  });

  it("shows why there is no plan, and forgets it when typed again", async () => {
    door.next = problem("other");
    const draft = await opened();
    expect(draft.problem?.code).toBe("other");
    expect(draft.ready).toBe(false);
    type(draft, "v4");
    expect(draft.problem).toBeNull();
  });

  it("keeps the person's answer while the question stays", async () => {
    const draft = await opened();
    draft.keeping.choose("off");
    type(draft, "v4");
    await settle();
    expect(draft.keeping.answer).toBe("off");
  });

  it("takes the fitting answer again when the question is another", async () => {
    const draft = await opened();
    draft.keeping.choose("off");
    door.next = plan({
      keep: {
        kind: "rule",
        setBy: { kind: "thisComputer" },
        rule: "on-request",
        commitTag: "t",
        alreadyKept: false,
        without: "w",
        asks: null,
      },
    });
    type(draft, "v4");
    await settle();
    expect(draft.keeping.answer).toBe("notThis");
  });
});

describe("the second yes", () => {
  it("is needed where the old commit can't be kept", async () => {
    door.next = plan({ keep: { kind: "impossible", why: "too long" } });
    const draft = await opened();
    expect(draft.ready).toBe(false);
    draft.keeping.acceptLoss = true;
    expect(draft.ready).toBe(true);
    await draft.push();
    expect(door.orders[0]).toMatchObject({ keep: "notThis", shareRule: false, acceptLoss: true });
  });

  it("leaves a local name where it is, unless one says that it moves", async () => {
    door.next = plan({ nameTaken: "registry/genomics/aligner:v3" });
    const draft = await opened();
    expect(draft.ready).toBe(true);
    await draft.push();
    await draft.push("move");
    expect(door.orders.map((order) => order.takenName)).toEqual(["leave", "move"]);
  });

  it("is asked when the order came back because nothing could be kept", async () => {
    const draft = await opened();
    door.refuse = problem("notKept");
    expect(await draft.push()).toBeNull();
    await settle();
    expect(draft.problem?.code).toBe("notKept");
    expect(draft.keeping.asksLoss).toBe(true);
    expect(draft.ready).toBe(false);
    door.refuse = null;
    draft.keeping.acceptLoss = true;
    await draft.push();
    expect(door.orders[1]).toMatchObject({ shareRule: false, acceptLoss: true, keep: "eachOverwrite" });
  });

  it("does not outlive a change of the tag", async () => {
    door.next = plan({ keep: { kind: "impossible", why: "too long" } });
    const draft = await opened();
    draft.keeping.acceptLoss = true;
    type(draft, "v4");
    await settle();
    expect(draft.keeping.acceptLoss).toBe(false);
    expect(draft.ready).toBe(false);
  });

  it("is not sent where it was not asked", async () => {
    const draft = await opened();
    draft.keeping.acceptLoss = true;
    await draft.push("move");
    expect(door.orders[0]).toMatchObject({ shareRule: false, acceptLoss: false, takenName: "unasked" });
  });
});

describe("a push that came back", () => {
  const order: PushOrder = {
    image: "sha256:d41e",
    name: "aligner:dev",
    account: "acc",
    repository: "genomics/aligner",
    tag: "v3",
    expected: "sha256:old",
    keep: "off",
    shareRule: false,
    allows: null,
    acceptLoss: false,
    takenName: "unasked",
  };

  it("opens with what was ordered, a new plan, and its reason", async () => {
    const draft = new PushDraft(door, { order, name: "aligner:dev", problem: problem("tagMoved") });
    await settle();
    expect(draft.problem?.code).toBe("tagMoved");
    expect(draft.keeping.answer).toBe("off");
    expect(draft.ready).toBe(true);
    await draft.push();
    expect(door.orders[0]?.expected).toBe(DIGEST);
  });

  it("asks for the loss where nothing could be kept", async () => {
    const draft = new PushDraft(door, { order, name: null, problem: problem("notKept") });
    await settle();
    expect(draft.keeping.asksLoss).toBe(true);
    expect(draft.ready).toBe(false);
  });
});

describe("answers", () => {
  const rule = (changes: Partial<Extract<KeepPlan, { kind: "rule" }>>): KeepPlan => ({
    kind: "rule",
    setBy: { kind: "thisComputer" },
    rule: "on-request",
    commitTag: "t",
    alreadyKept: false,
    without: "w",
    asks: null,
    ...changes,
  });

  it("fit the plan", () => {
    expect(answerOf(ASK)).toBe("eachOverwrite");
    expect(answerOf({ ...ASK, preselected: "push" } as KeepPlan)).toBe("everyPush");
    expect(answerOf({ ...ASK, preselected: "on-request" } as KeepPlan)).toBe("justThis");
    expect(answerOf({ ...ASK, preselected: "off" } as KeepPlan)).toBe("off");
    expect(answerOf(rule({}))).toBe("notThis");
    expect(answerOf(rule({ alreadyKept: true }))).toBe("byRule");
    expect(answerOf(rule({ rule: "overwrite" }))).toBe("byRule");
    expect(answerOf(rule({ rule: "off" }))).toBe("byRule");
  });

  it("are stored for everyone only where they are a rule, were asked for, and the box was ticked", async () => {
    const draft = await opened();
    draft.keeping.share = true;
    draft.keeping.choose("everyPush");
    expect(draft.keeping.order).toEqual({ keep: "everyPush", shareRule: true, allows: null, acceptLoss: false });
    draft.keeping.choose("justThis");
    expect(draft.keeping.order.shareRule).toBe(false);
    door.next = plan({ keep: rule({ rule: "overwrite" }) });
    type(draft, "v4");
    await settle();
    expect(draft.keeping.order).toEqual({ keep: "byRule", shareRule: false, allows: null, acceptLoss: false });
  });

  it("may be no, this time, where the rule keeps by itself", async () => {
    door.next = plan({ keep: rule({ rule: "push" }) });
    const draft = await opened();
    draft.keeping.choose("notThis");
    type(draft, "v4");
    await settle();
    expect(draft.keeping.order.keep).toBe("notThis");
    expect(draft.ready).toBe(true);
  });
});

describe("where the account that is meant may only read", () => {
  it("another one pushes, and both are told", async () => {
    door.writers.acc = "writer";
    const draft = await opened();
    expect([draft.account, draft.instead]).toEqual(["writer", "acc"]);
    await draft.push();
    expect(door.orders.map((order) => order.account)).toEqual(["writer"]);
    expect(door.questions.at(-1)?.account).toBe("writer");
    expect(door.asked).toEqual(["acc genomics/aligner"]);
  });

  it("is meant again where another repository is typed", async () => {
    door.writers.acc = "writer";
    const draft = await opened();
    expect(draft.account).toBe("writer");
    door.writers = {};
    draft.repository = "genomics/caller";
    draft.changed();
    await settle();
    expect([draft.account, draft.instead]).toEqual(["acc", null]);
    expect(door.asked).toEqual(["acc genomics/aligner", "acc genomics/caller"]);
  });

  it("is not looked for once the sheet is gone", async () => {
    door.writers.acc = "writer";
    const draft = new PushDraft(door, dropped);
    draft.close();
    await settle();
    expect(draft.account).toBe("acc");
  });

  it("it is used all the same where a person says so, and nobody is asked again", async () => {
    door.writers.acc = "writer";
    const draft = await opened();
    draft.use("acc");
    await settle();
    type(draft, "v9");
    await settle();
    expect([draft.account, draft.instead]).toEqual(["acc", null]);
    await draft.push();
    expect(door.orders.map((order) => order.account)).toEqual(["acc"]);
    expect(door.asked).toHaveLength(1);
  });

  it("a push that came back is ordered by the account it was ordered by", async () => {
    door.writers.acc = "writer";
    const order: PushOrder = {
      image: "sha256:d41e",
      name: null,
      account: "acc",
      repository: "genomics/aligner",
      tag: "v3",
      expected: null,
      keep: "byRule",
      shareRule: false,
      allows: null,
      acceptLoss: false,
      takenName: "unasked",
    };
    const draft = new PushDraft(door, { order, name: null, problem: problem("tagMoved") });
    await settle();
    expect([draft.account, door.asked]).toEqual(["acc", []]);
  });
});
