// What the test's browser lacks: sizes and popovers. Every element is as large as a small window, so that virtual
// lists draw rows; a popover is always there. And patience: no test measures a time, and a busy machine is slow.

import { configure } from "@testing-library/svelte";
import { beforeEach } from "vitest";
import { forgetSizes } from "../lib/shared/list/last-size";

configure({ asyncUtilTimeout: 10_000 });

for (const [name, size] of Object.entries({
  offsetHeight: 600,
  offsetWidth: 900,
  clientHeight: 600,
  clientWidth: 900,
})) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
}
HTMLElement.prototype.showPopover ??= () => undefined;
HTMLElement.prototype.hidePopover ??= () => undefined;
// A size that a test gives is of that test.
beforeEach(forgetSizes);
