import { useRef } from "preact/hooks";
import { type Filters, type Ranged, type Span } from "../sounds/filter";
import { spoken, spokenFamily } from "../sounds/families";
import { hertz, percent, seconds } from "../sounds/words";
import { collections } from "../state/collections";
import { hiddenCount } from "../state/hidden";
import { anyHidden, clearFilters, filter, filters, toggleIn } from "../state/view";
import { Icon } from "../ui/Icon";
import { SaveQuery } from "./SaveQuery";

interface Chip {
  readonly name: string;
  readonly without: Partial<Filters>;
}

const RANGES: readonly [name: Ranged, title: string, words: (value: number) => string][] = [
  ["confidence", "sure", percent],
  ["duration", "length", seconds],
  ["brightness", "bright", hertz],
];

function between([low, high]: Span, words: (value: number) => string): string {
  if (high === Infinity) return `from ${words(low)}`;
  return low > 0 ? `${words(low)} to ${words(high)}` : `up to ${words(high)}`;
}

/** Each filter that is on, and the filters without it. */
function chipsOf(on: Filters): Chip[] {
  const shown = collections.value.find(({ number }) => number === on.collection);
  const { families, labels, packs, keywords } = on;
  const search = on.search.trim();
  return [
    ...(search ? [{ name: `“${search}”`, without: { search: "" } }] : []),
    ...(on.collection !== null
      ? [{ name: shown?.name ?? "a collection", without: { collection: null } }]
      : []),
    ...families.map((name) => ({
      name: spokenFamily(name),
      without: { families: toggleIn(families, name), labels: [] },
    })),
    ...labels.map((name) => ({ name: spoken(name), without: { labels: toggleIn(labels, name) } })),
    ...packs.map((name) => ({
      name: name || "(no pack)",
      without: { packs: toggleIn(packs, name) },
    })),
    ...keywords.map((name) => ({
      name: `#${name}`,
      without: { keywords: toggleIn(keywords, name) },
    })),
    ...(on.recent ? [{ name: "opened last", without: { recent: false } }] : []),
    ...(on.hidden ? [{ name: "hidden only", without: { hidden: false } }] : []),
    ...(on.unsure ? [{ name: "unsure only", without: { unsure: false } }] : []),
    ...(on.corrected ? [{ name: "corrected only", without: { corrected: false } }] : []),
    ...RANGES.flatMap(([name, title, words]) => {
      const span = on[name];
      return span ? [{ name: `${title} ${between(span, words)}`, without: { [name]: null } }] : [];
    }),
  ];
}

/** What narrows down the list: each goes with a click, and all can be saved as a collection. */
export function Chips() {
  const box = useRef<HTMLDivElement>(null);
  const chips = chipsOf(filters.value);
  const away = filters.value.hidden || anyHidden.value ? 0 : hiddenCount.value;
  if (!chips.length && !away) return null;
  const remove = (nth: number, without: Partial<Filters>) => {
    filter(without);
    requestAnimationFrame(() => {
      const left = box.current?.querySelectorAll<HTMLElement>(".chip") ?? [];
      (
        left[Math.min(nth, left.length - 1)] ?? document.querySelector<HTMLElement>(".list")
      )?.focus();
    });
  };
  return (
    <div class="active-filters">
      <div role="group" aria-label="Filters that are on" ref={box}>
        {chips.map(({ name, without }, nth) => (
          <button
            key={name}
            class="chip"
            aria-label={`Remove the filter ${name}`}
            title="Remove this filter"
            onClick={() => remove(nth, without)}
          >
            <span>{name}</span>
            <Icon name="close" />
          </button>
        ))}
        {away > 0 && (
          <button class="link" title="Show what is hidden" onClick={() => filter({ hidden: true })}>
            <Icon name="hidden" /> {away.toLocaleString("en")} hidden
          </button>
        )}
        {chips.length > 1 && (
          <button
            class="link"
            onClick={() => {
              clearFilters();
              document.querySelector<HTMLElement>(".list")?.focus();
            }}
          >
            Clear all
          </button>
        )}
      </div>
      {chips.length > 0 && <SaveQuery />}
    </div>
  );
}
