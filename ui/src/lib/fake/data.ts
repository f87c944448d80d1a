// What the backend from memory starts with: a small lab's registries, as the design pictures show them.

import type {
  Preferences,
  AccountView,
  CommitRow,
  EngineRow,
  EngineView,
  FoundRegistry,
  ImageRow,
  Reach,
  RequestLine,
  SettingsView,
  Source,
  TagRow,
  TimeFact,
  WayView,
} from "../backend/backend";

export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** Makes a digest that begins with 12 given digits. */
export function digest(start: string): string {
  return `sha256:${start.padEnd(64, "0123456789abcdef")}`;
}

export function account(host: string, changes: Partial<AccountView> = {}): AccountView {
  return {
    id: host,
    host,
    readable: null,
    user: "ana",
    state: "signedIn",
    plainHttp: false,
    ways: [],
    wanted: null,
    source: null,
    programs: [],
    limit: null,
    connection: null,
    namespace: null,
    ...changes,
  };
}

export const settings: SettingsView = {
  values: {
    theme: "system",
    textSize: 100,
    watchMinutes: 5,
    pushKeeps: "asFits",
    engine: null,
    downloads: null,
    logRequests: false,
  },
  file: "/home/ana/.local/share/dev.longshore.app/settings.json",
  downloads: "/home/ana/Downloads",
  log: "/home/ana/.local/share/dev.longshore.app/requests.log",
  faults: "/home/ana/.local/share/dev.longshore.app/faults.log",
  problem: null,
};

/** Makes a way in which a secret goes to a token service, or to the registry itself. */
export function way(to: string, registryItself = false): WayView {
  const named = registryItself ? "basic" : `bearer https://${to}`;
  return { way: named, to, readable: null, registryItself, encrypted: true };
}

export const accounts: AccountView[] = [
  account("registry.polly.example"),
  account("docker.synapse.org"),
  account("ghcr.io", { user: "ana-lab", state: "signedOut" }),
];

export const repositories: Record<string, string[]> = {
  "registry.polly.example": [
    "genomics/aligner",
    "genomics/peak-caller",
    "genomics/qc-report",
    "genomics/variant-filter",
    "imaging/segment",
    "imaging/stitch",
    "imaging/tiles",
  ],
  "docker.synapse.org": ["syn2787333/atlas", "syn5644795/kinase", "syn5644795/screen-report"],
  "ghcr.io": [],
};

const noted = { namespace: null, user: null, sandboxSecret: null, helper: null, from: null };
export const found: FoundRegistry[] = [
  { ...noted, host: "127.0.0.1:5000", user: "demo", sandboxSecret: "longshore", source: "sandbox" },
  { ...noted, host: "quay.io", user: "ana", source: "dockerConfig", from: "docker quay.io" },
  { ...noted, host: "europe-docker.pkg.dev", source: "dockerConfig", helper: "gcloud", from: "docker gcloud" },
  { ...noted, host: "quay.io", namespace: "lab", user: "robot", source: "podman", from: "podman quay.io/lab" },
  { ...noted, host: "open.example", source: "dockerConfig" },
];

export const docker: Extract<EngineView, { kind: "ready" }> = {
  kind: "ready",
  id: "unix:///var/run/docker.sock",
  place: { kind: "here", address: "unix:///var/run/docker.sock" },
  name: "Docker",
  version: "28.2.1",
  store: "graphDriver",
  platform: "linux/amd64",
  insecure: [],
  instead: [],
};

/** The engines there may be, before any of them was asked. */
const rows: Pick<EngineRow, "id" | "name" | "origin" | "place">[] = [
  { id: docker.id, name: "Docker", origin: "known", place: docker.place },
  {
    id: "unix:///run/user/1000/podman/podman.sock",
    name: "Podman",
    origin: "known",
    place: { kind: "here", address: "unix:///run/user/1000/podman/podman.sock" },
  },
  {
    id: "context:gpu-node",
    name: "gpu-node",
    origin: "context",
    place: { kind: "other", host: "gpu-node.lab.example", way: "ssh" },
  },
  { id: "context:old", name: "old", origin: "context", place: { kind: "other", host: "10.0.4.7", way: "tls" } },
];
export const engines: EngineRow[] = rows.map((row) => ({
  ...row,
  used: row.id === docker.id,
  chosen: false,
  state: { kind: "notAsked" },
}));

const answers = { kind: "answers", store: "graphDriver", platform: "linux/amd64" } as const;
/** How each of them answers. */
export const engineStates: Record<string, EngineRow["state"]> = {
  "unix:///var/run/docker.sock": { ...answers, name: "Docker", version: "28.2.1" },
  "unix:///run/user/1000/podman/podman.sock": { ...answers, name: "Podman", version: "5.4.2" },
  "context:gpu-node": { ...answers, name: "Docker", version: "29.1.0", store: "containerd" },
  "context:old": {
    kind: "silent",
    problem: {
      code: "noEngine",
      message: "The certificate of the engine at 10.0.4.7:2376 isn’t one this computer trusts.",
      hints: ["Make a Docker context with its authority’s certificate (ca.pem)."],
      detail: "UnknownIssuer",
    },
  },
};

export const noEngine: EngineView = {
  kind: "absent",
  problem: {
    code: "noEngine",
    message: "No container engine answers.",
    hints: ["Start Docker or Podman, then refresh."],
    detail: "unix:///var/run/docker.sock: No such file or directory",
  },
};

function since(at: number, source: Source = "seenHere"): TimeFact {
  return { at, kind: "since", source };
}

function tag(name: string, start: string, time: TimeFact, size: number, changes: Partial<TagRow> = {}): TagRow {
  return {
    name,
    digest: digest(start),
    time,
    size,
    platforms: ["linux/amd64"],
    commits: 1,
    local: { kind: "none" },
    resolved: true,
    trouble: null,
    deleted: false,
    watched: false,
    movedAt: null,
    ...changes,
  };
}

const BOTH = ["linux/amd64", "linux/arm64"];

export function alignerTags(now: number): TagRow[] {
  const newest = { platforms: BOTH, local: { kind: "same" } } as const;
  return [
    tag("v3", "8c41f09be2d7", since(now - 2 * HOUR), 412_600_000, { ...newest, platforms: BOTH, commits: 4 }),
    tag("latest", "8c41f09be2d7", since(now - 2 * HOUR), 412_600_000, { ...newest, platforms: BOTH }),
    tag("nightly", "ee10b2947d35", since(now - 5 * HOUR), 415_200_000, { commits: 2 }),
    tag("nightly-arm", "9a7726c0d1f4", since(now - 5 * HOUR), 409_900_000, { platforms: ["linux/arm64"] }),
    tag("v2", "51aa0be3c96f", since(now - 79 * DAY), 398_100_000, {
      platforms: BOTH,
      commits: 5,
      local: { kind: "older", position: 2, of: 5, behind: 11 * DAY },
    }),
    tag("test-ref38", "c3b5518e0a62", { at: now - 87 * DAY, kind: "built", source: "imageLabel" }, 1_102_400_000),
    tag("v1", "0f3d77c2a1be", since(now - 255 * DAY, "commitTag"), 371_000_000),
    tag("paper-2025", "77d2e1f0b48c", since(now - 372 * DAY), 366_800_000),
  ];
}

/** Makes the two tags that every other repository has, from its name. */
export function plainTags(repository: string, now: number): TagRow[] {
  let sum = 7;
  for (const letter of repository) sum = (sum * 31 + letter.charCodeAt(0)) % 0xffffff;
  const start = sum.toString(16).padStart(12, "a");
  return [
    tag("latest", start, since(now - (sum % 30) * DAY), 20_000_000 + sum * 9),
    tag("v1", start, since(now - (sum % 90) * DAY), 20_000_000 + sum * 9),
  ];
}

function commit(path: string, row: TagRow, start: string, at: number, changes: Partial<CommitRow>): CommitRow {
  const whole = digest(start);
  return {
    key: `${start}-${at}`,
    short: start,
    digest: whole,
    claims: null,
    active: false,
    commitTag: null,
    kept: (changes.commitTag ?? null) !== null,
    contradicted: false,
    time: since(at),
    by: null,
    until: null,
    sources: ["seenHere"],
    reach: { kind: "pullable", at },
    mismatch: false,
    size: row.size,
    platforms: row.platforms,
    onThisComputer: false,
    tagPath: null,
    digestPath: `${path}@${whole}`,
    ...changes,
  };
}

/** Returns the commits of a tag: four of `v3`, the active one of any other. */
export function commitsOf(path: string, row: TagRow, now: number): CommitRow[] {
  const start = row.digest?.slice(7, 19) ?? "000000000000";
  const active = commit(path, row, start, row.time?.at ?? now, {
    active: true,
    tagPath: `${path}:${row.name}`,
    onThisComputer: row.local.kind === "same",
    time: row.time,
    sources: ["registry", "seenHere"],
  });
  if (row.name !== "v3") return [active];
  const kept = (digits: string, ago: number, until: number): CommitRow => {
    const at = now - ago;
    const stamp = new Date(at * 1000).toISOString().slice(0, 19).replace(/[-:]/g, "").toLowerCase();
    const commitTag = `_h.${row.name}.${stamp}z-${digest(digits).slice(7)}`;
    const named = { commitTag, tagPath: `${path}:${commitTag}`, until };
    return commit(path, row, digits, at, { ...named, time: since(at, "commitTag"), sources: ["commitTag"] });
  };
  const gone: Reach = { kind: "gone", since: now - 40 * DAY, restorableUntil: null };
  return [
    active,
    kept("2e04bfa1e576", 12 * DAY, now - 2 * HOUR),
    kept("b7d0036aa914", 49 * DAY, now - 12 * DAY),
    commit(path, row, "51e9c7d2f083", now - 63 * DAY, { reach: gone, until: now - 49 * DAY, digestPath: null }),
  ];
}

export function images(now: number): ImageRow[] {
  const row = (
    name: string | null,
    start: string,
    created: number,
    size: number,
    place: ImageRow["place"],
    used: string[] = [],
  ): ImageRow => ({
    key: name ?? digest(start),
    id: digest(start),
    name,
    created: now - created,
    size,
    digests: "repository" in place ? [`${place.repository}@${digest(start)}`] : [],
    platforms: [],
    usedBy: { names: used, more: 0 },
    dangling: name === null,
    place,
  });
  const aligner = "registry.polly.example/genomics/aligner";
  return [
    row("aligner:dev", "d41e07c9a2b3", 480, 1_180_300_000, { kind: "notPushed" }),
    row(`${aligner}:v3`, "71be20c5d9f4", 2 * HOUR, 1_178_900_000, { kind: "active", repository: aligner, tag: "v3" }),
    row(
      `${aligner}:v2`,
      "3b90c51e7f06",
      85 * DAY,
      1_131_000_000,
      {
        kind: "older",
        repository: aligner,
        tag: "v2",
        position: 2,
        of: 5,
        behind: 11 * DAY,
      },
      ["aligner-run"],
    ),
    row(
      "postgres:16",
      "a19c3ff2d845",
      40 * DAY,
      431_500_000,
      {
        kind: "known",
        repository: "docker.io/library/postgres",
      },
      ["db"],
    ),
    row("jupyter-lab:mine", "5520d7e1c09f", 138 * DAY, 2_214_800_000, { kind: "notPushed" }, ["notebook"]),
    row(null, "0c55a1fe9b27", 3 * DAY, 96_200_000, { kind: "notPushed" }, ["trial"]),
  ];
}

/** Returns what was asked of registries lately, oldest first. */
export function requests(now: number): RequestLine[] {
  const line = (ago: number, path: string, changes: Partial<RequestLine> = {}): RequestLine => ({
    ...{ at: now - ago, method: "GET", host: "registry.polly.example", path, status: 200, milliseconds: 84 },
    ...{ bytes: 1204, attempt: 1, failure: null },
    ...changes,
  });
  return [
    line(9, "/v2/"),
    line(8, "/v2/genomics/aligner/tags/list"),
    line(6, "/v2/genomics/aligner/manifests/v3", { method: "HEAD", bytes: 0, milliseconds: 41 }),
    line(4, "/v2/_catalog", { status: null, bytes: 0, milliseconds: 10_000, failure: "no answer in time" }),
    line(2, "/v2/_catalog", { status: 503, bytes: 62, milliseconds: 120, attempt: 2 }),
  ];
}

export const preferences: Preferences = {
  place: { kind: "welcome" },
  folded: [],
  tagOrder: "newest",
  tab: "tags",
  columns: [],
  recent: [],
  unfolded: [],
  starred: [],
  sidebar: null,
  filter: "",
  scroll: 0,
  page: { filter: "", scroll: 0 },
};
