import { signal, useSignal } from "@preact/signals";
import { api } from "../api/client";
import type { Collection, Export } from "../api/types";
import { JobBar } from "../app/JobBar";
import { count } from "../sounds/words";
import { run, running } from "../state/job";
import { server } from "../state/library";
import { keep, toExport } from "../state/folders";
import { Choice } from "../ui/Choice";
import { FolderChooser } from "../ui/FolderChooser";
import { useThere } from "../ui/there";

/** Some sounds, and what to call what is made of them. */
interface Chosen {
  readonly ids: readonly number[];
  readonly name: string;
}

/** The collection, or the sounds, to export. */
export const exporting = signal<Collection | Chosen | null>(null);

const KINDS = {
  folder: "Folder",
  zip: "Zip file",
  sfz: "SFZ instrument",
  decent: "Decent Sampler preset",
  hydrogen: "Hydrogen drumkit",
  mpc: "MPC drum program",
} as const;

export function ExportPanel({ collection }: { collection: Collection | Chosen }) {
  const name = useSignal(collection.name);
  const kind = useSignal<Export["kind"]>("folder");
  const into = useSignal("");
  const there = useThere();
  const runs = running.value;
  const go = async () => {
    keep("export", into.value);
    const done = await run(() =>
      "ids" in collection
        ? api.exportSounds(collection.ids, name.value, kind.value, into.value)
        : api.exportCollection(collection.number, kind.value, into.value),
    );
    if (done?.state === "done" && there.current) exporting.value = null;
  };
  return (
    <>
      <p>
        {collection.name}:{" "}
        {count("ids" in collection ? collection.ids.length : (collection.count ?? 0), "sound")}. The
        originals stay where they are.
      </p>
      {"ids" in collection && (
        <label class="field">
          <span>Name</span>
          <input
            value={name.value}
            maxLength={60}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </label>
      )}
      <Choice
        label="As"
        value={kind.value}
        options={KINDS}
        onChange={(value) => (kind.value = value as Export["kind"])}
      />
      <FolderChooser
        fresh
        label="Into"
        start={toExport(server.value?.folders ?? [])}
        value={into.value}
        onChange={(path) => (into.value = path)}
      />
      {runs && <JobBar />}
      <footer>
        <button
          class="primary"
          disabled={runs || !into.value || !name.value.trim()}
          onClick={() => void go()}
        >
          Export
        </button>
      </footer>
    </>
  );
}
