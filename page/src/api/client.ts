/** All requests to the server, typed. A refusal throws Refusal, with its sentence. */

import type * as T from "./types";

export class Refusal extends Error {
  constructor(
    sentence: string,
    readonly status: number,
  ) {
    super(sentence);
  }
}

/** The server did not answer at all. */
export class NoAnswer extends Error {
  constructor() {
    super("drumsort no longer runs: start it again with 'drumsort browse'.");
  }
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new NoAnswer();
  }
  if (!answer.ok) throw new Refusal(await sentenceOf(answer), answer.status);
  return answer;
}

async function sentenceOf(answer: Response): Promise<string> {
  try {
    const said: unknown = await answer.json();
    if (said && typeof said === "object" && "error" in said) return String(said.error);
  } catch {
    // it is no JSON: the number says what there is to say
  }
  return `The server answered ${answer.status}.`;
}

async function get<R>(path: string, signal?: AbortSignal): Promise<R> {
  return (await ask(path, { signal })).json() as Promise<R>;
}

async function bytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await ask(path, { signal })).arrayBuffer();
}

async function post<R>(path: string, body: object = {}): Promise<R> {
  const answer = await ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.json() as Promise<R>;
}

export interface Picture {
  mels: number;
  frames: number;
  values: Uint8Array;
}

async function spectrogram(id: number, signal?: AbortSignal): Promise<Picture> {
  const answer = await ask(`/api/sounds/${id}/spectrogram`, { signal });
  return {
    mels: Number(answer.headers.get("X-Mels")),
    frames: Number(answer.headers.get("X-Frames")),
    values: new Uint8Array(await answer.arrayBuffer()),
  };
}

type Version = { version: number };
type Changed = Version & { changed: number; failures?: string[] };

export const api = {
  state: () => get<T.State>("/api/state"),
  sounds: (offset: number, limit: number) => bytes(`/api/sounds?offset=${offset}&limit=${limit}`),
  changes: (since: number) => bytes(`/api/changes?since=${since}`),
  details: (id: number, signal?: AbortSignal) => get<T.Details>(`/api/sounds/${id}`, signal),
  audio: (id: number, signal?: AbortSignal) => bytes(`/api/sounds/${id}/audio`, signal),
  spectrogram,
  waveforms: async (ids: readonly number[], points: number) =>
    new Int8Array(await bytes(`/api/waveforms?ids=${ids.join(",")}&points=${points}`)),
  similar: (id: number, n: number, signal?: AbortSignal) =>
    get<T.Similar[]>(`/api/sounds/${id}/similar?n=${n}`, signal),
  tree: (path: string) => get<T.Tree>(`/api/tree?path=${encodeURIComponent(path)}`),

  scan: (folders?: string[]) => post<T.Job>("/api/scan", folders ? { folders } : {}),
  stop: () => post<object>("/api/stop"),
  correct: (ids: number[], label: string) => post<Changed>("/api/correct", { ids, label }),
  undoCorrection: () => post<Version & { taken_back: number }>("/api/corrections/undo"),

  teaching: () => get<T.Teaching>("/api/teach"),
  teachClass: (name: string, ids: number[]) => post<Changed>("/api/teach/classes", { name, ids }),
  forgetClass: (name: string) => post<Version>("/api/teach/forget", { name }),
  tryLesson: () => post<T.Job>("/api/teach/try"),
  useLesson: (number: number | null) => post<Changed>("/api/teach/use", { number }),

  plan: (wish: T.SortWish) => post<T.Plan>("/api/sort/plan", wish),
  applyPlan: (plan: string) => post<T.Job>("/api/sort/apply", { plan }),
  undoRun: (run: string) => post<T.Job>("/api/sort/undo", { run }),
  resumeRun: (run: string) => post<T.Job>("/api/sort/resume", { run }),
  history: () => get<T.Run[]>("/api/sort/history"),

  newCollection: (name: string) => post<T.Collection>("/api/collections", { name }),
  collection: (number: number) => get<T.CollectionSounds>(`/api/collections/${number}`),
  addTo: (number: number, ids: number[]) =>
    post<T.Collected>(`/api/collections/${number}/add`, { ids }),
  removeFrom: (number: number, ids: number[]) =>
    post<T.Collected>(`/api/collections/${number}/remove`, { ids }),
  renameCollection: (number: number, name: string) =>
    post<T.Collection>(`/api/collections/${number}/rename`, { name }),
  deleteCollection: (number: number) => post<object>(`/api/collections/${number}/delete`),
  exportCollection: (number: number, kind: T.ExportKind, into: string) =>
    post<T.Job>(`/api/collections/${number}/export`, { kind, into }),
};
