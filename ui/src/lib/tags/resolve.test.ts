import { describe, expect, it } from "vitest";
import { ResolveQueue } from "./resolve";

/** Makes a question that is answered when the test says so. */
function scripted() {
  const asked: string[] = [];
  const answers = new Map<string, () => void>();
  const ask = (name: string): Promise<void> => {
    asked.push(name);
    return new Promise((resolve) => answers.set(name, resolve));
  };
  const answer = async (name: string): Promise<void> => {
    answers.get(name)?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { asked, ask, answer };
}

describe("the resolve queue", () => {
  it("never has more than its limit under way", async () => {
    const { asked, ask, answer } = scripted();
    const queue = new ResolveQueue(ask, 2);
    queue.show(["a", "b", "c"]);
    expect(asked).toEqual(["a", "b"]);
    await answer("a");
    expect(asked).toEqual(["a", "b", "c"]);
  });

  it("asks what is on screen before what is behind", async () => {
    const { asked, ask, answer } = scripted();
    const queue = new ResolveQueue(ask, 1);
    queue.behind(["x", "y", "z"]);
    queue.show(["z"]);
    await answer("x");
    await answer("z");
    await answer("y");
    expect(asked).toEqual(["x", "z", "y"]);
  });

  it("forgets what was scrolled past before it was asked", async () => {
    const { asked, ask, answer } = scripted();
    const queue = new ResolveQueue(ask, 1);
    queue.show(["a", "b"]);
    queue.show(["m"]);
    await answer("a");
    expect(asked).toEqual(["a", "m"]);
  });

  it("asks once, and again after a restart", async () => {
    const { asked, ask, answer } = scripted();
    const queue = new ResolveQueue(ask, 6);
    queue.show(["a"]);
    await answer("a");
    queue.show(["a"]);
    expect(asked).toEqual(["a"]);
    queue.restart();
    expect(asked).toEqual(["a", "a"]);
  });

  it("asks again what was forgotten, on screen or behind", async () => {
    const { asked, ask, answer } = scripted();
    const queue = new ResolveQueue(ask, 6);
    queue.behind(["a", "b"]);
    await answer("a");
    await answer("b");
    queue.forget(["b"]);
    queue.behind(["a", "b"]);
    expect(asked).toEqual(["a", "b", "b"]);
  });

  it("goes on after an answer that failed, and stops when told", async () => {
    const asked: string[] = [];
    const queue = new ResolveQueue(async (name) => {
      asked.push(name);
      await Promise.resolve();
      if (name === "b") queue.stop();
    }, 1);
    queue.show(["a", "b", "c"]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(asked).toEqual(["a", "b"]);
  });
});
