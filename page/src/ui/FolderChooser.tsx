import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../api/client";
import type { Tree } from "../api/types";
import { attempt } from "../state/notices";
import { Icon } from "./Icon";

interface Props {
  label: string;
  value: string;
  onChange: (path: string) => void;
  /** It need not be there yet. */
  fresh?: boolean;
}

/** A folder of this computer, by clicking through or by typing its path. */
export function FolderChooser({ label, value, onChange, fresh = false }: Props) {
  const tree = useSignal<Tree | null>(null);
  const asked = useRef(0); // an answer to anything but the last wish comes too late
  const open = async (path: string) => {
    const wish = ++asked.current;
    const found = await attempt(() => api.tree(path));
    if (!found || wish !== asked.current) return;
    tree.value = found;
    onChange(found.path);
  };
  const above = (path: string) => path.replace(/[/\\][^/\\]*$/, "") || "/";
  /** What was typed: a folder, or one that is to be made in a folder. */
  const look = async (path: string) => {
    if (!fresh) return open(path);
    tree.value = await api.tree(path).catch(() => api.tree(above(path)).catch(() => tree.value));
  };
  useEffect(() => {
    if (!fresh || !value) void open(value);
    else void attempt(async () => (tree.value = await api.tree(above(value))));
  }, []);
  const below = (name: string) => `${tree.value!.path.replace(/[/\\]$/, "")}/${name}`;
  return (
    <fieldset class="chooser">
      <legend>{label}</legend>
      <div class="chooser-path">
        <button
          type="button"
          class="icon"
          aria-label="One folder up"
          disabled={!tree.value?.parent}
          onClick={() => void open(tree.value?.parent ?? "")}
        >
          <Icon name="up" />
        </button>
        <input
          type="text"
          aria-label={`${label}: path`}
          spellcheck={false}
          value={value}
          onInput={(event) => {
            asked.current++;
            onChange(event.currentTarget.value);
          }}
          onChange={(event) => void look(event.currentTarget.value)}
        />
      </div>
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
      </ul>
      {fresh && <p class="quiet">A folder that is not there yet is made.</p>}
    </fieldset>
  );
}
