import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../api/client";
import type { Similar as Found } from "../api/types";
import { player } from "../audio/player";
import { select } from "../state/commands";
import { returned } from "../state/events";
import { running } from "../state/job";
import { library } from "../state/library";
import { panel } from "../state/view";
import { by } from "./aspects";
import { Aspects } from "./Aspects";
import { SimilarList } from "./SimilarList";

const MOST = 20;

/** More like this, as a whole or by aspect. */
export function Similar({ id }: { id: number }) {
  const found = useSignal<Found[] | null>(null);
  const trouble = useSignal("");
  // A scan raises the version each second, and each search would index anew what it added.
  const settled = running.value ? null : library.value.version;
  useEffect(() => {
    const ending = new AbortController();
    trouble.value = "";
    api.similar(id, MOST, { signal: ending.signal, by: by.value }).then(
      (sounds) => {
        found.value = sounds;
        player.preload(sounds.map((sound) => sound.id));
      },
      (error: Error) => {
        if (ending.signal.aborted) return;
        found.value = null;
        trouble.value = error.message;
      },
    );
    return () => ending.abort();
  }, [id, by.value, returned.value, settled]);
  const { rowOf } = library.value;
  const known = (found.value ?? []).filter((sound) => rowOf.has(sound.id));
  return (
    <section aria-label="More like this">
      <h3>
        More like this
        {known.length > 0 && (
          <button class="link" onClick={() => select([id, ...known.map((sound) => sound.id)])}>
            Select all
          </button>
        )}
      </h3>
      <Aspects />
      {trouble.value && <p class="quiet">{trouble.value}</p>}
      <SimilarList sounds={known} />
      <button class="link" onClick={() => (panel.value = "find")}>
        Find by another sound…
      </button>
    </section>
  );
}
