import { useSignal } from "@preact/signals";
import { api } from "../api/client";
import { JobBar } from "../app/JobBar";
import { count } from "../sounds/words";
import { keep, toSlice } from "../state/folders";
import { run, running } from "../state/job";
import { server } from "../state/library";
import { Choice } from "../ui/Choice";
import { FolderChooser } from "../ui/FolderChooser";
import { useThere } from "../ui/there";
import { cuts, kept, opened } from "./state";

const LAYOUTS = {
  "{family}/{name}": "Family",
  "{family}/{label}/{name}": "Family / label",
  "{name}": "Side by side",
} as const;

/** Where the hits go that are ticked. */
export function KeepPanel({ onDone }: { onDone: () => void }) {
  const into = useSignal(toSlice(server.value?.folders ?? []));
  const layout = useSignal<string>("{family}/{name}");
  const there = useThere();
  const runs = running.value;
  const numbers = kept.value;
  const go = async () => {
    const hits = {
      cuts: cuts.value.map(({ at }) => at),
      keep: numbers,
      into: into.value,
      layout: layout.value,
    };
    keep("slice", into.value);
    const done = await run(() => api.keepHits(opened.value!.id, hits));
    if (done?.state === "done" && there.current) onDone();
  };
  return (
    <>
      <p>
        Each hit becomes a WAV with the rate, depth and channels of {opened.value?.loop.name}, which
        stays as it is. Nothing is overwritten, and History can undo it.
      </p>
      <FolderChooser
        fresh
        label="Into"
        value={into.value}
        onChange={(path) => (into.value = path)}
      />
      <Choice
        label="Folders"
        value={layout.value}
        options={LAYOUTS}
        onChange={(value) => (layout.value = value)}
      />
      {runs && <JobBar />}
      <footer>
        <button
          class="primary"
          disabled={runs || !into.value || !numbers.length}
          onClick={() => void go()}
        >
          Keep {count(numbers.length, "hit")}
        </button>
      </footer>
    </>
  );
}
