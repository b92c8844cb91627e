import { useRef } from "preact/hooks";
import { choose } from "../state/commands";
import { MapTip } from "./MapTip";
import { MapTools } from "./MapTools";
import { useScene } from "./useScene";

const WAYS: Record<string, readonly [right: number, up: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export function MapView() {
  const box = useRef<HTMLDivElement>(null);
  const points = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const { scene, hovered, drawing, broken } = useScene({ box, points, over });

  const walk = (event: KeyboardEvent) => {
    const way = WAYS[event.key];
    if (!way || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = scene.value?.neighbour(way);
    if (next === undefined) return;
    choose(next, event.timeStamp);
    scene.value?.reveal(next);
  };

  return (
    <div
      class={drawing.value ? "map drawing" : "map"}
      ref={box}
      tabIndex={0}
      role="application"
      aria-label="Map of all sounds. Arrow keys go to the nearest sound in that direction and play it."
      onKeyDown={walk}
    >
      <canvas ref={points} aria-hidden="true" />
      <canvas ref={over} aria-hidden="true" />
      {broken.value && (
        <p class="map-broken">
          This browser cannot draw the map (it has no WebGL 2): the list has all sounds.
        </p>
      )}
      {hovered.value !== null && <MapTip id={hovered.value} />}
      <MapTools scene={scene} drawing={drawing} />
    </div>
  );
}
