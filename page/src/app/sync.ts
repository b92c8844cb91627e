/** Keeps the address, the collection that is shown and the details in step with what is chosen. */

import { effect } from "@preact/signals";
import { followDetails } from "../detail/details";
import { fetchMembers, FAVOURITES, show } from "../state/collections";
import { read, written } from "../state/hash";
import { followShown } from "../state/shown";
import { current, filters, order, view } from "../state/view";

export function keepInStep(): void {
  effect(() => {
    const place = {
      view: view.value,
      current: current.value,
      filters: filters.value,
      order: order.value,
    };
    history.replaceState(null, "", `#${written(place)}`);
  });
  window.addEventListener("hashchange", () => {
    const place = read(location.hash);
    view.value = place.view;
    current.value = place.current;
    filters.value = place.filters;
    order.value = place.order;
  });
  let shown: number | null = null;
  effect(() => {
    const { collection } = filters.value;
    if (collection !== shown) show((shown = collection));
  });
  void fetchMembers(FAVOURITES);
  followShown();
  followDetails();
}
