/** Keeps the address, the browser's history, the settings and the details in step with the view. */

import { effect } from "@preact/signals";
import { player } from "../audio/player";
import { followDetails } from "../detail/details";
import { followKit } from "../kit/state";
import { forget, retry } from "../list/waveforms";
import { opened, slicing } from "../slicer/state";
import { fetchMembers, FAVOURITES, show } from "../state/collections";
import { returned } from "../state/events";
import { read, written, type ViewState } from "../state/hash";
import { followHistory } from "../state/history";
import { followKeywords } from "../state/keywords";
import { followList } from "../state/list";
import { rewritten } from "../state/library";
import { whileHidden } from "../state/notices";
import { followRecent } from "../state/recent";
import { followSearch } from "../state/search";
import { settings } from "../state/settings";
import { current, filters, order, selection, view } from "../state/view";

/** The address changes at most so often: browsers slow down a page that does so all the time. */
const REST_MS = 250;
/** What is typed within this time is one step back. */
const TYPING_MS = 1200;

const now = (): ViewState => ({
  view: view.value,
  current: current.value,
  filters: filters.value,
  order: order.value,
});

/** A larger selection is not kept in the browser's history: going back finds nothing selected. */
const MOST_KEPT = 20_000;
const kept = (ids: ReadonlySet<number>) => (ids.size > MOST_KEPT ? [] : [...ids]);

/** What going back goes back through: all but the current sound. */
const place = (state: ViewState, selected: ReadonlySet<number>) => {
  const ids = kept(selected).sort((a, b) => a - b);
  return JSON.stringify([{ ...state, current: null }, selected.size, ids]);
};

export function keepInStep(): void {
  if (!location.hash && settings.view.value) restore(settings.view.value);
  followAddress();
  followKit();
  let shown: number | null = null;
  effect(() => {
    const { collection } = filters.value;
    if (collection !== shown) show((shown = collection));
  });
  followSearch();
  followKeywords();
  followRecent();
  void fetchMembers(FAVOURITES);
  followList();
  followDetails();
  followHistory();
  effect(() => {
    if (returned.value) retry();
  });
  followFiles();
  const seen = () => whileHidden(document.hidden);
  seen();
  document.addEventListener("visibilitychange", seen);
}

/** What was kept of files that hold other audio now is fetched anew. */
function followFiles(): void {
  effect(() => {
    const ids = rewritten.value;
    player.buffers.forget(ids);
    forget(ids);
    const loop = opened.peek();
    if (loop && ids.includes(loop.id) && slicing.peek() === null) opened.value = null;
  });
}

function restore(hash: string): void {
  const state = read(hash);
  view.value = state.view;
  current.value = state.current;
  filters.value = state.filters;
  order.value = state.order;
}

function followAddress(): void {
  let before = place(now(), selection.value);
  let pushed = 0;
  let wrote = -REST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    timer = undefined;
    wrote = performance.now();
    const hash = `#${written(now())}`;
    const here = place(now(), selection.value);
    const state = { selected: kept(selection.value) };
    // Typing goes on in one step; anything else is a step of its own.
    const typing = performance.now() - pushed < TYPING_MS && filters.value.search !== "";
    if (here === before || typing) history.replaceState(state, "", hash);
    else {
      history.pushState(state, "", hash);
      pushed = performance.now();
    }
    before = here;
    settings.view.value = hash;
  };
  effect(() => {
    void [now(), selection.value];
    timer ??= setTimeout(write, Math.max(0, wrote + REST_MS - performance.now()));
  });
  window.addEventListener("pagehide", () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    write(); // the last that was done, for the next start
  });
  window.addEventListener("popstate", (event) => {
    clearTimeout(timer);
    timer = undefined;
    const last = current.value;
    restore(location.hash);
    current.value ??= last;
    const { selected = [] } = (event.state ?? {}) as { selected?: number[] };
    selection.value = new Set(selected);
    clearTimeout(timer);
    timer = undefined;
    before = place(now(), selection.value);
    settings.view.value = location.hash;
  });
}
