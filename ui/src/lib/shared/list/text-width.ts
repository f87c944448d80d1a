// How wide texts are when drawn, for a column that takes no more than its longest name needs.

/** Pixels of a letter, where nothing can be measured. */
const LETTER = 7.5;
/** So many of the longest texts are measured: more letters may be narrower. */
const MEASURED = 6;

let pen: CanvasRenderingContext2D | null | undefined;

function longest(texts: Iterable<string>): string[] {
  let found: string[] = [];
  let least = -1;
  for (const text of texts) {
    if (text.length <= least) continue;
    found.push(text);
    if (found.length < MEASURED * 4) continue;
    found = found.sort((a, b) => b.length - a.length).slice(0, MEASURED);
    least = found.at(-1)?.length ?? -1;
  }
  return found.sort((a, b) => b.length - a.length).slice(0, MEASURED);
}

/** Returns about how wide the widest of many texts is, in a font as a canvas takes it. */
export function widest(texts: Iterable<string>, font: string): number {
  const few = longest(texts);
  if (pen === undefined) pen = document.createElement("canvas").getContext("2d");
  const measure = (text: string): number => {
    if (!pen) return text.length * LETTER;
    pen.font = font;
    return pen.measureText(text).width;
  };
  return Math.ceil(Math.max(0, ...few.map(measure)));
}

/** Returns the window's font in a weight, as a canvas takes it. */
export function fontOf(weight: number): string {
  const style = getComputedStyle(document.body);
  return `${weight} ${style.fontSize || "13px"} ${style.fontFamily || "sans-serif"}`;
}
