import type { Signal } from "@preact/signals";
import { Icon } from "../ui/Icon";
import { zoomed } from "./camera";
import type { Scene } from "./scene";

const STEP = 1.6;

interface Props {
  scene: Signal<Scene | null>;
  drawing: Signal<boolean>;
}

export function MapTools({ scene, drawing }: Props) {
  const zoom = (factor: number) => {
    const now = scene.value;
    const { width, height } = now?.view ?? { width: 0, height: 0 };
    now?.move(zoomed(now.camera, now.view, factor, width / 2, height / 2));
  };
  return (
    <div class="map-tools" role="group" aria-label="Map tools">
      <button
        class="icon"
        aria-label="Draw around sounds to select them"
        title="Lasso (or drag with Shift)"
        aria-pressed={drawing.value}
        onClick={() => (drawing.value = !drawing.value)}
      >
        <Icon name="lasso" />
      </button>
      <button class="icon" aria-label="Zoom in" title="Zoom in" onClick={() => zoom(STEP)}>
        <Icon name="plus" />
      </button>
      <button class="icon" aria-label="Zoom out" title="Zoom out" onClick={() => zoom(1 / STEP)}>
        <Icon name="minus" />
      </button>
      <button
        class="icon"
        aria-label="Show all"
        title="Show all"
        onClick={() => scene.value?.fit()}
      >
        <Icon name="fit" />
      </button>
    </div>
  );
}
