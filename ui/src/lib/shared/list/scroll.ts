// Where the list of a page was scrolled to: put back once its rows are there, and told whenever it changes.

/** How long rows may take to come (ms); later the person is at another place in their mind. */
const PATIENCE = 5000;
/** What tells that somebody has chosen a place by now. */
const HANDS = ["wheel", "pointerdown", "keydown"] as const;

/** Scrolls the first list inside an element to where it was; the returned function ends it. */
export function scrollBack(inside: HTMLElement, left: number, told: (scroll: number) => void): () => void {
  let wanted = left > 0 ? left : null;
  const since = performance.now();
  let frame = 0;
  const put = (): void => {
    if (wanted === null || performance.now() - since > PATIENCE) return give();
    const list = inside.querySelector<HTMLElement>("[data-scroll]");
    if (list !== null && list.scrollHeight - list.clientHeight >= wanted) {
      list.scrollTop = wanted;
      if (Math.abs(list.scrollTop - wanted) < 1) return give();
    }
    frame = requestAnimationFrame(put);
  };
  const give = (): void => {
    wanted = null;
    for (const hand of HANDS) window.removeEventListener(hand, give, true);
  };
  const scrolled = (event: Event): void => {
    const first = inside.querySelector("[data-scroll]");
    if (wanted === null && event.target === first && first !== null) told(first.scrollTop);
  };
  if (wanted !== null) {
    for (const hand of HANDS) window.addEventListener(hand, give, true);
    put();
  }
  inside.addEventListener("scroll", scrolled, true);
  return () => {
    cancelAnimationFrame(frame);
    give();
    inside.removeEventListener("scroll", scrolled, true);
  };
}
