import { spoken, spokenFamily } from "../sounds/families";
import { library, server } from "../state/library";
import { filter, filters, lit, toggleIn } from "../state/view";
import { FamilyDot } from "../ui/FamilyDot";
import { familyCounts, labelCounts } from "./counts";

/** The families with their colours: pointing at one highlights it on the map, a click filters. */
export function Legend() {
  const { families } = filters.value;
  return (
    <div class="legend" role="group" aria-label="Families" onPointerLeave={() => (lit.value = -1)}>
      {library.value.families.map((name, code) => (
        <button
          key={name}
          class="legend-family"
          aria-pressed={families.includes(name)}
          onPointerEnter={(event) => event.pointerType === "mouse" && (lit.value = code)}
          onClick={() => filter({ families: toggleIn(families, name), labels: [] })}
        >
          <FamilyDot name={name} />
          <span>{spokenFamily(name)}</span>
          <small>{(familyCounts.value.get(name) ?? 0).toLocaleString("en")}</small>
        </button>
      ))}
    </div>
  );
}

/** The labels of the filtered families, where they have more than one. */
export function LabelChips() {
  const { families, labels, unsure } = filters.value;
  const known = server.value?.families ?? [];
  const offered = known
    .filter(({ name, labels }) => families.includes(name) && labels.length > 1)
    .flatMap(({ labels }) => labels);
  if (!offered.length || unsure) return null;
  return (
    <div class="chips" role="group" aria-label="Labels">
      {offered.map((label) => (
        <button
          key={label}
          class="chip"
          aria-pressed={labels.includes(label)}
          onClick={() => filter({ labels: toggleIn(labels, label) })}
        >
          {spoken(label)} <small>{(labelCounts.value.get(label) ?? 0).toLocaleString("en")}</small>
        </button>
      ))}
    </div>
  );
}
