/** Numbers for measuring the page from outside, as `window.__drumsort`. */

import { player } from "../audio/player";
import { mounted } from "../map/useScene";
import { library } from "../state/library";
import { rows } from "../state/view";

export function expose(): void {
  const numbers = {
    /** From the click or key to the start of a sound, ms. */
    latencies: () => [...player.latencies],
    /** Main-thread time of the frames of the map, ms. */
    frames: () => [...(mounted.scene?.frames ?? [])],
    audio: () => player.context.state,
    sources: () => player.sources,
    decoded: () => player.decoded,
    sounds: () => library.value.count,
    shown: () => rows.value.length,
    /** Where a sound is on the map, in pixels; null if it is not on the map. */
    placeOf: (id: number) => mounted.scene?.placeOf(id) ?? null,
  };
  Object.assign(window, { __drumsort: numbers });
}
