// How wide a part of the page is, told to the styles of what stands in it. A container query would do the same, but
// WebKit compares it with the page's pixels before they were enlarged: at twice the size of text nothing gives way.

import type { Attachment } from "svelte/attachments";

/** The widths, in pixels of the text's size, at which something gives way. */
const STEPS = [460, 520, 560, 600, 640, 700] as const;

/** Returns the steps that a width does not exceed: `data-room~="460"` is true up to 460 pixels. */
export function roomOf(wide: number): string {
  return STEPS.filter((step) => wide > 0 && wide <= step).join(" ");
}

/** Sets `data-room` on an element by its width. */
export const room: Attachment<HTMLElement> = (element) => {
  const measure = (): void => {
    const told = roomOf(element.clientWidth);
    if ((element.dataset["room"] ?? "") !== told) element.dataset["room"] = told;
  };
  // It is told before the frame is drawn; to ask here would have the page laid out once more for each part of it.
  const watch = new ResizeObserver(measure);
  watch.observe(element);
  return () => watch.disconnect();
};
