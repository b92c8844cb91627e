/**
 * What page and server say to each other: made from the Python package drumsort.web.protocol by
 * `python -m drumsort.web.typescript page/src/api/types.ts`. Change it there, not here.
 */

/** A request without parameters. */
export type Nothing = Record<string, never>;

/** A family of labels. */
export interface Family {
  /** Of the family. */
  name: string;
  /** The labels in it. */
  labels: string[];
  /** True for a class of the user's own; left out for the others. */
  own?: boolean;
}

/** A job: the one that runs, or the last one that did. */
export interface Job {
  /** Names it; a later job has a higher number. */
  number: number;
  /** What it is. */
  kind: "export" | "resume" | "scan" | "slice" | "sort" | "teach" | "undo";
  /** What it is doing, as a heading. */
  what: string;
  /** How much of it is done. */
  done: number;
  /** How much there is to do, or null where that is not known. */
  total: number | null;
  /** What is counted. */
  unit: string;
  /** Whether it runs, or how it ended. */
  state: "done" | "failed" | "running" | "stopped";
  /** What came of it. */
  sentence: string;
  /** One sentence for each file that something is wrong with, 100 at most. */
  failures: string[];
}

/** What a lesson is worth for one class. */
export interface ClassEstimate {
  /** Of the class. */
  name: string;
  /** How many there are. */
  examples: number;
  /** Share of the examples that were right before, 0 to 1. */
  before: number;
  /** Share of the examples that are right with the lesson. */
  after: number;
}

/** A lesson, with what it is worth. */
export interface Lesson {
  /** Its version. */
  number: number;
  /** ISO 8601, UTC. */
  made_at: string;
  /** Whether it is in use. */
  active: boolean;
  /** How many it learned from. */
  examples: number;
  /** The user's classes that it knows. */
  classes: string[];
  /** Share of the examples that were right before, 0 to 1, each left out in turn. */
  before: number;
  /** Share of the examples that are right with the lesson. */
  after: number;
  /** The same for each class. */
  by_class: ClassEstimate[];
  /** Share of the other sounds that were sure whose family stays the same. */
  kept: number;
  /** Share of the other sounds that were sure that become unsure. */
  unsure: number;
  /** Before and after where each pack is left out in turn; null where there is only one pack. */
  elsewhere: [number, number] | null;
}

/** A collection. */
export interface Collection {
  /** Names it; 1 is the favourites. */
  number: number;
  /** What a person calls it. */
  name: string;
  /** How many sounds are in it; null while that is not known of a smart collection yet. */
  count: number | null;
  /** Of a smart collection: what it finds is in it; null for a list. */
  query: string | null;
  /** Whether its sounds lie on pads: `GET /api/kits/{id}`. */
  kit: boolean;
}

/** A keyword. */
export interface Keyword {
  /** Of the keyword. */
  name: string;
  /** How many sounds have it. */
  count: number;
}

/** What is hidden. */
export interface HiddenPacks {
  /** How many files. */
  count: number;
  /** The packs that are hidden as a whole. */
  packs: string[];
}

/** The state of the server. */
export interface State {
  /** The path of the catalog. */
  catalog: string;
  /** Of the sounds; rises with every change, over restarts of the server as well. */
  version: number;
  /** How many sounds there are. */
  count: number;
  /** The name of the model. */
  model: string;
  /** The policy of the verdicts that the page shows. */
  policy: string;
  /** The folders that were scanned. */
  folders: string[];
  /** In the order in which they are shown everywhere; the user's own classes, "other" and "unsure" come last. */
  families: Family[];
  /** The job that runs or ran last, or null where there was none yet. */
  job: Job | null;
  /** How many sounds have a correction. */
  corrections: number;
  /** The lesson in use, or null. */
  lesson: Lesson | null;
  /** All of them, favourites first. */
  collections: Collection[];
  /** All of them, in the order of their names. */
  keywords: Keyword[];
  /** What a person hid. */
  hidden: HiddenPacks;
}

/** Which rows of all sounds. */
export interface Rows {
  /** The first row. */
  offset?: number;
  /** How many rows at most. */
  limit?: number;
}

/** Where a column lies in a page of sounds. */
export interface Column {
  /** Of the column. */
  name: string;
  /** The dtype of its values. */
  type: string;
  /** Byte offset from the end of the header. */
  start: number;
  /** In bytes, without padding. */
  length: number;
}

/** The header of a page of sounds. */
export interface PageHeader {
  /** Of the sounds. */
  version: number;
  /** How many sounds there are. */
  total: number;
  /** The row of the first sound in this page. */
  offset: number;
  /** How many sounds are in this page. */
  count: number;
  /** The strings that the family codes index; `labels`, `packs` and `folders` likewise. */
  families: string[];
  labels: string[];
  packs: string[];
  folders: string[];
  /** Where each column lies. */
  columns: Column[];
  /** Only of changes: whether these are all sounds, in place of those that the page has. */
  whole?: boolean;
}

/** Since when. */
export interface Since {
  /** The version that the page has. */
  since?: number;
}

/** What is known of one sound. */
export interface Details {
  /** Of the file. */
  id: number;
  /** The file's name. */
  name: string;
  /** The file's path. */
  path: string;
  /** The pack that it belongs to. */
  pack: string;
  /** In bytes. */
  size: number;
  /** Whether it was gone at the last scan. */
  missing: boolean;
  /** The label that a person gave it, or null. */
  correction: string | null;
  /** The numbers of the collections that it is in. */
  collections: number[];
  /** That a person gave it. */
  keywords: string[];
  /** Whether a person hid it, or its pack. */
  hidden: boolean;
  /** In seconds. */
  duration?: number;
  /** In Hz. */
  rate?: number;
  /** How many. */
  channels?: number;
  /** What libsndfile calls it. */
  format?: string;
  /** Of the loudest 400 ms by BS.1770, in LUFS. */
  loudness_db?: number | null;
  peak_db?: number | null;
  /** Between samples, too, in dBTP. */
  true_peak_db?: number | null;
  /** In seconds from the beginning. */
  onset_s?: number | null;
  /** From the onset until it is at its loudest, in seconds. */
  attack_s?: number | null;
  /** From then on until it is 20 dB softer, in seconds. */
  decay_s?: number | null;
  brightness_hz?: number | null;
  pitch_hz?: number | null;
  /** How much of the sound the pitch is, 0 to 1. */
  pitch_confidence?: number | null;
  /** The note nearest to its pitch, such as A1. */
  note?: string | null;
  /** The family of the final verdict. */
  family?: string;
  /** The label of the final verdict. */
  label?: string;
  /** The best label, sure or not. */
  guess?: string;
  /** 0 to 1. */
  confidence?: number;
  /** Label to probability. */
  scores?: Record<string, number>;
  /** Why the verdict is what it is, or why the file cannot be heard. */
  reason?: string;
  /** The best family by the sound alone, and its siblings. */
  heard?: string;
  /** Of that, 0 to 1. */
  heard_confidence?: number;
  /** The family that its name says, or empty. */
  named?: string;
}

/** Which similar sounds. */
export interface Nearest {
  /** How many at most. */
  n?: number;
  /** Only sounds of this family; empty for all. */
  family?: string;
  /** The aspects that count, as `drumsort similar --by` takes them; empty for the whole. */
  by?: string;
}

/** A sound that is like another. */
export interface Similar {
  /** Of its file. */
  id: number;
  /** Cosine of the embeddings; by aspects, 0.5 is as far apart as two drums typically are. 1 is the same. */
  similarity: number;
}

/** A sound from outside; nothing is kept of it. */
export interface SentSound {
  /** The bytes of a sound file, in base64. */
  content: string;
  /** Of the file, for messages. */
  name?: string;
  /** How many sounds to find at most, in a beat for each kind of drum. */
  n?: number;
  /** The aspects that count, as in `Nearest`; a beat has its own. */
  by?: string;
  /** Whether it comes from a microphone: then its loudest hit counts. */
  recorded?: boolean;
}

/** What a sound from outside is, and what is like it. */
export interface HeardSound {
  /** Of the verdict, by the quick network. */
  family: string;
  /** Of the verdict. */
  label: string;
  /** 0 to 1. */
  confidence: number;
  /** The nearest first. */
  similar: Similar[];
}

/** One hit of a beat. */
export interface BeatHit {
  /** Kick, snare, closed_hat or open_hat. */
  kind: string;
  /** In seconds. */
  start: number;
  /** Whether it is much softer than the loudest of its kind. */
  soft: boolean;
  /** The sixteenth that it is nearest to, or null where the hits keep to no tempo. */
  step: number | null;
}

/** The drums for one kind of hit. */
export interface KindSounds {
  /** As in `BeatHit`. */
  kind: string;
  /** Of files, the nearest first; none where the library has no such drum. */
  ids: number[];
}

/** A beat that somebody made with the mouth. */
export interface HeardBeat {
  /** In the order of time. */
  hits: BeatHit[];
  /** For each kind that occurs. */
  sounds: KindSounds[];
  /** In beats a minute, or null where the hits keep to none. */
  tempo: number | null;
}

/** A loop or a recording, and the hits that are found in it. */
export interface Loop {
  /** Of the file. */
  name: string;
  /** Frames per second, in Hz. */
  rate: number;
  /** How many. */
  channels: number;
  /** In frames. */
  length: number;
  /** The highest absolute sample, 1 at full scale. */
  peak: number;
  /** Where the hits begin, rising. */
  cuts: number[];
  /** What a listener should know of the file, or empty. */
  remark: string;
}

/** Which part of a sound. */
export interface SomeFrames {
  /** Its first frame. */
  start: number;
  /** How many frames at most. */
  count: number;
}

/** Where a cut is to go. */
export interface Near {
  /** Where it is. */
  at: number;
  /** The nearest zero crossing, or where the sound rises most near by. */
  to: "onset" | "zero";
}

/** A place in a sound. */
export interface Place {
  /** The frame. */
  at: number;
}

/** Some hits to hear. */
export interface HearHits {
  /** Where all hits begin, rising. */
  cuts: number[];
  /** The number of the first one to hear; 1 is that of the first cut. */
  first: number;
  /** How many to hear. */
  count: number;
}

/** What was heard in one hit. */
export interface CutHit {
  /** Of its cut. */
  number: number;
  /** In frames, up to the next cut or to silence. */
  length: number;
  /** By the verdict. */
  family: string;
  /** By the verdict. */
  label: string;
  /** The best label, sure or not. */
  guess: string;
  /** 0 to 1. */
  confidence: number;
}

/** What was heard. */
export interface Hits {
  /** Those asked for; a cut that only silence follows has none. */
  hits: CutHit[];
}

/** Hits to write as files. */
export interface KeepHits {
  /** Where all hits begin, rising. */
  cuts: number[];
  /** The numbers of the hits to keep. */
  keep: number[];
  /** The full path of the output folder. */
  into: string;
  /** Path of a slice below it, as for a sort. */
  layout?: string;
}

/** Which files. */
export interface FileIds {
  /** Of the files, with commas between them in the query. */
  ids: number[];
}

/** The sounds that a request is about. */
export interface Selected {
  /** Of the files; each counts once. */
  ids: number[];
}

/** Where files lie. */
export interface FilePaths {
  /** As text, in the order of the ids; a file that the catalog does not know is left out. */
  paths: string[];
  /** The same as URLs, `file:` for those on a disk, which no name is too odd for. */
  uris: string[];
}

/** A response that says no more than that it is done. */
export type Done = Record<string, never>;

/** What to make of some sounds. */
export interface ExportSounds {
  /** Of the files; each counts once. */
  ids: number[];
  /** Of what is made. */
  name: string;
  /** What to make. */
  kind: "folder" | "zip" | "sfz" | "decent" | "hydrogen" | "mpc";
  /** The full path of the folder to put it in. */
  into: string;
}

/** A query. */
export interface Ask {
  /** As for `drumsort find`; an empty one finds everything. */
  query: string;
  /** Whether hidden sounds are found, too, where the query does not ask for them. */
  hidden?: boolean;
}

/** Why a query is not understood. */
export interface Problem {
  /** What is wrong, and what would be right. */
  sentence: string;
  /** Where the wrong part begins, in UTF-16 code units. */
  at: number;
  /** Of that part, in UTF-16 code units. */
  length: number;
}

/** What a query finds. */
export interface Answer {
  /** Of the sounds that were asked. */
  version: number;
  /** Of the files, in the order of the query. */
  ids: number[];
  /** Whether the query sorts them; else they are in the order of their paths. */
  ordered: boolean;
  /** Whether the query says itself which of the hidden sounds it means. */
  asks_hidden: boolean;
  /** Why the query is not understood, or null. */
  problem: Problem | null;
}

/** A field that a query may ask for. */
export interface AskedField {
  /** As a query writes it. */
  name: string;
  /** What it is. */
  about: string;
  /** How its values are written. */
  takes: string;
  /** A term that asks for it. */
  example: string;
  /** Whether its values are whole names. */
  named: boolean;
}

/** A word for a quarter of the library. */
export interface PlainWord {
  /** As a query writes it. */
  word: string;
  /** What it means. */
  about: string;
}

/** What a query may be made of. */
export interface Language {
  /** In the order in which they are shown. */
  fields: AskedField[];
  /** The plain words. */
  words: PlainWord[];
}

/** Which waveforms. */
export interface Waveforms {
  /** Of the files, with commas between them in the query. */
  ids: number[];
  /** How many pairs of values for each. */
  points?: number;
}

/** Which folder. */
export interface FolderPath {
  /** Its full path, where ~ is the home folder; empty for the home folder. */
  path?: string;
}

/** The folders in a folder. */
export interface Tree {
  /** Of the folder. */
  path: string;
  /** The folder that holds it, or null at the top. */
  parent: string | null;
  /** The names of those in it that are not hidden. */
  folders: string[];
}

/** Folders to scan. */
export interface ScanFolders {
  /** Their full paths; without any, the folders that were scanned before. */
  folders?: string[] | null;
}

/** A correction. */
export interface Correct {
  /** Of the files; each counts once. */
  ids: number[];
  /** What the sounds are. */
  label: string;
}

/** What a change did. */
export interface Changed {
  /** As in `State`. */
  version: number;
  /** Names it for `POST /api/undo`; null where nothing changed. */
  step: number | null;
  /** How many sounds it changed. */
  changed: number;
  /** One sentence for each sound that it could not change, 100 at most. */
  failures: string[];
}

/** What an undo did. */
export interface TakenBack {
  /** As in `State`. */
  version: number;
  /** Names it for `POST /api/undo`; null where nothing changed. */
  step: number | null;
  /** How many corrections it took back. */
  taken_back: number;
}

/** A class of the user's own. */
export interface OwnClass {
  /** Of the class. */
  name: string;
  /** How many sounds are corrected to it. */
  examples: number;
}

/** What was taught. */
export interface Teaching {
  /** All of them, the latest last. */
  lessons: Lesson[];
  /** The user's own. */
  classes: OwnClass[];
  /** How many corrections can be learned from. */
  usable: number;
  /** How many it takes. */
  enough: number;
}

/** A lesson. */
export interface WhichLesson {
  /** Of the lesson. */
  number: number;
}

/** A sound that would get another label. */
export interface LessonChange {
  /** Of its file. */
  id: number;
  /** Its label now. */
  before: string;
  /** Its label with the lesson. */
  after: string;
  /** How sure its family is now, 0 to 1. */
  confidence_before: number;
  /** How sure it is with the lesson. */
  confidence_after: number;
}

/** What a lesson would change. */
export interface LessonChanges {
  /** Of the sounds, as they are now. */
  version: number;
  /** Those that would get another label, the surest of it first. */
  sounds: LessonChange[];
}

/** A class of the user's own, or more examples of one. */
export interface TeachClass {
  /** Of the files; each counts once. */
  ids: number[];
  /** Of the class. */
  name: string;
}

/** Which kit to make. */
export interface MakeKit {
  /** For each pad the file that stays on it, or null. */
  kept: (number | null)[];
  /** Another one makes another kit. */
  seed: number;
  /** Of the files to choose from, or null for all. */
  ids?: number[] | null;
}

/** A kit. */
export interface Kit {
  /** For each pad a file, or null where none fits. */
  ids: (number | null)[];
}

/** A change of this visit. */
export interface Step {
  /** Names it, as the response to it said. */
  step: number;
}

/** The version of the sounds after a change. */
export interface Version {
  /** As in `State`. */
  version: number;
}

/** A class to forget, with the corrections to it and the lessons that know it. */
export interface ForgetClass {
  /** Of the class. */
  name: string;
}

/** A change that can be undone. */
export interface Stepped {
  /** As in `State`. */
  version: number;
  /** Names it for `POST /api/undo`; null where nothing changed. */
  step: number | null;
}

/** The lesson to use. */
export interface UseLesson {
  /** Of the lesson, or null for none. */
  number?: number | null;
}

/** What another lesson changed. */
export interface LessonInUse {
  /** As in `State`. */
  version: number;
  /** Names it for `POST /api/undo`; null where nothing changed. */
  step: number | null;
  /** How many sounds have another label now. */
  changed: number;
}

/** A sort to plan. */
export interface PlanSort {
  /** The full path of the output folder. */
  into: string;
  /** Of the files, or null for all. */
  ids?: number[] | null;
  /** How files get there. */
  action?: string;
  /** Path below the output folder, with {family}, {label}, {pack} and {name}. */
  layout?: string;
  /** How sure a verdict must be to stand. */
  policy?: string;
}

/** A folder of a plan. */
export interface PlannedFolder {
  /** Below the output folder. */
  path: string;
  /** How many files go there. */
  count: number;
  /** Some of their names. */
  examples: string[];
}

/** A sort that can be carried out as long as the sounds stay the same. */
export interface Plan {
  /** Names it; only the latest plan can be carried out. */
  plan: string;
  /** The output folder. */
  into: string;
  /** How many files it puts in place. */
  count: number;
  /** The folders that they go to. */
  tree: PlannedFolder[];
  /** One sentence on each kind of file that is left out, and on folders that were scanned. */
  notes: string[];
}

/** The plan to carry out. */
export interface ApplyPlan {
  /** As in `Plan`. */
  plan: string;
}

/** The run to undo or to finish. */
export interface RunId {
  /** Its id. */
  run: string;
}

/** A past sort; of one whose record is damaged, only the id is known. */
export interface Run {
  /** Names it. */
  id: string;
  /** How files got there. */
  action: "copy" | "move" | "link" | "symlink" | "relink" | "slice" | "tag" | null;
  /** The output folder. */
  into: string | null;
  /** ISO 8601. */
  made_at: string | null;
  /** How far it got; running while any process is at work on it. */
  state: "running" | "unfinished" | "finished" | "partly undone" | "undone" | "damaged";
  /** How many files are in place. */
  count: number;
  /** How many files it is about. */
  files: number;
}

/** What to call a collection. */
export interface CollectionName {
  /** At most 60 characters. */
  name: string;
}

/** A collection after it changed. */
export interface KeptCollection {
  /** Names it; 1 is the favourites. */
  number: number;
  /** What a person calls it. */
  name: string;
  /** How many sounds are in it; null while that is not known of a smart collection yet. */
  count: number | null;
  /** Of a smart collection: what it finds is in it; null for a list. */
  query: string | null;
  /** Whether its sounds lie on pads: `GET /api/kits/{id}`. */
  kit: boolean;
  /** Names the change for `POST /api/undo`; null where nothing changed. */
  step: number | null;
}

/** A query to save as a smart collection, or in place of the query of one. */
export interface SavedQuery {
  /** At most 60 characters. */
  name: string;
  /** As for `drumsort find`. */
  query: string;
}

/** The sounds in a collection. */
export interface CollectionSounds {
  /** Of the collection. */
  number: number;
  /** Of the collection. */
  name: string;
  /** Of one file for each sound that is there. */
  ids: number[];
  /** Of the other files that hold sounds of a list. */
  copies: number[];
  /** How many sounds have no file any more. */
  missing: number;
  /** Whether the query of a smart collection sorts them. */
  ordered: boolean;
  /** Whether it says itself which of the hidden sounds it means. */
  asks_hidden: boolean;
}

/** A collection after sounds were added or removed. */
export interface Collected {
  /** Names it; 1 is the favourites. */
  number: number;
  /** What a person calls it. */
  name: string;
  /** How many sounds are in it; null while that is not known of a smart collection yet. */
  count: number | null;
  /** Of a smart collection: what it finds is in it; null for a list. */
  query: string | null;
  /** Whether its sounds lie on pads: `GET /api/kits/{id}`. */
  kit: boolean;
  /** Names the change for `POST /api/undo`; null where nothing changed. */
  step: number | null;
  /** How many sounds went in, or out. */
  changed: number;
  /** One sentence for each that did not, 100 at most. */
  failures: string[];
}

/** What to make of a collection. */
export interface Export {
  /** What to make. */
  kind: "folder" | "zip" | "sfz" | "decent" | "hydrogen" | "mpc";
  /** The full path of the folder to put it in. */
  into: string;
}

/** A kit to keep under a name. */
export interface KeepKit {
  /** At most 60 characters; the kit of this name is replaced. */
  name: string;
  /** For each pad a file, or null. */
  pads: (number | null)[];
  /** What the page plays with it, as text that only the page reads. */
  beat: string;
}

/** A kit that was kept. */
export interface KeptKit {
  /** Of its collection. */
  number: number;
  /** Of its collection. */
  name: string;
  /** For each pad a file, or null where it is empty or the sound is gone. */
  pads: (number | null)[];
  /** As it was kept. */
  beat: string;
}

/** Which keywords. */
export interface KeywordNames {
  /** Of the keywords, with commas between them in the query. */
  names: string[];
}

/** The sounds that have one of some keywords. */
export interface KeywordSounds {
  /** Of the files, in the order of their paths. */
  ids: number[];
}

/** A keyword to give sounds, or to take from them. */
export interface GiveKeyword {
  /** Of the files; each counts once. */
  ids: number[];
  /** At most 60 characters, and no comma, semicolon or quote. */
  keyword: string;
}

/** What became of a keyword. */
export interface KeywordGiven {
  /** As in `State`. */
  version: number;
  /** Names it for `POST /api/undo`; null where nothing changed. */
  step: number | null;
  /** As it is written. */
  keyword: string;
  /** How many sounds got it, or lost it. */
  changed: number;
}

/** What to hide, or to show again. */
export interface Hide {
  /** Of files; all files of their sounds are meant. */
  ids: number[];
  /** Names of packs: all sounds in them, also those that a later scan finds. */
  packs: string[];
}

/** What was hidden or shown. */
export interface HiddenNow {
  /** As in `State`. */
  version: number;
  /** Names it for `POST /api/undo`; null where nothing changed. */
  step: number | null;
  /** How many files are hidden now that were not, or the other way round. */
  changed: number;
}

/** What the page kept. */
export interface Settings {
  /** A JSON object, or empty. */
  settings: string;
}

/** Settings that changed; the others stay as they are. */
export interface KeepSettings {
  /** A JSON object; what is in it means nothing to the server. */
  settings: string;
}

export interface Endpoints {
  "GET /api/state": { params: Nothing; response: State };
  "GET /api/sounds": { params: Rows; response: ArrayBuffer };
  "GET /api/places": { params: Nothing; response: ArrayBuffer };
  "GET /api/changes": { params: Since; response: ArrayBuffer };
  "GET /api/sounds/{id}": { params: Nothing; response: Details };
  "GET /api/sounds/{id}/audio": { params: Nothing; response: ArrayBuffer };
  "GET /api/sounds/{id}/spectrogram": { params: Nothing; response: ArrayBuffer };
  "GET /api/sounds/{id}/similar": { params: Nearest; response: Similar[] };
  "POST /api/similar": { params: SentSound; response: HeardSound };
  "POST /api/beat": { params: SentSound; response: HeardBeat };
  "GET /api/sounds/{id}/loop": { params: Nothing; response: Loop };
  "GET /api/sounds/{id}/loop/outline": { params: Nothing; response: ArrayBuffer };
  "GET /api/sounds/{id}/loop/samples": { params: SomeFrames; response: ArrayBuffer };
  "GET /api/sounds/{id}/loop/snap": { params: Near; response: Place };
  "POST /api/sounds/{id}/loop/hits": { params: HearHits; response: Hits };
  "POST /api/sounds/{id}/loop/keep": { params: KeepHits; response: Job };
  "GET /api/sounds/{id}/file": { params: Nothing; response: ArrayBuffer };
  "GET /api/files": { params: FileIds; response: ArrayBuffer };
  "POST /api/paths": { params: Selected; response: FilePaths };
  "POST /api/show": { params: Selected; response: Done };
  "POST /api/export": { params: ExportSounds; response: Job };
  "GET /api/find": { params: Ask; response: Answer };
  "GET /api/language": { params: Nothing; response: Language };
  "GET /api/waveforms": { params: Waveforms; response: ArrayBuffer };
  "GET /api/tree": { params: FolderPath; response: Tree };
  "POST /api/scan": { params: ScanFolders; response: Job };
  "POST /api/stop": { params: Nothing; response: Job | null };
  "POST /api/correct": { params: Correct; response: Changed };
  "POST /api/corrections/undo": { params: Nothing; response: TakenBack };
  "GET /api/teach": { params: Nothing; response: Teaching };
  "GET /api/teach/changes": { params: WhichLesson; response: LessonChanges };
  "POST /api/teach/classes": { params: TeachClass; response: Changed };
  "POST /api/kit": { params: MakeKit; response: Kit };
  "POST /api/undo": { params: Step; response: Version };
  "POST /api/redo": { params: Step; response: Version };
  "POST /api/teach/forget": { params: ForgetClass; response: Stepped };
  "POST /api/teach/try": { params: Nothing; response: Job };
  "POST /api/teach/use": { params: UseLesson; response: LessonInUse };
  "POST /api/sort/plan": { params: PlanSort; response: Plan };
  "POST /api/sort/apply": { params: ApplyPlan; response: Job };
  "POST /api/sort/undo": { params: RunId; response: Job };
  "POST /api/sort/resume": { params: RunId; response: Job };
  "GET /api/sort/history": { params: Nothing; response: Run[] };
  "POST /api/collections": { params: CollectionName; response: KeptCollection };
  "POST /api/collections/save": { params: SavedQuery; response: KeptCollection };
  "GET /api/collections/{id}": { params: Nothing; response: CollectionSounds };
  "POST /api/collections/{id}/add": { params: Selected; response: Collected };
  "POST /api/collections/{id}/remove": { params: Selected; response: Collected };
  "POST /api/collections/{id}/rename": { params: CollectionName; response: KeptCollection };
  "POST /api/collections/{id}/delete": { params: Nothing; response: Stepped };
  "POST /api/collections/{id}/export": { params: Export; response: Job };
  "POST /api/kits": { params: KeepKit; response: KeptCollection };
  "GET /api/kits/{id}": { params: Nothing; response: KeptKit };
  "GET /api/keywords/sounds": { params: KeywordNames; response: KeywordSounds };
  "POST /api/keywords/among": { params: Selected; response: Keyword[] };
  "POST /api/keywords/add": { params: GiveKeyword; response: KeywordGiven };
  "POST /api/keywords/remove": { params: GiveKeyword; response: KeywordGiven };
  "POST /api/hidden/add": { params: Hide; response: HiddenNow };
  "POST /api/hidden/remove": { params: Hide; response: HiddenNow };
  "GET /api/settings": { params: Nothing; response: Settings };
  "POST /api/settings": { params: KeepSettings; response: Done };
  "POST /api/quit": { params: Nothing; response: Done };
}

export interface Events {
  job: Job | null;
  version: number;
  said: number;
}

/** Column of a page of sounds to the type of its values. */
export const COLUMNS = {
  id: "uint32",
  family: "uint8",
  guess: "uint8",
  label: "uint8",
  confidence: "float32",
  corrected: "uint8",
  hidden: "uint8",
  pack: "uint16",
  folder: "uint32",
  duration: "float32",
  loudness: "float32",
  brightness: "float32",
  pitch: "float32",
  x: "float32",
  y: "float32",
} as const;

/** Words of a query that mean a quarter of the library. */
export const QUARTERS: readonly string[] = [
  "short",
  "long",
  "dark",
  "bright",
  "deep",
  "quiet",
  "loud",
];
