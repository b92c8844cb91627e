import { active } from "../sounds/filter";
import { spoken } from "../sounds/families";
import { hear } from "../state/commands";
import { library } from "../state/library";
import { current, filters, panel, sheet, view } from "../state/view";
import { FamilyDot } from "../ui/FamilyDot";
import { Icon } from "../ui/Icon";

/** On a phone: the current sound, and the tabs. */
export function PhoneBar() {
  const on = active(filters.value);
  return (
    <div class="phone">
      <Mini />
      <nav aria-label="Views">
        <button aria-pressed={view.value !== "list"} onClick={() => (view.value = "map")}>
          <Icon name="map" />
          Map
        </button>
        <button aria-pressed={view.value === "list"} onClick={() => (view.value = "list")}>
          <Icon name="list" />
          List
        </button>
        <button onClick={() => (panel.value = "filters")}>
          <Icon name="filter" />
          Filters{on > 0 && ` (${on})`}
        </button>
        <button onClick={() => (panel.value = "more")}>
          <Icon name="more" />
          More
        </button>
      </nav>
    </div>
  );
}

function Mini() {
  const { rowOf, names, labels, families, columns } = library.value;
  const id = current.value;
  const row = id === null ? undefined : rowOf.get(id);
  if (id === null || row === undefined) return null;
  return (
    <div class="mini">
      <button
        class="icon"
        aria-label={`Play ${names.at(row)}`}
        onClick={(event) => hear(id, { since: event.timeStamp })}
      >
        <Icon name="play" filled />
      </button>
      <button class="mini-name" aria-expanded={sheet.value} onClick={() => (sheet.value = true)}>
        <strong>{names.at(row)}</strong>
        <span>
          <FamilyDot name={families[columns.family[row]]} /> {spoken(labels[columns.label[row]])}
        </span>
      </button>
    </div>
  );
}
