/** Numbers for measuring the page from outside, as `window.__drumsort`. */

import { player } from "../audio/player";
import { shown } from "../map/useScene";
import { library } from "../state/library";
import { rows } from "../state/view";

export function expose(): void {
  const numbers = {
    /** From the wish to hear a sound to its start, ms. */
    latencies: () => [...player.latencies],
    /** Main-thread time of the frames of the map, ms. */
    frames: () => [...(shown.scene?.frames ?? [])],
    audio: () => player.context.state,
    sources: () => player.sources,
    decoded: () => player.decoded,
    sounds: () => library.value.count,
    shown: () => rows.value.length,
    /** Where a sound is on the page, in pixels of the map; null where it is not on it. */
    placeOf: (id: number) => shown.scene?.placeOf(id) ?? null,
  };
  Object.assign(window, { __drumsort: numbers });
}
