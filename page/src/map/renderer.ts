/**
 * The points of the map, drawn by deck.gl. They stay on the graphics card: panning and zooming only
 * set a few numbers, so a frame costs the page the same for ten points as for a million.
 */

import { Deck, OrthographicView } from "@deck.gl/core";
import type { Camera } from "./camera";
import { Marks } from "./marks";
import { painted, type Paint } from "./paint";

export class Renderer {
  private readonly deck: Deck<OrthographicView>;
  private places: Float32Array = new Float32Array(0);
  private families: Uint8Array = new Uint8Array(0);
  private states: Uint8Array = new Uint8Array(0);
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

  setPoints(x: Float32Array, y: Float32Array, families: Uint8Array): void {
    this.places = new Float32Array(2 * x.length);
    for (let row = 0; row < x.length; row++) {
      this.places[2 * row] = x[row];
      this.places[2 * row + 1] = y[row];
    }
    this.families = families;
    this.data = null;
  }

  setStates(states: Uint8Array): void {
    this.states = states;
    this.data = null;
  }

  /** `size`: of a point, in pixels. */
  draw(camera: Camera, size: number, paint: Paint): void {
    if (!this.data || paint !== this.paint) this.data = this.painted(paint);
    const points = new Marks({
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
      layers: [points],
    });
    if (this.deck.isInitialized) this.deck.redraw("moved");
  }

  end(): void {
    this.deck.finalize();
  }

  private painted(paint: Paint): object {
    this.paint = paint;
    const { colours, radii, lines, shapes } = painted(
      this.places,
      this.families,
      this.states,
      paint,
    );
    return {
      length: this.states.length,
      attributes: {
        getPosition: { value: this.places, size: 2 },
        getFillColor: { value: colours, size: 4, normalized: true },
        getRadius: { value: radii, size: 1 },
        getLineWidth: { value: lines, size: 1 },
        getShape: { value: shapes, size: 1 },
      },
    };
  }
}
