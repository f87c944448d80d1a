// Archives of the backend from memory: files that are whatever their names say.

import type { Dropped, ImageRow, LoadOrder, LoadPlan, SaveOrder } from "../backend/backend";
import { problem } from "./problem";
import type { FakeTransfers } from "./transfers";

interface Computer {
  imageRows: ImageRow[];
}
const lastOf = (path: string): string => path.split("/").at(-1) ?? path;

export class FakeArchives {
  /** What is chosen in the system's own window; null: nothing. */
  chosen: string | null = null;
  /** The names in every archive; null: it doesn't tell. */
  names: string[] | null = ["genomics/aligner:v3", "genomics/aligner:dev"];
  readonly #paths = new Map<string, string>();

  constructor(
    private readonly computer: Computer,
    private readonly transfers: FakeTransfers,
  ) {
    transfers.led = ({ id, kind, image }) => {
      if (kind === "load") return { kind: "loaded", names: this.names ?? [], more: 0, notes: [] };
      if (kind !== "save") return null;
      return { kind: "saved", path: this.#paths.get(id) ?? image ?? "", bytes: 411_900_000, notes: [] };
    };
  }

  save({ images, folder }: SaveOrder): string {
    if (folder !== null && !/^[~/]/.test(folder)) throw problem(`${folder} is no folder of this computer.`);
    const [one = ""] = images;
    const some = images.length > 1;
    const id = this.#start("save", some ? null : one, some ? `${images.length}` : "");
    const name = some ? `images-${images.length}` : lastOf(one).replace(":", "-");
    this.#paths.set(id, `${folder ?? "/home/ana/Downloads"}/${name}.tar`);
    return id;
  }

  plan(path: string): LoadPlan {
    if (!/^[~/]/.test(path)) throw problem(`${path} is no file of this computer.`);
    if (!/\.(?:tar|tgz)$/.test(path)) throw problem(`${lastOf(path)} is no archive of images.`);
    const names = path.endsWith(".tgz") ? null : this.names;
    const taken = (names ?? []).flatMap((name) => {
      const row = this.computer.imageRows.find((each) => each.name === name);
      return row === undefined ? [] : [{ name, short: row.id.slice(7, 19) }];
    });
    return { path, bytes: 411_900_000, names, more: 0, taken };
  }

  load({ path }: LoadOrder): string {
    return this.#start("load", lastOf(path), "");
  }

  look(path: string): Dropped {
    const name = lastOf(path);
    if (/\.(?:tar|tgz)$/.test(name)) return { path, name, kind: "archive", dockerfile: false, why: null };
    if (name.includes(".")) {
      const why = `${name} is neither a folder nor an archive of images.`;
      return { path, name, kind: "other", dockerfile: false, why };
    }
    return { path, name, kind: "folder", dockerfile: true, why: null };
  }

  #start(kind: "save" | "load", image: string | null, short: string): string {
    const id = this.transfers.start(kind, { account: "", repository: "", tag: "" }, short, image);
    const task = this.transfers.list().find((each) => each.id === id);
    if (task) this.transfers.put({ ...task, items: [] });
    return id;
  }
}
