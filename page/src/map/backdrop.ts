/** The picture of the density behind the points, on a canvas of its own. */

import { toScreen, type Camera, type Extent } from "./camera";
import type { Density } from "./density";

export class Backdrop {
  private readonly context: CanvasRenderingContext2D;
  private readonly picture = document.createElement("canvas");
  private drawn: Density | null = null;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext("2d")!;
  }

  resize(width: number, height: number): void {
    [this.canvas.width, this.canvas.height] = [Math.round(width), Math.round(height)];
  }

  draw(camera: Camera, view: Extent, density: Density | null): void {
    if (!density && !this.drawn) return;
    if (density && density !== this.drawn) {
      [this.picture.width, this.picture.height] = [density.width, density.height];
      const pixels = new ImageData(density.pixels, density.width, density.height);
      this.picture.getContext("2d")!.putImageData(pixels, 0, 0);
    }
    this.drawn = density;
    this.context.clearRect(0, 0, view.width, view.height);
    if (!density) return;
    const [left, top] = toScreen(camera, view, density.left, density.high);
    const [right, bottom] = toScreen(camera, view, density.right, density.low);
    this.context.drawImage(this.picture, left, top, right - left, bottom - top);
  }
}
