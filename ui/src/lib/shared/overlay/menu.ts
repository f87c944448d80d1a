// Where a menu opens, and what stands in it.

import { isPressed, type Chord } from "../keys";
import { isOnRow, isPlain } from "../list/grid";

export interface MenuItem {
  label: string;
  choose: () => void;
  /** Shown beside the label, and heard on the row that the menu is of. */
  shortcut?: Chord;
  danger?: boolean;
  disabled?: boolean;
  /** Why it can't be done, as a sentence: it stands below the label, which can be gone to and not pressed. */
  why?: string;
  testid?: string;
}

/** A menu, and what it is for. */
export interface NamedMenu {
  /** Read aloud. */
  name: string;
  items: readonly MenuItem[];
}

export type Spot = { x: number; y: number; width?: number; height?: number };

/** Finds the item whose shortcut was pressed. */
export function pressedItem(items: readonly MenuItem[], event: KeyboardEvent): MenuItem | undefined {
  return items.find(({ shortcut }) => shortcut !== undefined && isPressed(shortcut, event));
}

/** Returns an item without its shortcut, where the key is of something else now. */
export function withoutKey(item: MenuItem): MenuItem {
  const alone = { ...item };
  delete alone.shortcut;
  return alone;
}

/** Does what a key asks for of a row's menu, where it was pressed on the row itself; true where the key is taken. */
export function menuKey(items: readonly MenuItem[], event: KeyboardEvent): boolean {
  if (!isPlain(event) || !isOnRow(event)) return false;
  const item = pressedItem(items, event);
  if (item === undefined) return false;
  event.preventDefault();
  if (item.disabled !== true) item.choose(); // what can't be done says why
  return true;
}

/** Opens a popover under a box or at a point, kept inside the window, with the focus on its first item. */
export function openMenu(list: HTMLElement, spot: Spot): void {
  if (!list.matches(":popover-open")) list.showPopover();
  const { offsetWidth: wide, offsetHeight: high } = list;
  const below = spot.y + (spot.height ?? 0) + 2;
  const fits = below + high <= window.innerHeight - 4;
  const top = fits ? below : Math.max(4, spot.y - high - 2);
  const left = Math.min(Math.max(4, spot.x), window.innerWidth - wide - 4);
  list.style.top = `${top}px`;
  list.style.left = `${left}px`;
  list.querySelector<HTMLElement>("[role^=menuitem]:not(:disabled)")?.focus();
}
