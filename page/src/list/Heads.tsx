import type { SortName } from "../sounds/sort";
import { order, sortedByQuery } from "../state/view";
import { COLUMNS } from "./columns";

export const HEADS_PX = 30;

/** Column heads: one click sorts, the next reverses, the third restores path order. */
export function Heads() {
  const { by, descending } = order.value;
  const click = (column: SortName) => {
    if (by !== column) order.value = { by: column, descending: false };
    else if (!descending) order.value = { by, descending: true };
    else order.value = { by: "path", descending: false };
  };
  const sorted = (column: SortName) =>
    by !== column || sortedByQuery.value ? "none" : descending ? "descending" : "ascending";
  return (
    <div role="rowgroup" class="heads-group">
      <div role="row" aria-rowindex={1} class="heads">
        <span role="columnheader" class="cell-play">
          <span class="hidden">Waveform</span>
        </span>
        {COLUMNS.map((column) => (
          <span
            key={column.by}
            role="columnheader"
            class={`cell-${column.by}`}
            aria-sort={sorted(column.by)}
          >
            <button onClick={() => click(column.by)}>
              {column.title}
              {by === column.by && !sortedByQuery.value && (
                <span aria-hidden="true">{descending ? " ↓" : " ↑"}</span>
              )}
            </button>
          </span>
        ))}
        <span role="columnheader" class="cell-like">
          <span class="hidden">Favourite</span>
        </span>
      </div>
    </div>
  );
}
