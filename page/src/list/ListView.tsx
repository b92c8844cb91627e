import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { count } from "../sounds/words";
import { choose, extendTo, toggleSelected, unpoint } from "../state/commands";
import { members, smart } from "../state/collections";
import { library, loaded } from "../state/library";
import {
  basis,
  clearFilters,
  current,
  filters,
  order,
  nthOf,
  rows,
  selection,
} from "../state/view";
import { Heads, HEADS_PX } from "./Heads";
import { Row, ROW_PX } from "./Row";
import { scrolledTo, visible } from "./window";

/** Height of the selection bar over the list: in one line, or in two where the list is narrow. */
const BAR_PX = [72, 104] as const;
const NARROW_PX = 680;

export function ListView() {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(400);
  const narrow = useSignal(false);

  useEffect(() => {
    const sizes = new ResizeObserver(([{ contentRect }]) => {
      height.value = contentRect.height;
      narrow.value = contentRect.width < NARROW_PX;
    });
    sizes.observe(box.current!);
    return () => sizes.disconnect();
  }, []);

  // The current sound stays in view; a list in a new order, or without it, starts at the top.
  const foot = selection.value.size ? BAR_PX[Number(narrow.value)] : 0;
  const sorted = useRef(order.value);
  useLayoutEffect(() => {
    const nth = current.value === null ? undefined : nthOf.value.get(current.value);
    const element = box.current!;
    const clear = element.clientHeight - HEADS_PX - foot;
    element.scrollTop =
      nth === undefined || sorted.current !== order.value
        ? 0
        : scrolledTo(nth, element.scrollTop, clear, ROW_PX);
    sorted.current = order.value;
  }, [current.value, filters.value, basis.value, order.value, height.value, loaded.value]);

  const pick = (event: MouseEvent, id: number, nth: number) => {
    if (event.shiftKey) return extendTo(nth, event.timeStamp);
    if (event.ctrlKey || event.metaKey) return toggleSelected(id, event.timeStamp);
    choose(id, { since: event.timeStamp, list: true });
  };

  const shown = rows.value;
  const { first, last } = visible(top.value, height.value, ROW_PX, shown.length);
  const { id } = library.value.columns;
  const smartShown = smart.value.some(({ number }) => number === filters.value.collection);
  const active = current.value !== null && nthOf.value.has(current.value);
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
      onPointerLeave={unpoint}
      onScroll={(event) => (top.value = event.currentTarget.scrollTop)}
    >
      <Heads />
      <div
        role="rowgroup"
        class="list-length"
        style={{ height: `${shown.length * ROW_PX + foot}px` }}
      >
        {Array.from(shown.subarray(first, last), (row, nth) => (
          <Row key={id[row]} row={row} nth={first + nth} onPick={pick} />
        ))}
      </div>
      {!shown.length && library.value.count > 0 && (
        <div class="empty-list" role="row">
          <div role="gridcell">
            <p>
              {members.value?.ids.size === 0 && !smartShown
                ? "This collection is empty: show all, select sounds, then “Add to…”."
                : "No sound fits these filters."}
            </p>
            <button onClick={clearFilters}>Show all {count(library.value.count, "sound")}</button>
          </div>
        </div>
      )}
    </div>
  );
}
