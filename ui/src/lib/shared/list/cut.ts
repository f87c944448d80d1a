// Where a long name may be cut: its beginning and its end tell names apart, so the middle gives way. Pure.

/** Shorter names are never parted: they give way at their end, as all text does. */
const LONG = 20;
const END = 9;

export interface NameParts {
  /** What stands before the name itself: the path to it. */
  lead: string;
  start: string;
  /** Empty where the name is not parted. */
  end: string;
}

/** Returns how many letters of a name are the path to its end, which tells names apart. */
export function leadOf(name: string): number {
  return name.lastIndexOf("/") + 1;
}

/** Returns where the last so many characters of a text begin, never inside one. */
function endAt(text: string, characters: number): number {
  const at = text.length - characters;
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** Parts a name after a path of some letters. A tag behind a colon is the end, where it is not long itself. */
export function partsOf(name: string, lead = 0): NameParts {
  const own = name.slice(lead);
  const parts = (at: number): NameParts => ({ lead: name.slice(0, lead), start: own.slice(0, at), end: own.slice(at) });
  if (own.length < LONG) return parts(own.length);
  const colon = own.lastIndexOf(":");
  const tag = own.length - colon;
  return parts(colon > 0 && tag > 3 && tag <= LONG ? colon : endAt(own, END));
}
