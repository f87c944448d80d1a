// Which hand is at work. Some web views show no ring where the keyboard moves a focus that a press had set.

/** Marks the page while the keyboard is in use; base.css draws the ring by it. Ends with the returned function. */
export function noteHand(page: Document = document): () => void {
  const root = page.documentElement;
  const keys = (event: KeyboardEvent): void => {
    if (!["Shift", "Control", "Alt", "Meta"].includes(event.key)) root.dataset["keys"] = "";
  };
  const press = (): void => void delete root.dataset["keys"];
  page.addEventListener("keydown", keys, true);
  page.addEventListener("pointerdown", press, true);
  return () => {
    page.removeEventListener("keydown", keys, true);
    page.removeEventListener("pointerdown", press, true);
    press();
  };
}
