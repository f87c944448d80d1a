/** How long what waits for a frame waits where none is drawn, as in a window that nobody sees (ms). */
const UNSEEN = 50;

/** Settles once what is on show was drawn: what takes time begins after it, and never holds up what is known. */
export function drawn(): Promise<void> {
  return new Promise((settle) => {
    const late = setTimeout(settle, UNSEEN);
    requestAnimationFrame(() => {
      clearTimeout(late);
      setTimeout(settle);
    });
  });
}
