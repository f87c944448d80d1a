// What the head of a column says and does of the rows' order: a press goes on to the next of its orders. Pure.

import { words } from "../../messages";
import type { Column, Sort } from "./columns";

/** An order that runs down is named so. */
const DOWN = new Set(["nameDown", "newest", "largest", "version"]);

/** Returns, for the orders of one column, what its head needs: the first of them is what a first press orders by. */
export function orderHead<T extends string>(
  now: T,
  names: Readonly<Record<T, string>>,
  choose: (order: T) => void,
): (orders: readonly [T, ...T[]]) => Pick<Column, "sort" | "next" | "onsort"> {
  return (orders) => {
    const at = orders.indexOf(now);
    const next = orders[(at + 1) % orders.length] ?? orders[0];
    const sort: Sort = at < 0 ? "none" : DOWN.has(now) ? "descending" : "ascending";
    return { sort, next: words.shared.columns.orderBy(names[next]), onsort: () => choose(next) };
  };
}
