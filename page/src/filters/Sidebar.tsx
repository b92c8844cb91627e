import { active } from "../sounds/filter";
import { clearFilters, filter, filters, found } from "../state/view";
import { Collections } from "./Collections";
import { LabelChips, Legend } from "./Legend";
import { Packs } from "./Packs";
import { Ranges } from "./Ranges";

/** All filters. */
export function Sidebar() {
  const { unsure, corrected } = filters.value;
  return (
    <div class="sidebar">
      <section aria-label="Families">
        <h2>
          Families
          {active(filters.value) > 0 && (
            <button class="link" onClick={clearFilters}>
              Clear filters
            </button>
          )}
        </h2>
        <Legend />
        <LabelChips />
      </section>
      <section aria-label="Collections">
        <h2>Collections</h2>
        <Collections />
      </section>
      <section aria-label="Filters">
        <h2>Filters</h2>
        <div class="chips">
          <button
            class="chip"
            aria-pressed={unsure}
            onClick={() => filter({ unsure: !unsure, labels: [] })}
          >
            Unsure only <small>{found.value.unsure.toLocaleString("en")}</small>
          </button>
          <button
            class="chip"
            aria-pressed={corrected}
            onClick={() => filter({ corrected: !corrected })}
          >
            Corrected only <small>{found.value.corrected.toLocaleString("en")}</small>
          </button>
        </div>
        <Ranges />
      </section>
      <section aria-label="Packs">
        <h2>Packs</h2>
        <Packs />
      </section>
    </div>
  );
}
