import { useEffect, useRef } from "preact/hooks";
import { FamilyDot } from "../ui/FamilyDot";
import { Icon } from "../ui/Icon";
import { chosen, choose, cuts, endOf, heardAt, opened, remove, tick } from "./state";
import { labelOf, sureOf, time } from "./words";
import { show } from "./zoom";

/** Every hit: what it is, where it begins, how long it is, whether it is kept. */
export function HitList() {
  return (
    <ol class="hits" aria-label="Hits">
      {cuts.value.map((_, nth) => (
        <Hit key={nth} nth={nth} />
      ))}
    </ol>
  );
}

function Hit({ nth }: { nth: number }) {
  const line = useRef<HTMLLIElement>(null);
  const cut = cuts.value[nth];
  const found = heardAt(nth);
  const here = chosen.value === nth;
  useEffect(() => {
    if (here) line.current?.scrollIntoView({ block: "nearest" });
  }, [here]);
  const tab = here ? 0 : -1; // the arrow keys lead from hit to hit
  const what = `${labelOf(nth)} ${sureOf(nth)}`.trim();
  return (
    <li ref={line} class={here ? "hit chosen" : "hit"} aria-current={here || undefined}>
      <input
        type="checkbox"
        aria-label={`Keep hit ${nth + 1}`}
        tabIndex={tab}
        checked={cut.keep && found !== null}
        disabled={found === null}
        onChange={(event) => tick(nth, event.currentTarget.checked)}
      />
      <button
        class="line"
        tabIndex={tab}
        aria-label={`Play hit ${nth + 1}: ${what}`}
        onClick={() => {
          choose(nth);
          show(cut.at);
        }}
      >
        <span class="number">{nth + 1}</span>
        <FamilyDot name={found?.family ?? "unsure"} />
        <span class="hit-label">{labelOf(nth)}</span>
        <span class="number">{sureOf(nth)}</span>
        <span class="number hit-at">{time(cut.at)}</span>
        <span class="number hit-length">
          {opened.value && found ? time(endOf(nth) - cut.at) : ""}
        </span>
      </button>
      <button
        class="icon"
        tabIndex={tab}
        aria-label={`Remove cut ${nth + 1}`}
        title="Remove the cut (Delete)"
        onClick={() => remove(nth)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
