import { useComputed, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { folded } from "../sounds/filter";
import { filter, filters, toggleIn } from "../state/view";
import { packCounts } from "./counts";

const MOST = 100;

/** The packs, largest first; where there are many, a field finds one. */
export function Packs() {
  const typed = useSignal("");
  const wanted = (name: string) => filters.value.packs.includes(name); // to be taken back
  const matches = (name: string) => folded(name).includes(folded(typed.value));
  const found = useComputed(() =>
    [...packCounts.value]
      .filter(([name, count]) => wanted(name) || (count && matches(name)))
      .sort((a, b) => b[1] - a[1]),
  );
  const { packs } = filters.value;
  // All packs together are one stop of the Tab key.
  const box = useRef<HTMLDivElement>(null);
  const here = useSignal("");
  const shown = found.value.slice(0, MOST);
  const stop = shown.some(([name]) => name === here.value) ? here.value : shown[0]?.[0];
  const walk = (event: KeyboardEvent) => {
    const boxes = [...box.current!.querySelectorAll("input")];
    const nth = boxes.indexOf(event.target as HTMLInputElement);
    const next = {
      ArrowDown: nth + 1,
      ArrowUp: nth - 1,
      Home: 0,
      End: boxes.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    boxes[Math.min(boxes.length - 1, Math.max(0, next))]?.focus();
  };
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
      <div
        role="group"
        aria-label="Packs: arrow keys go through them"
        class="pack-list"
        ref={box}
        onKeyDown={walk}
        onFocusIn={(event) => (here.value = (event.target as HTMLInputElement).name)}
      >
        {shown.map(([name, count]) => (
          <label key={name}>
            <input
              type="checkbox"
              name={name}
              tabIndex={name === stop ? 0 : -1}
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
