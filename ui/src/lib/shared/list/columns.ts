/**
 * The columns of a grid: which stand side by side in a given width, how wide each is, and which give way to a second
 * line of the row. Pure. Not here: how they are drawn (Grid.svelte), and where a person's widths are remembered.
 */

export type Sort = "ascending" | "descending" | "none";

export interface Column {
  /** Names it among the table's columns; its cells have the class `c-<id>`. */
  id: string;
  /** Null where the column needs no name: it holds a sign that the row's words tell too. */
  label: string | null;
  /** Its name is only read aloud. */
  quiet?: boolean;
  /** Pixels it takes where nobody has drawn it wider. */
  width: number;
  /** It is never narrower; absent: its width. */
  least?: number;
  /** What it takes beyond its width is what its longest text needs. */
  needs?: number | undefined;
  /** Takes what is left over. */
  grows?: boolean;
  /** Numbers stand at its end. */
  end?: boolean;
  /** A person can draw it wider. */
  drawn?: boolean;
  /** Where it is narrow the column with the highest number goes into the second line first; absent: it stays. */
  goes?: number;
  /** It stands there only where all others have what they want, and goes without a second line. */
  spare?: boolean;
  /** How the rows are ordered by it now; absent: they can't be. */
  sort?: Sort;
  /** What another press orders them by, as words. */
  next?: string;
  onsort?: () => void;
}

/** Widths that a person has drawn, in pixels, by the column's id. */
export type Drawn = Readonly<Record<string, number>>;

export interface Layout {
  shown: readonly Column[];
  /** Ids of the columns whose facts stand in the second line. */
  below: ReadonlySet<string>;
  /** The width of each column, as a grid's template. */
  template: string;
  /** The width of each shown column that has one of its own. */
  widths: Drawn;
}

/** Between two columns, and at both ends of a row. */
export const GAP = 12;
export const INSET = 24;
/** Wider than this a column is not drawn. */
export const WIDEST = 900;
/** A name may take this part of a row, unless somebody has drawn it wider. */
const NAME = 0.5;

export function leastOf(column: Column): number {
  return column.least ?? column.width;
}

/** Returns what a column wants, before it is known how much room there is. */
function wanted(column: Column, drawn: Drawn): number {
  const own = drawn[column.id];
  if (own !== undefined && column.drawn) return Math.min(WIDEST, Math.max(leastOf(column), own));
  return column.needs === undefined ? column.width : Math.max(leastOf(column), column.needs);
}

/** Returns what a column is given at least, before another has to go: a name may be cut to its usual width. */
function held(column: Column, drawn: Drawn): number {
  if (column.grows) return leastOf(column);
  const want = wanted(column, drawn);
  const own = column.drawn && drawn[column.id] !== undefined;
  return column.needs === undefined || own ? want : Math.min(column.width, want);
}

function sum(columns: readonly Column[], of: (column: Column) => number): number {
  return columns.reduce((all, column) => all + of(column), Math.max(0, columns.length - 1) * GAP);
}

/** Leaves out what can be spared, until the others have what they want. */
function withoutSpare(columns: readonly Column[], inner: number, drawn: Drawn): Column[] {
  let shown = [...columns];
  const want = (column: Column): number => {
    if (column.grows) return held(column, drawn);
    const own = wanted(column, drawn);
    return column.needs === undefined ? own : Math.min(own, inner * NAME);
  };
  while (sum(shown, want) > inner) {
    const spare = shown.filter((column) => column.spare);
    const first = spare.sort((a, b) => (b.goes ?? 0) - (a.goes ?? 0))[0];
    if (first === undefined) break;
    shown = shown.filter((column) => column !== first);
  }
  return shown;
}

/** Lays columns out in so many pixels; in none, as before the first measuring, all stand side by side. */
export function layoutOf(columns: readonly Column[], room: number, drawn: Drawn = {}): Layout {
  const inner = room > 0 ? room - 2 * INSET : Infinity;
  let shown = withoutSpare(columns, inner, drawn);
  while (sum(shown, (column) => held(column, drawn)) > inner) {
    const most = Math.max(...shown.map((column) => column.goes ?? -1));
    if (most < 0) break;
    shown = shown.filter((column) => column.goes !== most);
  }
  const there = new Set(shown);
  const below = new Set(columns.flatMap((column) => (there.has(column) || column.spare ? [] : [column.id])));
  // The names take what the others leave them, and no more than they need; of two the first is served first.
  const widths: Record<string, number> = {};
  const left = (column: Column): number =>
    inner - sum(shown, (one) => (one === column ? 0 : (widths[one.id] ?? held(one, drawn))));
  for (const column of shown) {
    if (column.grows) continue;
    const want = wanted(column, drawn);
    const own = column.drawn && drawn[column.id] !== undefined;
    const most = Number.isFinite(inner)
      ? Math.max(leastOf(column), Math.min(own ? Infinity : inner * NAME, left(column)))
      : want;
    widths[column.id] = Math.floor(column.needs === undefined ? want : Math.min(want, most));
  }
  // Where nothing is left that grows, the last one does: the second line has the whole row.
  const growing = shown.find((column) => column.grows) ?? shown.at(-1);
  const template = shown
    .map((column) =>
      column === growing
        ? `minmax(${widths[column.id] ?? leastOf(column)}px, 1fr)`
        : `${widths[column.id] ?? column.width}px`,
    )
    .join(" ");
  return { shown, below, template, widths };
}
