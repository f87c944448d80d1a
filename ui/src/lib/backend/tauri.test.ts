import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, expect, it } from "vitest";
import type { Backend } from "./backend";
import { tauriBackend } from "./tauri";

afterEach(clearMocks);

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

it("sends every call as the command of the same name, with its arguments by name", async () => {
  const sent: [string, unknown][] = [];
  mockIPC((command, given) => void sent.push([command, given]));
  const backend = tauriBackend();
  const given: Partial<Record<keyof Backend, [unknown[], Record<string, unknown>]>> = {
    savePreferences: [["p"], { preferences: "p" }],
    readAddress: [["t"], { text: "t" }],
    takeLoginSecret: [["t"], { text: "t" }],
    probeRegistry: [["a", "c"], { address: "a", connection: "c" }],
    lookAtCertificate: [["a", "c"], { address: "a", connection: "c" }],
    changeConnection: [["i", "c"], { id: "i", connection: "c" }],
    addAccount: [["a"], { account: "a" }],
    signIn: [["i", "a"], { id: "i", account: "a" }],
    signOut: [["i"], { id: "i" }],
    approveSignIn: [["i", "basic"], { id: "i", way: "basic" }],
    removeAccount: [["i", true], { id: "i", forget: true }],
    openEncryptedFile: [["p"], { passphrase: "p" }],
    repositories: [["a", "b"], { account: "a", after: "b" }],
    refreshRepositories: [["a"], { account: "a" }],
    openPath: [["a", "t"], { account: "a", text: "t" }],
    forgetPath: [["a", "r"], { account: "a", repository: "r" }],
    checkConnection: [["a", "r", true], { account: "a", repository: "r", whole: true }],
    tryUpload: [["a"], { account: "a" }],
    checkReport: [["a"], { account: "a" }],
    impossible: [["a"], { account: "a" }],
    hostingFolder: [["f"], { folder: "f" }],
    downloadRegistry: [["w"], { way: "w" }],
    hostRegistry: [["o"], { order: "o" }],
    startHosted: [["i"], { id: "i" }],
    stopHosted: [["i"], { id: "i" }],
    planUnhost: [["i"], { id: "i" }],
    unhost: [["o"], { order: "o" }],
    kind: [["a"], { account: "a" }],
    chooseKind: [["o"], { order: "o" }],
    letRun: [["o"], { order: "o" }],
    letRunNoMore: [["a"], { account: "a" }],
    loginByCommand: [["polly"], { vendor: "polly" }],
    readListing: [["o"], { order: "o" }],
    importListing: [["o"], { order: "o" }],
    secondSignIn: [["a"], { account: "a" }],
    giveSecond: [["o"], { order: "o" }],
    removeSecond: [["a"], { account: "a" }],
    projects: [["a"], { account: "a" }],
    tags: [["a", "r", "t"], { account: "a", repository: "r", after: "t" }],
    keepTop: [["a", "r", "t"], { account: "a", repository: "r", top: "t" }],
    refreshTags: [["a", "r"], { account: "a", repository: "r" }],
    resolveTag: [["a", "r", "t"], { account: "a", repository: "r", tag: "t" }],
    commits: [["a", "r", "t"], { account: "a", repository: "r", tag: "t" }],
    refreshCommits: [["a", "r", "t"], { account: "a", repository: "r", tag: "t" }],
    refreshTimeline: [["a", "r"], { account: "a", repository: "r" }],
    planPush: [["q"], { question: "q" }],
    teamNote: [["a", "r"], { account: "a", repository: "r" }],
    startPush: [["o"], { order: "o" }],
    startPull: [["o"], { order: "o" }],
    planBuild: [["q"], { question: "q" }],
    buildLog: [["t"], { task: "t" }],
    startBuild: [["o"], { order: "o" }],
    planCommit: [["c"], { container: "c" }],
    startCommit: [["o"], { order: "o" }],
    readName: [["q"], { question: "q" }],
    tagImage: [["o"], { order: "o" }],
    orderedPush: [["t"], { task: "t" }],
    orderedPull: [["t"], { task: "t" }],
    cancelTask: [["i"], { id: "i" }],
    retryTask: [["i"], { id: "i" }],
    dismissTask: [["i"], { id: "i" }],
    setSettings: [["v"], { values: "v" }],
    answerRule: [["o"], { order: "o" }],
    imageFacts: [[["i"]], { ids: ["i"] }],
    containerFacts: [[["i"]], { ids: ["i"] }],
    planRemove: [["r"], { rows: "r" }],
    removeImage: [["o"], { order: "o" }],
    startSave: [["o"], { order: "o" }],
    planLoad: [["p"], { path: "p" }],
    startLoad: [["o"], { order: "o" }],
    choosePath: [["folder"], { what: "folder" }],
    searchPublic: [["t", 1], { term: "t", page: 1 }],
    stopAsking: [["w"], { whom: "w" }],
  };
  const names = (Object.keys(backend) as (keyof Backend)[]).filter((name) => name !== "listen");
  for (const name of names) {
    const call = backend[name] as (...values: unknown[]) => Promise<unknown>;
    await call(...(given[name]?.[0] ?? []));
    expect(sent.pop()).toEqual([snake(name), given[name]?.[1] ?? {}]);
  }
  expect(names).toHaveLength(123);
});

it("rejects with a problem, whatever the shell threw", async () => {
  const given = { code: "signIn", message: "No.", hints: [], detail: null };
  mockIPC((command) => {
    throw command === "accounts" ? given : "start not allowed on window main";
  });
  await expect(tauriBackend().accounts()).rejects.toEqual(given);
  await expect(tauriBackend().start()).rejects.toMatchObject({
    code: "other",
    message: expect.stringMatching("not allowed"),
  });
});
