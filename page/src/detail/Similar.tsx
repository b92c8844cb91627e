import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../api/client";
import type { Similar as Found } from "../api/types";
import { player } from "../audio/player";
import { DRAGGED } from "../kit/dragged";
import { spoken } from "../sounds/families";
import { choose, point, select, unpoint } from "../state/commands";
import { library } from "../state/library";
import { colourOf } from "../ui/FamilyDot";
import { Wave } from "../ui/Wave";
import { outline } from "../list/waveforms";

const MOST = 20;

/** More like this: pointing at one plays it, a click selects it. */
export function Similar({ id }: { id: number }) {
  const found = useSignal<Found[] | null>(null);
  const trouble = useSignal("");
  useEffect(() => {
    const ending = new AbortController();
    found.value = null;
    trouble.value = "";
    api.similar(id, MOST, ending.signal).then(
      (sounds) => {
        found.value = sounds;
        player.preload(sounds.map((sound) => sound.id));
      },
      (error: Error) => {
        if (!ending.signal.aborted) trouble.value = error.message;
      },
    );
    return () => ending.abort();
  }, [id]);
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
      {trouble.value && <p class="quiet">{trouble.value}</p>}
      <ul class="similar">
        {known.map((sound) => (
          <One key={sound.id} {...sound} />
        ))}
      </ul>
    </section>
  );
}

function One({ id, similarity }: Found) {
  const { rowOf, names, labels, families, columns } = library.value;
  const row = rowOf.get(id)!;
  return (
    <li>
      <button
        draggable
        onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, String(id))}
        title={`${Math.round(similarity * 100)}% alike`}
        onPointerEnter={(event) =>
          event.pointerType === "mouse" && point(id, event.timeStamp, { rest: false })
        }
        onPointerLeave={unpoint}
        onFocus={(event) =>
          event.currentTarget.matches(":focus-visible") &&
          point(id, event.timeStamp, { rest: false })
        }
        onBlur={unpoint}
        onClick={(event) => choose(id, { since: event.timeStamp })}
      >
        <Wave
          outline={outline(id)}
          colour={colourOf(families[columns.family[row]])}
          width={56}
          height={22}
        />
        <span class="similar-name">{names.at(row)}</span>
        <small>{spoken(labels[columns.label[row]])}</small>
      </button>
    </li>
  );
}
