/** Numbers for measuring the page from outside, as `window.__drumsort`. */

import { output } from "../audio/output";
import { player } from "../audio/player";
import { now, running } from "../kit/sequencer";
import { beat } from "../kit/state";
import { latencies } from "../kit/voices";
import { mounted } from "../map/useScene";
import { idAt } from "../state/commands";
import { library } from "../state/library";
import { current, rows } from "../state/view";

export function expose(): void {
  const numbers = {
    /** From the click or key to the start of a sound, ms. */
    latencies: () => [...player.latencies],
    /** Main-thread time of the frames of the map, ms. */
    frames: () => [...(mounted.scene?.frames ?? [])],
    audio: () => output.context.state,
    /** Of the browser's own way to the loudspeaker, ms. */
    baseLatency: () => output.context.baseLatency * 1000,
    /** The sound that plays on its own: where it began, in seconds, and how fast it goes. */
    playing: () => player.playing.value,
    sources: () => player.sources,
    decoded: () => player.buffers.count,
    /** From a key or the pointer to the strike of a pad, ms. */
    strikes: () => [...latencies],
    beat: () => ({ running: running.value, step: now.value, hits: beat.value.hits }),
    limited: () => output.limited.value,
    sounds: () => library.value.count,
    shown: () => rows.value.length,
    /** The id of the n-th sound of the list. */
    listed: (nth: number) => idAt(nth) ?? null,
    /** How many sounds the map draws as points. */
    points: () => mounted.scene?.points ?? 0,
    /** The id of the current sound, or null. */
    current: () => current.value,
    /** Where a sound is on the map, in pixels; null if it is not on the map. */
    placeOf: (id: number) => mounted.scene?.placeOf(id) ?? null,
  };
  Object.assign(window, { __drumsort: numbers });
}
