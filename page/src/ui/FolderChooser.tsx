import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { api, Refusal } from "../api/client";
import type { Tree } from "../api/types";
import { report } from "../state/notices";
import { above } from "../state/folders";
import { desk, folderFrom } from "../out/desk";
import { Icon } from "./Icon";

/** What is typed is looked up once nothing has been typed for so long. */
const TYPING_MS = 400;

interface Props {
  label: string;
  value: string;
  onChange: (path: string) => void;
  /** The folder need not exist yet. */
  fresh?: boolean;
  /** Where to start while nothing is chosen; the home folder by default. */
  start?: string;
}

/** A folder, or the first folder above it that exists. */
async function nearest(path: string): Promise<Tree> {
  try {
    return await api.tree(path);
  } catch (error) {
    const next = above(path);
    if (!(error instanceof Refusal) || next === path) throw error;
    return nearest(next);
  }
}

/** Chooses a folder of this computer, by clicking or by typing its path. */
export function FolderChooser({ label, value, onChange, fresh = false, start = "" }: Props) {
  const tree = useSignal<Tree | null>(null);
  const trouble = useSignal("");
  const latest = useRef(0); // a response to any earlier request comes too late
  /** List a folder; for one that does not exist yet, the nearest above it. */
  const list = async (path: string): Promise<Tree | null> => {
    const turn = ++latest.current;
    let [found, why]: [Tree | null, string] = [null, ""];
    try {
      found = await (fresh ? nearest(path) : api.tree(path));
    } catch (error) {
      if (error instanceof Refusal) why = error.message;
      else report(error);
    }
    if (turn !== latest.current) return null;
    if (found) tree.value = found; // else the folders that were listed stay, to go on from
    trouble.value = why;
    return found;
  };
  const open = async (path: string) => {
    const found = await list(path);
    if (found) onChange(found.path);
    return found;
  };
  const begin = async () => {
    if (fresh && value) return list(above(value));
    const first = latest.current + 1;
    const found = await open(value || start);
    return found ?? (latest.current === first ? open("") : null); // unless somebody has typed since
  };
  useLayoutEffect(() => void begin(), []); // before anything can be typed
  const choose = async () => {
    const chosen = await folderFrom(desk.value!, tree.value?.path ?? value);
    if (chosen) await open(chosen);
  };
  const below = (name: string) => `${tree.value!.path.replace(/[/\\]$/, "")}/${name}`;
  return (
    <fieldset class="chooser">
      <legend>{label}</legend>
      <div class="chooser-path">
        <button
          type="button"
          class="icon"
          aria-label="One folder up"
          disabled={tree.value !== null && !tree.value.parent && !trouble.value}
          onClick={() =>
            void open(trouble.value ? above(value) : (tree.value?.parent ?? above(value)))
          }
        >
          <Icon name="up" />
        </button>
        <input
          type="text"
          aria-label={`${label}: path`}
          spellcheck={false}
          value={value}
          onInput={(event) => {
            const turn = ++latest.current;
            const typed = event.currentTarget.value;
            trouble.value = "";
            onChange(typed);
            setTimeout(() => turn === latest.current && typed && void list(typed), TYPING_MS);
          }}
          onChange={({ currentTarget: { value: typed } }) =>
            void (fresh ? list(typed) : open(typed))
          }
        />
        {desk.value && (
          <button type="button" onClick={() => void choose()}>
            Choose…
          </button>
        )}
      </div>
      {tree.value && tree.value.path !== value && (
        <p class="quiet">
          In <code>{tree.value.path}</code>:
        </p>
      )}
      <ul class="chooser-folders" aria-label="Folders">
        {tree.value?.folders.map((name) => (
          <li key={name}>
            <button type="button" class="line" onClick={() => void open(below(name))}>
              <Icon name="folder" />
              <span>{name}</span>
            </button>
          </li>
        ))}
        {tree.value?.folders.length === 0 && <li class="quiet">No folders in here.</li>}
        {trouble.value && <li class="quiet">{trouble.value}</li>}
      </ul>
      {fresh && <p class="quiet">A folder that does not exist yet is created.</p>}
    </fieldset>
  );
}
