import { describe, expect, it, vi } from "vitest";
import type { TaskView } from "../backend/backend";
import { dispatch, register } from "./actions";

const task = { id: "t1" } as TaskView;

describe("an action", () => {
  it("that nobody has registered is a mistake", () => {
    expect(() => dispatch("pushAgain", task)).toThrow("nothing does the action pushAgain");
  });

  it("is done by whoever registered it last", () => {
    const [first, last] = [vi.fn(), vi.fn()];
    register("pushAgain", first);
    register("pushAgain", last);
    dispatch("pushAgain", task);
    expect(first).not.toHaveBeenCalled();
    expect(last).toHaveBeenCalledExactlyOnceWith(task);
  });
});
