// A table's head stands above its scrolling rows: where these get a scrollbar, the head gives way by its width.

import type { Attachment } from "svelte/attachments";

/** Sets `--gutter` on a table to the width of the scrollbar of the list in it. */
export const gutter: Attachment<HTMLElement> = (table) => {
  const scroller = table.querySelector<HTMLElement>("[data-scroll]");
  const inner = scroller?.firstElementChild;
  if (!scroller || !inner) return;
  const measure = (): void => {
    table.style.setProperty("--gutter", `${Math.max(0, scroller.offsetWidth - scroller.clientWidth)}px`);
  };
  const watch = new ResizeObserver(measure);
  watch.observe(inner); // it is as wide as the scrollbar leaves it, and told so before the frame is drawn
  return () => watch.disconnect();
};
