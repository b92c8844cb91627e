/** Keeps the address, the filtered collection and the details in step with the view. */

import { effect } from "@preact/signals";
import { followDetails } from "../detail/details";
import { fetchMembers, FAVOURITES, show } from "../state/collections";
import { read, written } from "../state/hash";
import { followList } from "../state/list";
import { current, filters, order, view } from "../state/view";

export function keepInStep(): void {
  effect(() => {
    const state = {
      view: view.value,
      current: current.value,
      filters: filters.value,
      order: order.value,
    };
    history.replaceState(null, "", `#${written(state)}`);
  });
  window.addEventListener("hashchange", () => {
    const state = read(location.hash);
    view.value = state.view;
    current.value = state.current;
    filters.value = state.filters;
    order.value = state.order;
  });
  let shown: number | null = null;
  effect(() => {
    const { collection } = filters.value;
    if (collection !== shown) show((shown = collection));
  });
  void fetchMembers(FAVOURITES);
  followList();
  followDetails();
}
