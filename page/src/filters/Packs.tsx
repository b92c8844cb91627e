import { useComputed, useSignal } from "@preact/signals";
import { folded } from "../sounds/filter";
import { filter, filters, toggleIn } from "../state/view";
import { packCounts } from "./counts";

const MOST = 100;

/** The packs, largest first; where there are many, a field finds one. */
export function Packs() {
  const typed = useSignal("");
  const found = useComputed(() =>
    [...packCounts.value]
      .filter(([name, count]) => count && folded(name).includes(folded(typed.value)))
      .sort((a, b) => b[1] - a[1]),
  );
  const { packs } = filters.value;
  return (
    <div class="packs">
      {packCounts.value.size > 8 && (
        <input
          type="search"
          placeholder="Find a pack"
          aria-label="Find a pack"
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
      )}
      <div role="group" aria-label="Packs" class="pack-list">
        {found.value.slice(0, MOST).map(([name, count]) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={packs.includes(name)}
              onChange={() => filter({ packs: toggleIn(packs, name) })}
            />
            <span>{name || "(no pack)"}</span>
            <small>{count.toLocaleString("en")}</small>
          </label>
        ))}
      </div>
      {found.value.length > MOST && <p class="quiet">…and {found.value.length - MOST} more.</p>}
    </div>
  );
}
