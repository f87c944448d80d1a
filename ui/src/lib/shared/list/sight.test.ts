import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Sight } from "./sight";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const asked: string[][] = [];
  return { asked, sight: new Sight((keys) => asked.push(keys)) };
}

it("asks for what is in sight once the list rests, and for each row once", () => {
  const { asked, sight } = watched();
  sight.see(["a", "b"]);
  vi.advanceTimersByTime(100);
  sight.see(["b", "c", "b"]);
  vi.advanceTimersByTime(149);
  expect(asked).toEqual([]);
  vi.advanceTimersByTime(1);
  sight.see(["c", "d"]);
  vi.advanceTimersByTime(150);
  sight.see(["c"]);
  vi.advanceTimersByTime(150);
  expect(asked).toEqual([["b", "c"], ["d"]]);
});

it("asks again for what was told before, and for nothing once it is closed", () => {
  const { asked, sight } = watched();
  sight.see(["a"]);
  vi.advanceTimersByTime(150);
  sight.forget();
  vi.advanceTimersByTime(150);
  sight.see(["b"]);
  sight.close();
  vi.advanceTimersByTime(1000);
  expect(asked).toEqual([["a"], ["a"]]);
});

it("asks for no more at once than a window shows", () => {
  const { asked, sight } = watched();
  sight.see(Array.from({ length: 200 }, (_, n) => String(n)));
  vi.advanceTimersByTime(150);
  expect(asked.map((keys) => keys.length)).toEqual([60]);
});
