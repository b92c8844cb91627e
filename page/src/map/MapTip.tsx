import { library } from "../state/library";
import { spoken } from "../sounds/families";
import { percent } from "../sounds/words";

/** The name of the sound that is pointed at. */
export function MapTip({ id }: { id: number }) {
  const { rowOf, names, labels, columns } = library.value;
  const row = rowOf.get(id);
  if (row === undefined) return null;
  return (
    <p class="map-tip">
      <strong>{names.at(row)}</strong>
      <span>
        {spoken(labels[columns.label[row]])} · {percent(columns.confidence[row])}
      </span>
    </p>
  );
}
