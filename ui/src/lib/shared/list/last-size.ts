/**
 * How large a list was the last time: the next one of its kind will be as large, and is drawn rightly before it is measured.
 * Asking the page for a size while it is being made has it laid out there and then, once for each that asks. What is told
 * of a size afterwards counts (`ResizeObserver`, before the frame is drawn). Not here: what becomes of a size.
 */

export interface Size {
  width: number;
  height: number;
}

const sizes = new Map<string, Size>();

/** Forgets all of them. */
export function forgetSizes(): void {
  sizes.clear();
}

/**
 * Tells how large an element is, at once and whenever that changes, until the returned function is called. `kind` names
 * what is of one size; null: nothing else is.
 */
export function watchSize(element: HTMLElement, kind: string | null, tell: (size: Size) => void): () => void {
  const measure = (): void => {
    const size = { width: element.clientWidth, height: element.clientHeight };
    if (kind !== null && size.width > 0) sizes.set(kind, size); // one that isn't on show has none
    tell(size);
  };
  const last = kind === null ? undefined : sizes.get(kind);
  if (last === undefined) measure();
  else tell(last);
  const watch = new ResizeObserver(measure);
  watch.observe(element);
  return () => watch.disconnect();
}
