// What a person puts into an address field in one piece: pasted, dropped, filled in by another program. A text that may
// hold a secret never gets into the field, so neither the screen nor the field's own undo ever has it.

/** Tells whether a text may hold a secret: a line of several words, or something before an `@`. */
export function mayHoldSecret(text: string): boolean {
  const held = text.trim();
  return /\s/.test(held) || held.includes("@");
}

/** Tells whether a field got more at once than a key gives. */
export function cameAtOnce(before: string, after: string): boolean {
  return after.length > before.length + 1;
}

const IN_ONE_PIECE = new Set(["insertFromPaste", "insertFromDrop", "insertFromYank", "insertReplacementText"]);

/** Handlers of an address field: `take` is given what was held back from it. */
export function holdBack(take: (text: string) => void): {
  onpaste: (event: ClipboardEvent) => void;
  onbeforeinput: (event: InputEvent) => void;
} {
  function held(event: Event, text: string | null | undefined): void {
    if (text === null || text === undefined || !mayHoldSecret(text)) return;
    event.preventDefault();
    take(text);
  }
  return {
    onpaste: (event) => held(event, event.clipboardData?.getData("text/plain")),
    onbeforeinput: (event) => {
      if (IN_ONE_PIECE.has(event.inputType)) held(event, event.data ?? event.dataTransfer?.getData("text/plain"));
    },
  };
}

const PULL =
  /^(?:\$\s*)?(?:sudo\s+)?(?:docker|podman|nerdctl|crane)\s+(?:image\s+)?pull\s+(?:--platform[= ]\S+\s+|-\S+\s+)*(\S+)(?:\s+\S+)?$/;

/**
 * Returns what a pull line names, as an address: a name without a host is of Docker Hub, one without a namespace of its
 * `library`, as Docker reads it. Everything else is returned as it is.
 */
export function pulled(text: string): string {
  const name = PULL.exec(text.trim())?.[1];
  if (name === undefined) return text;
  const [first = "", ...rest] = name.split("/");
  if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) return name;
  return rest.length > 0 ? `docker.io/${name}` : `docker.io/library/${name}`;
}
