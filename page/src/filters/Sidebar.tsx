import { active } from "../sounds/filter";
import { hiddenCount } from "../state/hidden";
import { clearFilters, filter, filters, found } from "../state/view";
import { Collections } from "./Collections";
import { HiddenPacks } from "./HiddenPacks";
import { Keywords } from "./Keywords";
import { LabelChips, Legend } from "./Legend";
import { Packs } from "./Packs";
import { Ranges } from "./Ranges";
import { Recent } from "./Recent";

/** All filters. */
export function Sidebar() {
  const { unsure, corrected, hidden } = filters.value;
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
        <Recent />
      </section>
      <section aria-label="Keywords">
        <h2>Keywords</h2>
        <Keywords />
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
          {(hidden || hiddenCount.value > 0) && (
            <button class="chip" aria-pressed={hidden} onClick={() => filter({ hidden: !hidden })}>
              Hidden only <small>{found.value.hidden.toLocaleString("en")}</small>
            </button>
          )}
        </div>
        <Ranges />
      </section>
      <section aria-label="Packs">
        <h2>Packs</h2>
        <Packs />
        <HiddenPacks />
      </section>
    </div>
  );
}
