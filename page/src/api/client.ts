/** All requests to the server, typed by what it declares. A refusal throws Refusal. */

import type { Endpoints, Export, KeepHits, Near, PlanSort, SentSound } from "./types";

export class Refusal extends Error {
  constructor(
    sentence: string,
    readonly status: number,
  ) {
    super(sentence);
  }
}

/** The server did not respond at all. */
export class NoResponse extends Error {
  constructor() {
    super("drumsort is not running any more: start it again with 'drumsort browse'.");
  }
}

type Gets = {
  [N in keyof Endpoints as N extends `GET ${infer Path}` ? Path : never]: Endpoints[N];
};
type Posts = {
  [N in keyof Endpoints as N extends `POST ${infer Path}` ? Path : never]: Endpoints[N];
};
interface Options {
  /** What takes the place of `{id}` in the path. */
  id?: number;
  signal?: AbortSignal;
  /** Whether the request outlives the page. */
  last?: boolean;
}

async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new NoResponse();
  }
  if (!response.ok) throw new Refusal(await sentenceOf(response), response.status);
  return response;
}

async function sentenceOf(response: Response): Promise<string> {
  try {
    const said: unknown = await response.json();
    if (said && typeof said === "object" && "error" in said) return String(said.error);
  } catch {
    // not JSON: the status has to do
  }
  return `The server responded with ${response.status}.`;
}

function filled(path: string, id: number | undefined): string {
  return path.replace("{id}", String(id));
}

function fetched<P extends keyof Gets>(
  path: P,
  params: Gets[P]["params"],
  { id, signal }: Options,
): Promise<Response> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) query.set(name, String(value));
  const address = filled(path, id);
  return request(query.size ? `${address}?${query}` : address, { signal });
}

async function get<P extends keyof Gets>(
  path: P,
  params: Gets[P]["params"],
  options: Options = {},
): Promise<Gets[P]["response"]> {
  const response = await fetched(path, params, options);
  const json = response.headers.get("Content-Type") === "application/json";
  return json ? response.json() : response.arrayBuffer();
}

async function post<P extends keyof Posts>(
  path: P,
  params: Posts[P]["params"],
  { id, signal, last: keepalive }: Options = {},
): Promise<Posts[P]["response"]> {
  const response = await request(filled(path, id), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(params),
    keepalive: keepalive && JSON.stringify(params).length < 60_000, // browsers allow 64 KiB
    signal,
  });
  return response.json();
}

/** Which similar sounds: only of a family, by some aspects. */
interface Like {
  signal?: AbortSignal;
  family?: string;
  by?: string;
}

export interface Picture {
  mels: number;
  frames: number;
  values: Uint8Array;
}

async function spectrogram(id: number, signal?: AbortSignal): Promise<Picture> {
  const response = await fetched("/api/sounds/{id}/spectrogram", {}, { id, signal });
  return {
    mels: Number(response.headers.get("X-Mels")),
    frames: Number(response.headers.get("X-Frames")),
    values: new Uint8Array(await response.arrayBuffer()),
  };
}

export const api = {
  state: () => get("/api/state", {}),
  sounds: (offset: number, limit: number) => get("/api/sounds", { offset, limit }),
  places: () => get("/api/places", {}),
  changes: (since: number) => get("/api/changes", { since }),
  /** Hidden sounds, too: the page has a filter for these. */
  find: (query: string) => get("/api/find", { query, hidden: true }),
  language: () => get("/api/language", {}),
  details: (id: number, signal?: AbortSignal) => get("/api/sounds/{id}", {}, { id, signal }),
  audio: (id: number, signal?: AbortSignal) => get("/api/sounds/{id}/audio", {}, { id, signal }),
  spectrogram,
  waveforms: async (ids: number[], points: number) =>
    new Int8Array(await get("/api/waveforms", { ids, points })),
  similar: (id: number, n: number, { signal, family = "", by = "" }: Like = {}) =>
    get("/api/sounds/{id}/similar", { n, family, by }, { id, signal }),
  findBy: (sound: SentSound) => post("/api/similar", sound),
  beat: (content: string, name: string, n: number) => post("/api/beat", { content, name, n }),
  loop: (id: number) => get("/api/sounds/{id}/loop", {}, { id }),
  loopOutline: async (id: number) =>
    new Int8Array(await get("/api/sounds/{id}/loop/outline", {}, { id })),
  loopSamples: (id: number, start: number, count: number) =>
    get("/api/sounds/{id}/loop/samples", { start, count }, { id }),
  loopSnap: (id: number, at: number, to: Near["to"]) =>
    get("/api/sounds/{id}/loop/snap", { at, to }, { id }),
  loopHits: (id: number, cuts: number[], first: number, count: number) =>
    post("/api/sounds/{id}/loop/hits", { cuts, first, count }, { id }),
  keepHits: (id: number, hits: KeepHits) => post("/api/sounds/{id}/loop/keep", hits, { id }),
  paths: (ids: readonly number[]) => post("/api/paths", { ids: [...ids] }),
  show: (ids: readonly number[]) => post("/api/show", { ids: [...ids] }),
  tree: (path: string) => get("/api/tree", { path }),

  scan: (folders?: string[]) => post("/api/scan", { folders }),
  stop: () => post("/api/stop", {}),
  correct: (ids: number[], label: string) => post("/api/correct", { ids, label }),
  undo: (step: number) => post("/api/undo", { step }),
  redo: (step: number) => post("/api/redo", { step }),
  undoCorrection: () => post("/api/corrections/undo", {}),

  teaching: () => get("/api/teach", {}),
  teachClass: (name: string, ids: number[]) => post("/api/teach/classes", { name, ids }),
  forgetClass: (name: string) => post("/api/teach/forget", { name }),
  tryLesson: () => post("/api/teach/try", {}),
  lessonChanges: (number: number) => get("/api/teach/changes", { number }),
  useLesson: (number: number | null) => post("/api/teach/use", { number }),

  plan: (sort: PlanSort) => post("/api/sort/plan", sort),
  applyPlan: (plan: string) => post("/api/sort/apply", { plan }),
  undoRun: (run: string) => post("/api/sort/undo", { run }),
  resumeRun: (run: string) => post("/api/sort/resume", { run }),
  history: () => get("/api/sort/history", {}),

  makeKit: (kept: (number | null)[], seed: number, ids: number[] | null) =>
    post("/api/kit", { kept, seed, ids }),
  keepKit: (name: string, pads: readonly (number | null)[], beat: string) =>
    post("/api/kits", { name, pads: [...pads], beat }),
  kit: (id: number) => get("/api/kits/{id}", {}, { id }),
  settings: () => get("/api/settings", {}),
  keepSettings: (settings: string) => post("/api/settings", { settings }, { last: true }),

  soundsWith: (names: string[]) => get("/api/keywords/sounds", { names }),
  keywordsAmong: (ids: number[]) => post("/api/keywords/among", { ids }),
  addKeyword: (ids: number[], keyword: string) => post("/api/keywords/add", { ids, keyword }),
  removeKeyword: (ids: number[], keyword: string) => post("/api/keywords/remove", { ids, keyword }),
  hide: (ids: number[], packs: string[]) => post("/api/hidden/add", { ids, packs }),
  unhide: (ids: number[], packs: string[]) => post("/api/hidden/remove", { ids, packs }),

  newCollection: (name: string) => post("/api/collections", { name }),
  saveQuery: (name: string, query: string) => post("/api/collections/save", { name, query }),
  collection: (id: number) => get("/api/collections/{id}", {}, { id }),
  addTo: (id: number, ids: number[]) => post("/api/collections/{id}/add", { ids }, { id }),
  removeFrom: (id: number, ids: number[]) => post("/api/collections/{id}/remove", { ids }, { id }),
  renameCollection: (id: number, name: string) =>
    post("/api/collections/{id}/rename", { name }, { id }),
  deleteCollection: (id: number) => post("/api/collections/{id}/delete", {}, { id }),
  exportSounds: (ids: readonly number[], name: string, kind: Export["kind"], into: string) =>
    post("/api/export", { ids: [...ids], name, kind, into }),
  exportCollection: (id: number, kind: Export["kind"], into: string) =>
    post("/api/collections/{id}/export", { kind, into }, { id }),
};
