import { beforeEach, describe, expect, it, vi } from "vitest";
import { started, settle } from "../../test/start";
import type { AccountView, WayView } from "../backend/backend";
import { account, way } from "../fake/data";
import { problem, type FakeBackend } from "../fake/fake";
import { words } from "../messages";
import { AddressForm } from "./form.svelte";
import { holdBack } from "./pasted";

let backend: FakeBackend;
let made: AccountView[];
let form: AddressForm;

beforeEach(async () => {
  vi.useFakeTimers();
  backend = await started();
  made = [];
  form = new AddressForm({ done: (one) => made.push(one) });
  return () => vi.useRealTimers();
});

async function typed(text: string): Promise<void> {
  form.type(text);
  await vi.advanceTimersByTimeAsync(400);
}

const asked = (name: string): unknown[] => backend.calls.filter((call) => call[0] === name).map((call) => call[1]);

describe("the address, while one types", () => {
  it("is asked once, after a pause", async () => {
    for (const text of ["r", "reg", "registry.example"]) {
      form.type(text);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked("probeRegistry")).toEqual([]);
    await vi.advanceTimersByTimeAsync(400);
    expect(asked("probeRegistry")).toEqual(["registry.example"]);
    expect(form.diagnosis).toMatchObject({ kind: "answers", probe: { tls: true, wantsSignIn: true } });
  });

  it("is diagnosed in a sentence where nobody answers", async () => {
    await typed("x.invalid");
    expect(form.diagnosis).toMatchObject({ kind: "problem", problem: { message: "No computer is called x.invalid." } });
    expect(form.canSubmit).toBe(true); // the person may know better
  });

  it("says what is not an address without asking anybody", async () => {
    await typed("two words");
    expect(form.diagnosis).toMatchObject({ kind: "problem", problem: { code: "address" } });
    expect(asked("probeRegistry")).toEqual([]);
  });

  it("keeps a path for after the sign-in", async () => {
    await typed("registry.example/team/tool");
    expect(form.droppedPath).toBe("team/tool");
    expect(asked("probeRegistry")).toEqual(["registry.example"]);
  });

  it("may be for what stands behind the host alone", async () => {
    await typed("registry.example/team");
    expect(form.namespace).toBeNull(); // without a sign-in there is nothing to choose
    [form.user, form.secret] = ["ana", "s"];
    expect([form.namespace, form.isForPath, form.offersAlong]).toEqual(["team", false, true]);
    form.isForPath = true;
    expect(form.offersAlong).toBe(false); // programs keep one sign-in for all of a registry
    await form.submit();
    expect(asked("addAccount")).toMatchObject([{ namespace: "team" }]);
    expect(made[0]?.namespace).toBe("team");
    // Another address is another choice; a tag is none.
    await typed("registry.example/team/tool:v1");
    expect([form.namespace, form.isForPath]).toEqual([null, false]);
  });

  it("is for the path that a sign-in was found for, unless a person says otherwise", async () => {
    const found = { host: "quay.io", namespace: "team", user: "ana", sandboxSecret: null, helper: null };
    form.pick({ ...found, source: "podman", from: "x" });
    await vi.advanceTimersByTimeAsync(400);
    expect([form.namespace, form.isForPath]).toEqual(["team", true]);
    form.isForPath = false;
    await form.submit();
    expect(asked("addAccount")).not.toMatchObject([{ namespace: "team" }]);
  });

  it.each([
    ["docker pull registry.example/team/tool:v1", "registry.example", "team/tool"],
    ["$ sudo docker pull --platform linux/arm64 -q localhost:5000/tool", "localhost:5000", "tool"],
    ["podman pull team/tool", "docker.io", "team/tool"],
    ["docker pull postgres:16", "docker.io", "library/postgres"],
  ])("reads what a pull line names: %s", async (line, host, path) => {
    await typed(line);
    expect(asked("probeRegistry")).toEqual([host]);
    expect(form.droppedPath).toContain(path);
  });

  it("leaves a pull line that is written by hand as it is, and reads it at its end", async () => {
    const line = "docker pull registry.example/team/tool:v1";
    for (let end = 1; end <= line.length; end += 1) form.type(line.slice(0, end));
    expect(form.address).toBe(line);
    await vi.advanceTimersByTimeAsync(400);
    expect(form.address).toBe(line);
    expect(asked("probeRegistry")).toEqual(["registry.example"]);
    expect(form.droppedPath).toContain("team/tool");
    await form.submit();
    expect(made.map((one) => one.host)).toEqual(["registry.example"]);
  });

  it("goes back to nothing when it is emptied, and an answer that comes late changes nothing", async () => {
    form.type("registry.example", { now: true });
    form.type("");
    await settle();
    expect(form.diagnosis).toEqual({ kind: "idle" });
    expect(form.canSubmit).toBe(false);
  });
});

describe("a pasted docker login line", () => {
  it("fills the fields, and leaves no secret in the address", async () => {
    form.type("docker login -u ana -p s3cret registry.example", { now: true });
    await settle();
    expect([form.address, form.user, form.secret]).toEqual(["registry.example", "ana", "s3cret"]);
    expect(form.diagnosis.kind).toBe("answers");
  });
});

describe("what may hold a secret", () => {
  const lines = [
    "docker login -u ana -p s3cret registry.example",
    "sudo -E docker login -u ana -p s3cret registry.example",
    "podman login registry.example --username ana --password=s3cret",
    "echo s3cret | docker login -u ana --password-stdin registry.example",
    "https://ana:s3cret@registry.example/team",
    "ana:s3cret@registry.example",
    "docker login registry.example\ns3cret",
    "some words with s3cret",
  ];
  it.each(lines)("leaves the field at once: %j", async (line) => {
    form.type("reg");
    form.type(line, { now: true });
    expect(form.address).toBe("");
    await settle();
    expect(form.address).not.toContain("s3cret");
  });

  it.each(lines)("leaves it at once too where another program fills the field: %j", (line) => {
    form.type(line);
    expect(form.address).toBe("");
  });

  it("is not seen in what is typed by hand, key by key", () => {
    for (let end = 1; end <= 9; end += 1) form.type("two words".slice(0, end));
    expect(form.address).toBe("two words");
  });

  it("never reaches a field where it was pasted or dropped", () => {
    const taken: string[] = [];
    const { onpaste, onbeforeinput } = holdBack((text) => taken.push(text));
    const field = document.createElement("input");
    field.addEventListener("paste", onpaste);
    field.addEventListener("beforeinput", onbeforeinput);
    const data = (text: string): DataTransfer => {
      const made = new DataTransfer();
      made.setData("text/plain", text);
      return made;
    };
    const paste = new ClipboardEvent("paste", { clipboardData: data(lines[0] ?? ""), cancelable: true });
    const drop = new InputEvent("beforeinput", { inputType: "insertFromDrop", data: lines[1], cancelable: true });
    const plain = new ClipboardEvent("paste", { clipboardData: data("registry.example"), cancelable: true });
    const key = new InputEvent("beforeinput", { inputType: "insertText", data: "@", cancelable: true });
    for (const event of [paste, drop, plain, key]) field.dispatchEvent(event);
    expect([paste, drop, plain, key].map((event) => event.defaultPrevented)).toEqual([true, true, false, false]);
    expect(taken).toEqual(lines.slice(0, 2));
  });
});

describe("a name in another alphabet", () => {
  it("is shown beside the one that is used", async () => {
    await typed("xn--bcher-kva.example");
    expect(form.readable).toBe("bücher.example");
    await typed("registry.example");
    expect(form.readable).toBeNull();
  });
});

describe("where a secret goes", () => {
  it("is shown before it is sent, and what was shown is what is agreed to", async () => {
    backend.signIns.tokenServices["docker.example"] = "auth.docker.example";
    await typed("docker.example");
    expect(form.ways.map((way) => way.to)).toEqual(["auth.docker.example"]);
    [form.user, form.secret] = ["ana", "right"];
    await form.submit();
    expect(asked("addAccount")).toMatchObject([{ agreed: ["bearer https://auth.docker.example"] }]);
  });

  it("is waited for: nothing is sent before it was shown", async () => {
    form.type("registry.example");
    [form.user, form.secret] = ["ana", "right"];
    expect(form.canSubmit).toBe(false);
    await form.submit();
    expect(asked("addAccount")).toEqual([]);
    await vi.advanceTimersByTimeAsync(400);
    expect(form.canSubmit).toBe(true);
  });

  it("is asked again where nobody answered, and only shown then", async () => {
    await typed("x.invalid");
    [form.user, form.secret] = ["ana", "right"];
    await form.submit();
    expect(asked("probeRegistry")).toHaveLength(2);
    expect(asked("addAccount")).toEqual([]);
  });

  it("is shown anew where the registry asks otherwise by then; the next press agrees", async () => {
    await typed("registry.example");
    [form.user, form.secret] = ["ana", "right"];
    backend.signIns.tokenServices["registry.example"] = "evil.example";
    await form.submit();
    expect([form.problem?.code, made]).toEqual(["signInChanged", []]);
    expect(form.ways.map((way) => way.to)).toEqual(["evil.example"]);
    await form.submit();
    expect(asked("addAccount")).toMatchObject([{ agreed: ["basic"] }, { agreed: ["bearer https://evil.example"] }]);
  });

  it("is set beside where it went so far when one signs in again", async () => {
    const known = account("registry.polly.example", { ways: [way("registry.polly.example", true)] });
    form = new AddressForm({ account: known, done: (one) => made.push(one) });
    await settle();
    expect(form.elsewhere).toBe(false);
    backend.signIns.tokenServices["registry.polly.example"] = "evil.example";
    form = new AddressForm({ account: known, done: (one) => made.push(one) });
    await settle();
    expect(form.elsewhere).toBe(true);
  });
});

describe("where the secret goes when one signs in again", () => {
  const [own, tokens] = [way("registry.polly.example", true), way("auth.example")];

  async function again(ways: WayView[]): Promise<void> {
    form = new AddressForm({ account: account("registry.polly.example", { ways }), done: (one) => made.push(one) });
    form.secret = "right";
    await settle();
  }

  it("is shown with what was agreed to before, as some paths ask otherwise than the first question does", async () => {
    await again([own, tokens]);
    expect([form.ways, form.elsewhere]).toEqual([[own, tokens], false]);
    await form.submit();
    expect(backend.calls.find((call) => call[0] === "signIn")?.[2]).toMatchObject({ agreed: [own.way, tokens.way] });
  });

  it("is only what the registry asks for where that is something new", async () => {
    await again([tokens]);
    expect([form.ways, form.elsewhere]).toEqual([[own], true]);
  });

  it("is what the registry asks for where nothing is known of before", async () => {
    await again([]);
    expect([form.ways, form.elsewhere]).toEqual([[own], false]);
  });
});

describe("signing in", () => {
  it("gives what was typed, and ends", async () => {
    await typed("registry.example");
    [form.user, form.secret] = ["ana", "right"];
    await form.submit();
    expect(asked("addAccount")).toEqual([
      {
        address: "registry.example",
        user: "ana",
        secret: "right",
        allowPlainHttp: false,
        keep: { kind: "keychain" },
        agreed: ["basic"],
      },
    ]);
    expect(made.map((one) => one.host)).toEqual(["registry.example"]);
  });

  it("says in place that the password is wrong, and can be tried again", async () => {
    await typed("registry.example");
    [form.user, form.secret] = ["ana", "wrong"];
    await form.submit();
    expect(form.problem?.code).toBe("signIn");
    expect([made, form.busy]).toEqual([[], false]);
    form.secret = "right";
    await form.submit();
    expect(form.problem).toBeNull();
    expect(made).toHaveLength(1);
  });

  it.each([
    ["ana", "", words.accounts.secretMissing],
    ["", "secret", words.accounts.userMissing],
  ])("asks for what is missing beside %j and %j", async (user, secret, said) => {
    await typed("registry.example");
    [form.user, form.secret] = [user, secret];
    await form.submit();
    expect(form.missing).toBe(said);
    expect(asked("addAccount")).toEqual([]);
  });

  it("is anonymous with both fields empty", async () => {
    await typed("open.example");
    await form.submit();
    expect(made[0]).toMatchObject({ state: "anonymous", user: null });
  });

  it("asks once before a registry without TLS is used", async () => {
    await typed("plain.example");
    expect([form.needsConsent, form.canSubmit]).toEqual([true, false]);
    await form.submit();
    expect(asked("addAccount")).toEqual([]);
    form.allowPlainHttp = true;
    await form.submit();
    expect(asked("addAccount")).toMatchObject([{ allowPlainHttp: true }]);
  });

  it("forgets a yes to plain HTTP when the address changes", async () => {
    await typed("plain.example");
    form.allowPlainHttp = true;
    await typed("plain.example.org");
    expect(form.allowPlainHttp).toBe(false);
  });

  it("offers to stay signed in for now where the keychain is locked, and keeps nothing without that", async () => {
    backend.failing.addAccount = problem("The keychain is locked.", "keychain");
    await typed("registry.example");
    [form.user, form.secret] = ["ana", "right"];
    await form.submit();
    expect(form.keep.refused?.message).toBe("The keychain is locked.");
    expect(form.problem).toBeNull();
    backend.failing = {};
    form.keep.where = "session";
    await form.submit();
    expect(made[0]?.state).toBe("signedInForSession");
  });

  it("keeps it in an encrypted file where there is no keychain, with a passphrase typed twice and then no more", async () => {
    backend.signIns.file.noKeychain = true;
    await typed("registry.example");
    [form.user, form.secret] = ["ana", "right"];
    await form.submit();
    expect(form.keep.file).toEqual({ there: false, open: false, offered: true });
    form.keep.where = "encryptedFile";
    const calls = (): number => backend.calls.filter(([name]) => name === "addAccount").length;
    const before = calls();
    for (const [passphrase, again, word] of [
      ["", "", "Type the passphrase"],
      ["short", "short", "at least 8"],
      ["  short   ", "  short   ", "at least 8"],
      ["correct horse", "correct hose", "differ"],
    ] as const) {
      [form.keep.passphrase, form.keep.again] = [passphrase, again];
      await form.submit();
      expect(form.missing).toContain(word);
    }
    expect(calls()).toBe(before);
    form.keep.again = "correct horse";
    await form.submit();
    expect(made[0]?.state).toBe("signedIn");
    form.forget();
    expect([form.keep.passphrase, form.keep.again]).toEqual(["", ""]);

    form = new AddressForm({ done: (one) => made.push(one) });
    await typed("other.example");
    [form.user, form.secret] = ["ana", "right"];
    await form.submit();
    form.keep.where = "encryptedFile";
    expect(form.keep.asks).toBe(0);
    await form.submit();
    expect(made).toHaveLength(2);
    expect(backend.calls.at(-1)?.[0]).not.toBe("openEncryptedFile");
  });

  it("says a wrong passphrase in place and asks for it once", async () => {
    Object.assign(backend.signIns.file, { noKeychain: true, passphrase: "correct horse" });
    await typed("registry.example");
    [form.user, form.secret] = ["ana", "right"];
    await form.submit();
    form.keep.where = "encryptedFile";
    expect(form.keep.asks).toBe(1);
    form.keep.passphrase = "wrong";
    await form.submit();
    expect(form.problem?.code).toBe("encryptedFile");
    form.keep.passphrase = "correct horse";
    await form.submit();
    expect(form.problem).toBeNull();
    expect(made).toHaveLength(1);
  });

  it("offers no file where the keychain is only locked", async () => {
    backend.failing.addAccount = problem("The keychain is locked.", "keychain");
    await typed("registry.example");
    [form.user, form.secret] = ["ana", "right"];
    await form.submit();
    expect(form.keep.file?.offered).toBe(false);
  });

  it("lets go of the secret when the sheet is closed, and ends nothing afterwards", async () => {
    await typed("registry.example");
    [form.user, form.secret] = ["ana", "right"];
    const going = form.submit();
    form.forget();
    await going;
    expect(form.secret).toBe("");
    expect(made).toEqual([]);
  });

  it("signs an account in again under its own address", async () => {
    const known = account("registry.polly.example");
    form = new AddressForm({ account: known, done: (one) => made.push(one) });
    form.secret = "right";
    await settle();
    await form.submit();
    expect(backend.calls.find((call) => call[0] === "signIn")?.slice(1)).toMatchObject([
      known.id,
      { address: "https://registry.polly.example", user: "ana" },
    ]);
    expect(made).toHaveLength(1);
  });
});

describe("Polly’s command", () => {
  beforeEach(() => form.startFrom("polly", ""));

  it("gives the line that signs in, which is taken as if it had been pasted", async () => {
    await form.signInByCommand();
    await vi.advanceTimersByTimeAsync(400);
    expect(asked("loginByCommand")).toEqual(["polly"]);
    expect([form.user, form.secret]).toEqual(["POLLY", "c2VjcmV0LW9mLXBvbGx5"]);
    expect(form.address).not.toContain(form.secret);
    expect(form.known).toBe("polly");
  });

  it("says why it gives none", async () => {
    backend.kinds.hasCommand = false;
    await form.signInByCommand();
    expect(form.problem?.message).toContain("polly is not on this computer");
    expect(form.runs).toBe(false);
  });

  it("has its account known as Polly’s, and no account that was begun otherwise", async () => {
    await typed("registry.example");
    await form.submit();
    expect(made).toHaveLength(1);
    expect(asked("chooseKind")).toEqual([{ account: made[0]?.id, vendor: "polly" }]);
    form = new AddressForm({ done: (one) => made.push(one) });
    await typed("registry.example");
    await form.submit();
    expect(made).toHaveLength(2);
    expect(asked("chooseKind")).toHaveLength(1);
  });
});
