import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { MapTip } from "./MapTip";
import { MapTools } from "./MapTools";
import { pressed } from "./keys";
import { useScene } from "./useScene";

export function MapView() {
  const box = useRef<HTMLDivElement>(null);
  const density = useRef<HTMLCanvasElement>(null);
  const points = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const said = useSignal("");
  const { scene, hovered, drawing, broken } = useScene({ box, density, points, over });

  const walk = (event: KeyboardEvent) => {
    const words = scene.value && pressed(scene.value, event);
    if (words === null) return;
    event.preventDefault();
    event.stopPropagation();
    said.value = words;
  };

  return (
    <div
      class={drawing.value ? "map drawing" : "map"}
      ref={box}
      tabIndex={0}
      role="application"
      aria-label="Map of all sounds. Arrow keys go to the nearest sound in that direction and play it; with Shift they select it, too. Plus and minus zoom; square brackets select all around."
      onKeyDown={walk}
    >
      <canvas ref={density} aria-hidden="true" />
      <canvas ref={points} aria-hidden="true" />
      <canvas ref={over} aria-hidden="true" />
      {broken.value && (
        <p class="map-broken">
          This browser cannot draw the map (it has no WebGL 2): the list has all sounds.
        </p>
      )}
      <p class="hidden" role="status" aria-live="polite">
        {said.value}
      </p>
      {hovered.value !== null && <MapTip id={hovered.value} />}
      <MapTools scene={scene} drawing={drawing} />
    </div>
  );
}
