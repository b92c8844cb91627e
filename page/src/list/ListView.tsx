import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { count } from "../sounds/words";
import { between, choose, select, toggleSelected } from "../state/commands";
import { library } from "../state/library";
import { clearFilters, current, filters, order, placeOf, rows } from "../state/view";
import { Heads, HEADS_PX } from "./Heads";
import { Row, ROW_PX } from "./Row";
import { scrolledTo, visible } from "./window";

export function ListView() {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(400);

  useEffect(() => {
    const sizes = new ResizeObserver(([{ contentRect }]) => (height.value = contentRect.height));
    sizes.observe(box.current!);
    return () => sizes.disconnect();
  }, []);

  // What is looked at stays in view; where it is filtered out, the list begins at its top.
  useSignalEffect(() => {
    void [filters.value, order.value, height.value];
    const place = current.value === null ? undefined : placeOf.peek().get(current.value);
    const element = box.current!;
    const shown = element.clientHeight - HEADS_PX;
    element.scrollTop =
      place === undefined ? 0 : scrolledTo(place, element.scrollTop, shown, ROW_PX);
  });

  const pick = (event: MouseEvent, id: number, place: number) => {
    const from = current.value === null ? undefined : placeOf.value.get(current.value);
    if (event.shiftKey && from !== undefined) return select(between(from, place));
    if (event.ctrlKey || event.metaKey) return toggleSelected(id);
    select([]);
    choose(id, event.timeStamp);
  };

  const shown = rows.value;
  const { first, last } = visible(top.value, height.value, ROW_PX, shown.length);
  const { id } = library.value.columns;
  const active = current.value !== null && placeOf.value.has(current.value);
  return (
    <div
      class="list"
      role="grid"
      aria-label="Sounds"
      aria-rowcount={shown.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={active ? `row-${current.value}` : undefined}
      tabIndex={0}
      ref={box}
      onScroll={(event) => (top.value = event.currentTarget.scrollTop)}
    >
      <Heads />
      <div role="rowgroup" class="list-length" style={{ height: `${shown.length * ROW_PX}px` }}>
        {Array.from(shown.subarray(first, last), (row, nth) => (
          <Row key={id[row]} row={row} place={first + nth} onPick={pick} />
        ))}
      </div>
      {!shown.length && library.value.count > 0 && (
        <div class="empty-list" role="row">
          <div role="gridcell">
            <p>No sound fits these filters.</p>
            <button onClick={clearFilters}>Show all {count(library.value.count, "sound")}</button>
          </div>
        </div>
      )}
    </div>
  );
}
