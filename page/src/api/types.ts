/** What the server says and takes, as docs/page.md has it. */

export interface Family {
  name: string;
  labels: string[];
  own?: boolean;
}

export interface Job {
  number: number;
  kind: "scan" | "sort" | "undo" | "resume" | "teach" | "export";
  what: string;
  done: number;
  total: number | null;
  unit: string;
  state: "running" | "done" | "failed" | "stopped";
  sentence: string;
  failures: string[];
}

export interface ClassEstimate {
  name: string;
  examples: number;
  before: number;
  after: number;
}

export interface Lesson {
  number: number;
  made_at: string;
  active: boolean;
  examples: number;
  classes: string[];
  before: number;
  after: number;
  by_class: ClassEstimate[];
  /** Of the other sounds that were sure, the share that stays in its family. */
  kept: number;
  /** And the share that becomes unsure. */
  unsure: number;
  /** Right before and after, each pack left out in turn; null where there is but one. */
  elsewhere: [number, number] | null;
}

export interface Collection {
  number: number;
  name: string;
  count: number;
}

export interface CollectionSounds {
  number: number;
  name: string;
  ids: number[];
  missing: number;
}

export interface State {
  catalog: string;
  version: number;
  count: number;
  model: string;
  policy: string;
  folders: string[];
  families: Family[];
  job: Job | null;
  corrections: number;
  lesson: Lesson | null;
  collections: Collection[];
}

/** What is known of one sound; all that was measured is missing where it could not be heard. */
export interface Details {
  id: number;
  name: string;
  path: string;
  pack: string;
  size: number;
  missing: boolean;
  correction: string | null;
  collections: number[];
  duration?: number;
  rate?: number;
  channels?: number;
  format?: string;
  loudness_db?: number | null;
  peak_db?: number | null;
  onset_s?: number | null;
  brightness_hz?: number | null;
  pitch_hz?: number | null;
  note?: string | null;
  family?: string;
  label?: string;
  guess?: string;
  confidence?: number;
  scores?: Record<string, number>;
  reason?: string;
}

export interface Similar {
  id: number;
  similarity: number;
}

export interface Tree {
  path: string;
  parent: string | null;
  folders: string[];
}

/** What was put into a collection, or taken out. */
export interface Collected extends Collection {
  changed: number;
  failures: string[];
}

export interface Teaching {
  lessons: Lesson[];
  classes: { name: string; examples: number }[];
  /** Corrections that can be learnt from, and how many it takes. */
  usable: number;
  enough: number;
}

export type SortAction = "copy" | "move" | "link";

export interface SortWish {
  ids: number[] | null;
  into: string;
  action: SortAction;
  layout: string;
  policy: string;
}

export interface PlannedFolder {
  path: string;
  count: number;
  examples: string[];
}

export interface Plan {
  plan: string;
  into: string;
  count: number;
  tree: PlannedFolder[];
  notes: string[];
}

/** What is known of a run whose record is damaged is its id alone. */
export interface Run {
  id: string;
  action: SortAction | "symlink" | "relink" | null;
  into: string | null;
  made_at: string | null;
  state: "running" | "finished" | "unfinished" | "undone" | "partly undone" | "damaged";
  /** How many files are in place, and of how many. */
  count: number;
  files: number;
}

export type ExportKind = "folder" | "zip" | "sfz" | "hydrogen";
