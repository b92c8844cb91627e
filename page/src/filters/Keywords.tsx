import { keywords } from "../state/keywords";
import { filter, filters, toggleIn } from "../state/view";

/** The person's keywords: a click shows what has one of those that are pressed. */
export function Keywords() {
  const chosen = filters.value.keywords;
  // A keyword that no sound has any more can still be taken out of the filter.
  const gone = chosen.filter((word) => !keywords.value.some(({ name }) => name === word));
  const listed = [...keywords.value, ...gone.map((name) => ({ name, count: 0 }))];
  if (!listed.length)
    return (
      <p class="quiet">
        None yet: choose a sound and press <kbd>#</kbd>.
      </p>
    );
  return (
    <div class="chips keyword-chips">
      {listed.map(({ name, count }) => (
        <button
          key={name}
          class="chip"
          aria-pressed={chosen.includes(name)}
          onClick={() => filter({ keywords: toggleIn(chosen, name) })}
        >
          {name} <small>{count.toLocaleString("en")}</small>
        </button>
      ))}
    </div>
  );
}
