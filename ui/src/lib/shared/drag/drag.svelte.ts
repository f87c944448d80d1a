// Dragging inside the window, by pointer events: it works beside the system's own file drags, can be driven by a
// test as a person does it, and has the same way by keyboard (mark with Ctrl/Cmd X, drop with Ctrl/Cmd V).

import type { Attachment } from "svelte/attachments";

/** An image of the engine. */
export interface ImagePayload {
  kind: "image";
  id: string;
  name: string | null;
}

/** A container, which becomes an image. */
export interface ContainerPayload {
  kind: "container";
  id: string;
  name: string;
  image: string;
  imageId: string;
}

/** What the desktop drags over the window. */
export interface FilePayload {
  kind: "folder" | "archive" | "other";
  path: string;
  name: string;
  /** Why nothing can be made of it, a sentence; null where something can. */
  why: string | null;
}

export type Payload = ImagePayload | ContainerPayload | FilePayload;

/** Tells whether the desktop drags it; what isn't is a row of the window. */
export function isFile(payload: Payload | null): payload is FilePayload {
  return payload !== null && payload.kind !== "image" && payload.kind !== "container";
}

/** A place that may take a drop. */
export interface DropTarget {
  /** What will happen here: "Push to genomics/aligner". */
  label: (payload: Payload) => string;
  /** Why it can't be taken here, or null where it can. */
  refuses: (payload: Payload) => string | null;
  drop: (payload: Payload) => void;
  /** It is a place for files of the desktop alone: a row that is dragged passes it over. */
  files?: boolean;
  /** Opens a folded group, or shows a repository, when the pointer rests on it. */
  open?: () => void;
}

const THRESHOLD = 4;
const HOLD = 250;
const REST = 600;
const EDGE = 28;
const SPEED = 9;
/** How long it is told why a drop was not taken (ms). */
const SAID = 6000;

const targets = new Map<Element, () => DropTarget>();

interface Pressed {
  payload: Payload;
  pointer: number;
  x: number;
  y: number;
}

class Drag {
  /** What is being dragged now; null while nothing is. */
  payload = $state.raw<Payload | null>(null);
  /** What was marked by keyboard, waiting to be dropped. */
  marked = $state.raw<Payload | null>(null);
  x = $state(0);
  y = $state(0);
  /** The place under the pointer. */
  over = $state.raw<Element | null>(null);
  /** What would happen there, or why it can't. */
  label = $state("");
  refused = $state(false);
  /** Why what was dropped was not taken, a sentence, for a while. */
  said = $state<string | null>(null);
  /** What takes files wherever no other place does. */
  everywhere: DropTarget | null = null;

  #pressed: Pressed | null = null;
  #hold: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #scrolling: ReturnType<typeof setInterval> | undefined;
  #saying: ReturnType<typeof setTimeout> | undefined;

  /** Begins a drag from `pointerdown`: after 4 px or 250 ms. */
  start(payload: Payload, event: PointerEvent): void {
    if (event.button !== 0 || this.#pressed !== null) return;
    if (event.target instanceof Element && event.target.closest("button, a, input, select, textarea")) return;
    this.#pressed = { payload, pointer: event.pointerId, x: event.clientX, y: event.clientY };
    this.#hold = setTimeout(() => this.#begin(), HOLD);
    window.addEventListener("pointermove", this.#move);
    window.addEventListener("pointerup", this.#up);
    window.addEventListener("pointercancel", this.#cancel);
    window.addEventListener("blur", this.#cancel);
    window.addEventListener("keydown", this.#key, true);
    window.addEventListener("dragstart", prevent, true);
  }

  /** Marks what shall be moved: Ctrl/Cmd X on a row, the keyboard's way. */
  mark(payload: Payload | null): void {
    this.marked = payload;
  }

  /** Drops what was marked: Ctrl/Cmd V on a place. Returns whether it was taken. */
  dropMarked(target: DropTarget): boolean {
    const payload = this.marked;
    if (payload === null || target.refuses(payload) !== null) return false;
    this.marked = null;
    target.drop(payload);
    return true;
  }

  /** Takes that the desktop drags something over the window, at this point of it. */
  foreign(payload: FilePayload | null, x: number, y: number): void {
    if (this.#pressed !== null) return;
    const dragged = payload ?? this.payload;
    if (dragged === null) return;
    if (this.payload === null) {
      this.say(null);
      document.documentElement.classList.add("dragging");
      this.#scrolling = setInterval(() => scrollAtEdges(this.x, this.y), 16);
    }
    this.payload = dragged;
    this.#point(x, y);
  }

  /** Drops what the desktop has dragged here. What isn't taken is told in a sentence. */
  foreignDrop(payload: FilePayload, x: number, y: number): void {
    if (this.#pressed !== null) return;
    this.foreign(payload, x, y);
    const target = this.#target();
    const why = target === undefined ? null : target.refuses(payload);
    this.#end();
    if (why !== null) this.say(why);
    else target?.drop(payload);
  }

  /** Says why something was not taken, for a while. */
  say(why: string | null): void {
    clearTimeout(this.#saying);
    this.said = why;
    if (why !== null) this.#saying = setTimeout(() => (this.said = null), SAID);
  }

  /** Ends a drag without a drop. */
  cancel(): void {
    this.#end();
  }

  #begin(): void {
    const pressed = this.#pressed;
    if (pressed === null || this.payload !== null) return;
    clearTimeout(this.#hold);
    this.payload = pressed.payload;
    this.marked = null;
    this.#point(pressed.x, pressed.y);
    document.documentElement.classList.add("dragging");
    window.getSelection()?.removeAllRanges();
    this.#scrolling = setInterval(() => scrollAtEdges(this.x, this.y), 16);
  }

  #move = (event: PointerEvent): void => {
    const pressed = this.#pressed;
    if (pressed === null || event.pointerId !== pressed.pointer) return;
    if (this.payload === null) {
      const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) >= THRESHOLD;
      if (!far) return;
      this.#begin();
    }
    event.preventDefault();
    this.#point(event.clientX, event.clientY);
  };

  #point(x: number, y: number): void {
    this.x = x;
    this.y = y;
    const found = targetAt(x, y, isFile(this.payload));
    if (found === this.over) return this.#say();
    clearTimeout(this.#rest);
    this.over = found;
    this.#say();
    if (found !== null) this.#rest = setTimeout(() => targets.get(found)?.().open?.(), REST);
  }

  /** Returns what would take it: the place under the pointer; files are taken everywhere. */
  #target(): DropTarget | undefined {
    if (this.over !== null) return targets.get(this.over)?.();
    return isFile(this.payload) ? (this.everywhere ?? undefined) : undefined;
  }

  #say(): void {
    const target = this.#target();
    if (target === undefined || this.payload === null) {
      this.label = "";
      this.refused = false;
      return;
    }
    const why = target.refuses(this.payload);
    this.refused = why !== null;
    this.label = why ?? target.label(this.payload);
  }

  #up = (event: PointerEvent): void => {
    if (this.#pressed === null || event.pointerId !== this.#pressed.pointer) return;
    const payload = this.payload;
    if (payload === null) return this.#end();
    this.#point(event.clientX, event.clientY);
    const target = this.over === null ? undefined : targets.get(this.over)?.();
    swallowNextClick();
    this.#end();
    if (target !== undefined && target.refuses(payload) === null) target.drop(payload);
  };

  #cancel = (): void => this.#end();

  #key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || this.payload === null) return;
    event.preventDefault();
    event.stopPropagation();
    swallowNextClick();
    this.#end();
  };

  #end(): void {
    clearTimeout(this.#hold);
    clearTimeout(this.#rest);
    clearInterval(this.#scrolling);
    window.removeEventListener("pointermove", this.#move);
    window.removeEventListener("pointerup", this.#up);
    window.removeEventListener("pointercancel", this.#cancel);
    window.removeEventListener("blur", this.#cancel);
    window.removeEventListener("keydown", this.#key, true);
    window.removeEventListener("dragstart", prevent, true);
    document.documentElement.classList.remove("dragging");
    this.#pressed = null;
    this.payload = null;
    this.over = null;
    this.label = "";
    this.refused = false;
  }
}

export const drag = new Drag();

/** Makes an element a row that can be dragged, and marked with Ctrl/Cmd X while it has the focus. */
export function draggable(payload: () => Payload): Attachment<HTMLElement> {
  return (node) => {
    const press = (event: PointerEvent): void => drag.start(payload(), event);
    const key = (event: KeyboardEvent): void => {
      if (!isShortcut(event, "x") || isTyping(event)) return;
      event.preventDefault();
      drag.mark(payload());
    };
    node.addEventListener("pointerdown", press);
    node.addEventListener("keydown", key);
    return () => {
      node.removeEventListener("pointerdown", press);
      node.removeEventListener("keydown", key);
    };
  };
}

/**
 * Makes an element a place that takes drops, and Ctrl/Cmd V while the focus is in it.
 * Style it by `data-drop`: `open` while something is dragged, `closed` where it can't be taken, `over` under the pointer.
 */
export function dropTarget(target: () => DropTarget): Attachment<HTMLElement> {
  return (node) => {
    targets.set(node, target);
    const key = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !isShortcut(event, "v") || isTyping(event)) return;
      if (drag.dropMarked(target())) event.preventDefault();
    };
    node.addEventListener("keydown", key);
    $effect(() => {
      const payload = drag.payload;
      const here = target();
      if (payload === null || (here.files === true && !isFile(payload))) {
        return void delete node.dataset["drop"];
      }
      const closed = here.refuses(payload) !== null;
      node.dataset["drop"] = closed ? "closed" : drag.over === node ? "over" : "open";
    });
    return () => {
      targets.delete(node);
      node.removeEventListener("keydown", key);
      delete node.dataset["drop"];
    };
  };
}

/** Finds the place at a point; one that is for files alone only where files are dragged. */
function targetAt(x: number, y: number, files: boolean): Element | null {
  let at = document.elementFromPoint(x, y);
  const takes = (element: Element): boolean => {
    const target = targets.get(element)?.();
    return target !== undefined && (files || target.files !== true);
  };
  while (at !== null && !takes(at)) at = at.parentElement;
  return at;
}

function isShortcut(event: KeyboardEvent, key: string): boolean {
  return (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === key;
}

function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest("input, textarea, [contenteditable]") !== null;
}

function prevent(event: Event): void {
  event.preventDefault();
}

/** Swallows the next click: the release that ends a drag is no click on what lies under it. */
function swallowNextClick(): void {
  const swallow = (event: Event): void => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, true), 0);
}

function scrollAtEdges(x: number, y: number): void {
  const under = document.elementFromPoint(x, y);
  const list = under?.closest("[data-scroll]");
  if (!list) return;
  const box = list.getBoundingClientRect();
  if (y - box.top < EDGE) list.scrollTop -= SPEED;
  else if (box.bottom - y < EDGE) list.scrollTop += SPEED;
}
