import { recent } from "../state/recent";
import { filter, filters, order } from "../state/view";
import { Icon } from "../ui/Icon";

const NEWEST = "added-";

/** What was opened last, and what came last. */
export function Recent() {
  const { recent: on, search } = filters.value;
  const newest = search.trim() === NEWEST;
  const inItsOrder = () => (order.value = { by: "path", descending: false });
  return (
    <div role="group" aria-label="Recent" class="collections">
      <button
        class="line"
        aria-pressed={on}
        onClick={() => {
          if (!on) inItsOrder();
          filter({ recent: !on });
        }}
      >
        <Icon name="history" />
        <span>Opened last</span>
        <small>{recent.value.length.toLocaleString("en")}</small>
      </button>
      <button
        class="line"
        aria-pressed={newest}
        onClick={() => {
          if (!newest) inItsOrder();
          filter({ search: newest ? "" : NEWEST });
        }}
      >
        <Icon name="plus" />
        <span>Newest first</span>
      </button>
    </div>
  );
}
