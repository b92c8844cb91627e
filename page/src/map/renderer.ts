/**
 * The points of the map, drawn by deck.gl. They stay on the graphics card: panning and zooming only
 * set a few numbers, so a frame costs the page the same for ten points as for a hundred thousand.
 */

import { Deck, OrthographicView } from "@deck.gl/core";
import type { Camera } from "./camera";
import { Marks } from "./marks";
import { painted, type Paint } from "./paint";
import type { Points } from "./window";

export class Renderer {
  private readonly deck: Deck<OrthographicView>;
  private points: Points | null = null;
  private paint: Paint | null = null;
  private data: object | null = null;

  /** `onBroken` is called with the reason if the browser has no WebGL 2. */
  constructor(canvas: HTMLCanvasElement, onBroken: () => void) {
    this.deck = new Deck({
      canvas,
      views: new OrthographicView({ id: "map", flipY: false }),
      controller: false,
      viewState: { target: [0, 0, 0], zoom: 8 },
      useDevicePixels: Math.min(2, devicePixelRatio || 1),
      onError: onBroken,
      onLoad: () => canvas.removeAttribute("tabindex"), // the map around it has the focus
      layers: [],
    });
  }

  /** `size`: of a point, in pixels. */
  draw(camera: Camera, size: number, paint: Paint, points: Points): void {
    if (points !== this.points || paint !== this.paint) this.data = this.painted(points, paint);
    const layer = new Marks({
      id: "points",
      data: this.data as never,
      radiusUnits: "pixels",
      radiusScale: size / 2,
      stroked: true,
      lineWidthUnits: "pixels",
      getLineColor: [...paint.ink, 255],
      updateTriggers: { getLineColor: paint.ink },
    });
    this.deck.setProps({
      viewState: { target: [camera.x, camera.y, 0], zoom: Math.log2(camera.scale) },
      layers: [layer],
    });
    if (this.deck.isInitialized) this.deck.redraw("moved");
  }

  end(): void {
    this.deck.finalize();
  }

  private painted(points: Points, paint: Paint): object {
    [this.points, this.paint] = [points, paint];
    const { places, families, states } = points;
    const { colours, radii, lines, shapes } = painted(places, families, states, paint);
    return {
      length: states.length,
      attributes: {
        getPosition: { value: places, size: 2 },
        getFillColor: { value: colours, size: 4, normalized: true },
        getRadius: { value: radii, size: 1 },
        getLineWidth: { value: lines, size: 1 },
        getShape: { value: shapes, size: 1 },
      },
    };
  }
}
