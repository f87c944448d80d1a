// The first frame: the window's parts as `index.html` has them. What stands in them is asked for at once, and its code is
// read as soon as the parts are drawn, so that neither waits for the other.

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/opening.css";
import { chooseBackend } from "./choose-backend";
import { askAhead } from "./lib/backend/ahead";
import { noteHand } from "./lib/shared/drag/hand";
import { system } from "./lib/shared/system";

/** How long the first frame is waited for (ms): a window that nobody sees draws none. */
const FIRST_FRAME = 100;

document.documentElement.dataset["system"] = system;

const target = document.getElementById("app");
if (target !== null) {
  noteHand();
  void open(target);
}

async function open(target: HTMLElement): Promise<void> {
  const backend = askAhead(await chooseBackend());
  await drawn();
  const { fill } = await import("./window");
  fill(target, backend);
}

/** Settles when a frame was drawn, or none is to be waited for. */
function drawn(): Promise<void> {
  return new Promise((settle) => {
    setTimeout(settle, FIRST_FRAME);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => settle();
      port2.postMessage(null);
    });
  });
}
