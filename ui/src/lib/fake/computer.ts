// The containers of the backend from memory, as the design pictures show them, and what is removed of its images.

import type {
  ContainerFacts,
  ContainerRow,
  ImagePlace,
  ImageRow,
  ImageSize,
  NameOrder,
  NameQuestion,
  NameView,
  RemoveItem,
  RemoveOrder,
  RemovePlan,
  RemoveRow,
} from "../backend/backend";
import { DAY, digest, HOUR } from "./data";
import { problem } from "./problem";

const id = (start: string): string => start.padEnd(64, "0123456789abcdef");

export function containers(now: number): ContainerRow[] {
  const row = (
    name: string,
    start: string,
    image: string,
    imageStart: string,
    ago: number,
    state: ContainerRow["state"],
    place: ImagePlace | null,
  ): ContainerRow => ({
    ...{ id: id(start), name, image, imageId: digest(imageStart), state, created: now - ago },
    place,
  });
  const aligner = "registry.polly.example/genomics/aligner";
  return [
    row("notebook", "4be1", "jupyter-lab:mine", "5520d7e1c09f", 2 * HOUR, "running", { kind: "notPushed" }),
    row("aligner-run", "77c0", `${aligner}:v2`, "3b90c51e7f06", 3 * DAY, "running", {
      ...{ kind: "older", repository: aligner, tag: "v2", position: 2, of: 5, behind: 11 * DAY },
    }),
    row("db", "90aa", "postgres:16", "a19c3ff2d845", 35 * DAY, "paused", {
      ...{ kind: "known", repository: "docker.io/library/postgres" },
    }),
    row("trial", "1c2d", "0c55a1fe9b27", "0c55a1fe9b27", 5 * DAY, "stopped", { kind: "notPushed" }),
    row("left-over", "f00d", "tool:old", "eeeeeeeeeeee", 90 * DAY, "created", null),
  ];
}

export function containerFacts(now: number): ContainerFacts[] {
  const none = { added: 0, modified: 0, deleted: 0, first: [], more: 0 };
  const facts = (start: string, ago: number, changes: Partial<ContainerFacts> = {}): ContainerFacts => ({
    ...{ id: id(start), started: now - ago, finished: null, changed: none },
    ...changes,
  });
  return [
    facts("4be1", 2 * HOUR, {
      changed: {
        ...{ added: 14, modified: 3, deleted: 1, more: 15 },
        first: [
          { path: "/home/jovyan/notes.ipynb", kind: "added" },
          { path: "/etc/pip.conf", kind: "modified" },
          { path: "/tmp/pip-cache", kind: "deleted" },
        ],
      },
    }),
    facts("77c0", 3 * DAY),
    facts("90aa", 35 * DAY),
    facts("1c2d", 5 * DAY, { finished: now - 4 * DAY, changed: null }),
    facts("f00d", 0, { started: null }),
  ];
}

/** What the drawings' aligners have in common. */
const ALIGNERS = 1_090_000_000;

export function imageSizes(images: readonly ImageRow[]): ImageSize[] {
  return [...new Map(images.map((row) => [row.id, row])).values()].map(({ id, name, size }) => {
    const shared = name?.includes("aligner") ? Math.min(size, ALIGNERS) : 0;
    return { id, shared, unique: size - shared };
  });
}

export function planRemoval(images: readonly ImageRow[], rows: readonly RemoveRow[]): RemovePlan {
  const items = [...new Set(rows.map(({ id }) => id))].flatMap((id): RemoveItem[] => {
    const all = images.filter((row) => row.id === id);
    const [first] = all;
    if (first === undefined) return [];
    const names = all.flatMap(({ name }) => (name === null ? [] : [name]));
    const goes = names.filter((name) => rows.some((row) => row.id === id && row.name === name));
    const stays = names.filter((name) => !goes.includes(name));
    return [
      {
        ...{ id, short: id.slice(7, 19), goes, stays, whole: stays.length === 0 },
        ...{ usedBy: first.usedBy ?? { names: [], more: 0 }, place: first.place },
      },
    ];
  });
  const whole = items.filter((item) => item.whole && item.usedBy.names.length === 0);
  const frees = whole.reduce((all, { id }) => all + (images.find((row) => row.id === id)?.size ?? 0), 0);
  return { items, frees, more: 0 };
}

export function removed(images: readonly ImageRow[], { id, names, whole }: RemoveOrder): ImageRow[] {
  return images.filter((row) => row.id !== id || !(whole || names.includes(row.name ?? "")));
}

/** Reads a name; of the rules there are, those of letters and of Synapse. */
export function readName(images: readonly ImageRow[], question: NameQuestion): NameView {
  const { image, host, tag } = question;
  const repository = question.repository.trim();
  const none = (message: string, hint: string): NameView => ({
    ...{ name: "", taken: null },
    problem: { ...problem(message), hints: [hint] },
  });
  if (!/^[\w][\w.-]{0,127}$/.test(tag.trim())) return none(`“${tag}” can’t be a tag.`, "This is no tag.");
  if (/[A-Z]/.test(repository)) {
    return none(`“${repository}” can’t be the name of a repository.`, "A repository’s name is lower case.");
  }
  const name = `${host === null ? "" : `${host}/`}${repository}:${tag.trim()}`;
  const fits = host !== "docker.synapse.org" || /^syn\d+\/./.test(repository);
  const bearer = images.find((row) => row.name === name && row.id !== image);
  const others = images.some((row) => row.id === bearer?.id && row.name !== name);
  return {
    name,
    taken: bearer === undefined ? null : { short: bearer.id.slice(7, 19), others },
    problem: fits
      ? null
      : {
          ...problem(`docker.synapse.org takes no repository called ${repository}.`),
          hints: ["A name there begins with the project’s id: syn12345/mytool."],
        },
  };
}

export function named(images: readonly ImageRow[], { image, name, moveName }: NameOrder): ImageRow[] {
  const bearer = images.find((row) => row.name === name);
  if (bearer !== undefined && bearer.id !== image && !moveName) {
    throw { ...problem(`On this computer ${name} is another image.`), code: "nameTaken" };
  }
  const own = images.find((row) => row.id === image);
  if (own === undefined) throw problem("The engine no longer has this image.");
  const key = `${image} ${name}`;
  const rest = images.filter((row) => row.name !== name && !(row.id === image && row.name === null));
  return [{ ...own, key, name, dangling: false, place: { kind: "notPushed" } }, ...rest];
}
