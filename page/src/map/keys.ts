/** Keys on the map: they walk from sound to sound, zoom, and select around the current sound. */

import { spoken } from "../sounds/families";
import { count, percent } from "../sounds/words";
import { choose, look, select } from "../state/commands";
import { library } from "../state/library";
import { current, selection } from "../state/view";
import { zoomed } from "./camera";
import type { Scene } from "./scene";

const WAYS: Record<string, readonly [right: number, up: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
const ZOOMS: Record<string, number> = { "+": 1.6, "=": 1.6, "-": 1 / 1.6 };
const RINGS: Record<string, number> = { "]": 1.3, "[": 1 / 1.3 };
const FIRST_RING_PX = 30;
const CORNERS = 48;

let ring = 0;

/** What a screen reader hears of a sound. */
export function described(id: number): string {
  const { rowOf, names, labels, columns } = library.value;
  const row = rowOf.get(id);
  if (row === undefined) return "";
  const sure = columns.corrected[row] ? "you said so" : `${percent(columns.confidence[row])} sure`;
  return `${names.at(row)}, ${spoken(labels[columns.label[row]])}, ${sure}`;
}

/** Do what a key means; the words to say about it, or null if it means nothing here. */
export function pressed(scene: Scene, event: KeyboardEvent): string | null {
  const { key, shiftKey } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (key in WAYS) return walk(scene, WAYS[key], shiftKey, event.timeStamp);
  if (key in RINGS) return around(scene, RINGS[key]);
  if (key in ZOOMS) {
    const place = current.value === null ? null : scene.placeOf(current.value);
    const [left, top] = place ?? [scene.view.width / 2, scene.view.height / 2];
    scene.move(zoomed(scene.camera, scene.view, ZOOMS[key], left, top));
    return key === "-" ? "Zoomed out" : "Zoomed in";
  }
  return null;
}

function walk(scene: Scene, way: readonly [number, number], more: boolean, since: number): string {
  const next = scene.neighbour(way);
  if (next === undefined) return "There is no sound in that direction.";
  ring = 0;
  if (more) {
    select([...(current.value === null ? [] : [current.value]), next], true);
    look(next, { since });
  } else choose(next, { since });
  scene.reveal(next);
  return more ? `${described(next)}; ${selected()}` : described(next);
}

/** Select all within a ring around the current sound, which grows or shrinks: a lasso by key. */
function around(scene: Scene, factor: number): string {
  const id = current.value;
  const place = id === null ? null : scene.placeOf(id);
  if (!place) return "Go to a sound with the arrow keys first.";
  ring = ring ? ring * factor : FIRST_RING_PX;
  select([id!, ...scene.within(circle(place, ring))]);
  return selected();
}

const circle = ([x, y]: readonly [number, number], radius: number): [number, number][] =>
  Array.from({ length: CORNERS }, (_, nth) => {
    const turn = (nth / CORNERS) * 2 * Math.PI;
    return [x + radius * Math.cos(turn), y + radius * Math.sin(turn)];
  });

const selected = () => `${count(selection.value.size, "sound")} selected`;
