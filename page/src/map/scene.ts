/** The map on its three canvases: holds what to show, and draws it when something changes. */

import { coloursOf, parts } from "../sounds/families";
import { shapesOf } from "../sounds/shapes";
import type { Places, Sounds } from "../sounds/sounds";
import { fitted, revealed, toMap, toScreen, type Camera, type Extent } from "./camera";
import { Backdrop } from "./backdrop";
import { Near } from "./near";
import { drawOver } from "./overlay";
import { regionsOf, type Region } from "./regions";
import { BACK, SELECTED, SHOWN, type Paint } from "./paint";
import { Renderer } from "./renderer";
import { Window } from "./window";

const FRAMES_KEPT = 600;
const EDGE_PX = 120;
const RING_MS = 1500;
const DARK = { ink: "#f4f5f7", paper: "#101216" };
const LIGHT = { ink: "#14161b", paper: "#ffffff" };

export class Scene {
  camera: Camera = { x: 0, y: 0, scale: 300 };
  view: Extent = { width: 1, height: 1 };
  lasso: [number, number][] = [];
  /** How many points were drawn, for measuring. */
  points = 0;
  /** Main-thread ms of the frames drawn, for measuring. */
  readonly frames: number[] = [];

  private readonly renderer: Renderer;
  private readonly context: CanvasRenderingContext2D;
  private readonly backdrop: Backdrop;
  private sounds: Sounds | null = null;
  /** Where all sounds are, while they are being fetched. */
  private early: Places | null = null;
  private window: Window | null = null;
  private states = new Uint8Array(0);
  private familiesShown = new Uint8Array(256);
  private near: Near | null = null;
  private regions: Region[] = [];
  private rings: (number | null)[] = [];
  private dark = true;
  private paint: Paint | null = null;
  private lit = -1;
  private shaped = false;
  private home = 300;
  private moved = false;
  private waiting = 0;
  private fading: ReturnType<typeof setTimeout> | undefined;
  private stale = true;

  /** `onBroken` is called if the browser cannot draw it. */
  constructor(
    density: HTMLCanvasElement,
    points: HTMLCanvasElement,
    private readonly over: HTMLCanvasElement,
    onBroken: () => void,
  ) {
    this.context = over.getContext("2d")!;
    this.renderer = new Renderer(points, onBroken);
    this.backdrop = new Backdrop(density);
  }

  end(): void {
    cancelAnimationFrame(this.waiting);
    this.renderer.end();
  }

  resize(width: number, height: number): void {
    this.view = { width, height };
    const ratio = Math.min(2, devicePixelRatio || 1);
    this.over.width = Math.round(width * ratio);
    this.over.height = Math.round(height * ratio);
    this.backdrop.resize(width, height);
    this.window = null;
    if (!this.moved) this.fit();
    this.redraw();
  }

  setSounds(sounds: Sounds): void {
    const before = this.sounds?.columns;
    if (sounds === this.sounds) return;
    this.sounds = sounds;
    const { x, y, family } = sounds.columns;
    const moved = x !== before?.x || y !== before.y;
    if (moved) this.near = null;
    if (this.early) return;
    this.paint = null;
    if (moved || family !== before.family) this.regions = regionsOf(sounds);
    if (moved && !this.moved) this.fit();
    this.redraw();
  }

  /** Where all sounds are, while only some of them are there; null once all are. */
  setEarly(early: Places | null): void {
    if (early === this.early) return;
    this.early = early;
    this.window = this.paint = null;
    this.regions = this.places ? regionsOf(this.places) : [];
    if (!this.moved) this.fit();
    this.redraw();
  }

  setShown(rows: Uint32Array, selected: ReadonlySet<number>): void {
    if (!this.sounds) return;
    const { family } = this.sounds.columns;
    const families = new Uint8Array(256);
    this.states = new Uint8Array(this.sounds.count);
    for (let nth = 0; nth < rows.length; nth++) {
      const row = rows[nth];
      this.states[row] = SHOWN;
      families[family[row]] = 1;
    }
    this.familiesShown = families;
    for (const id of selected) {
      const row = this.sounds.rowOf.get(id);
      if (row !== undefined && this.states[row]) this.states[row] = SELECTED;
    }
    this.window = null;
    this.redraw();
  }

  setLook(dark: boolean, lit: number, shaped: boolean): void {
    this.dark = dark;
    this.shaped = shaped;
    this.lit = lit;
    this.paint = null;
    this.redraw();
  }

  setRings(...ids: (number | null)[]): void {
    this.rings = ids;
    this.redrawOver();
  }

  move(camera: Camera): void {
    this.camera = camera;
    this.moved = true;
    this.redraw();
  }

  /** Move the map as little as possible to bring a sound well into view. */
  reveal(id: number): void {
    const place = this.placed(id);
    if (!place) return;
    const camera = revealed(this.camera, this.view, ...place, EDGE_PX);
    if (camera.x !== this.camera.x || camera.y !== this.camera.y) this.move(camera);
  }

  fit(): void {
    const { x, y } = this.places?.columns ?? {};
    if (x && y) this.camera = fitted(this.view, x, y);
    this.home = this.camera.scale;
    this.moved = false;
    this.redraw();
  }

  /** The id of the shown sound nearest to a position on the screen. */
  under(left: number, top: number, reach: number): number | undefined {
    const [x, y] = toMap(this.camera, this.view, left, top);
    const row = this.index.nearest(x, y, reach / this.camera.scale, this.isShown);
    return row === undefined ? undefined : this.sounds?.columns.id[row];
  }

  lassoed(): number[] {
    if (this.lasso.length < 3) return [];
    const { id } = this.sounds!.columns;
    return this.index.inside(this.lasso, this.isShown).map((row) => id[row]);
  }

  /** The ids of the sounds within a line in pixels, which is drawn for a moment. */
  within(line: readonly (readonly [number, number])[]): number[] {
    this.lasso = line.map(([left, top]) => toMap(this.camera, this.view, left, top));
    this.redrawOver();
    clearTimeout(this.fading);
    this.fading = setTimeout(() => {
      this.lasso = [];
      this.redrawOver();
    }, RING_MS);
    return this.lassoed();
  }

  /** The id of the nearest sound in a direction from the current one; without one, of any in the middle. */
  neighbour(way: readonly [number, number]): number | undefined {
    const from = this.rings[0] ?? null;
    const row = from === null ? undefined : this.sounds?.rowOf.get(from);
    if (row === undefined || !this.placed(from))
      return this.under(this.view.width / 2, this.view.height / 2, 1e4);
    const next = this.index.towards(row, way, this.isShown);
    return next === undefined ? undefined : this.sounds?.columns.id[next];
  }

  /** In pixels of the map. */
  placeOf(id: number): [number, number] | null {
    const place = this.placed(id);
    return place && toScreen(this.camera, this.view, ...place);
  }

  /** Redraw everything at the next frame. */
  redraw(): void {
    this.stale = true;
    this.redrawOver();
  }

  /** Redraw what lies over the points at the next frame. */
  redrawOver(): void {
    this.waiting ||= requestAnimationFrame(() => this.draw());
  }

  private get places(): Places | null {
    return this.early ?? this.sounds;
  }

  private get index(): Near {
    return (this.near ??= new Near(this.sounds!));
  }

  private readonly isShown = (row: number) => this.states[row] !== BACK;

  private get theme() {
    return this.dark ? DARK : LIGHT;
  }

  /** Where the ring of a sound goes; null if it is not on the map. */
  private placed(id: number | null): [number, number] | null {
    const row = id === null ? undefined : this.sounds?.rowOf.get(id);
    if (row === undefined || !this.sounds || !this.isShown(row)) return null;
    const { x, y } = this.sounds.columns;
    return x[row] === x[row] ? [x[row], y[row]] : null;
  }

  private get count(): number {
    return this.places?.count ?? 0;
  }

  private size(): number {
    const crowd = Math.min(11, Math.max(3.2, 9 * (1500 / Math.max(1, this.count)) ** 0.28));
    return Math.min(20, crowd * Math.max(1, this.camera.scale / this.home) ** 0.45);
  }

  private mixed(): Paint {
    const families = this.places?.families ?? [];
    const shapes = shapesOf(families);
    return {
      colours: coloursOf(families, this.dark).map(parts),
      ink: parts(this.theme.ink),
      shapes: this.shaped ? shapes : shapes.map(() => 0),
      opacity: this.count > 20_000 ? 0.7 : 0.88,
      lit: this.lit,
    };
  }

  private drawPoints(size: number): void {
    const places = this.places;
    if (!places) return;
    if (!this.paint) this.window = null;
    const paint = (this.paint ??= this.mixed());
    this.window ??= this.early
      ? new Window(
          places,
          once(() => new Near(places)),
          all(places),
          this.lit,
          paint.colours,
        )
      : new Window(places, () => this.index, this.states, this.lit, paint.colours);
    const { points, density } = this.window.at(this.camera, this.view);
    this.points = points.states.length;
    this.backdrop.draw(this.camera, this.view, density);
    this.renderer.draw(this.camera, size, paint, points);
  }

  private draw(): void {
    const start = performance.now();
    this.waiting = 0;
    const size = this.size();
    if (this.stale) this.drawPoints(size);
    this.stale = false;
    drawOver(this.context, this.camera, this.view, {
      ...this.theme,
      regions: this.regions,
      families: this.places?.families ?? [],
      faint: (family) => (this.lit >= 0 ? family !== this.lit : !this.familiesShown[family]),
      rings: this.rings.map((id) => this.placed(id)),
      lasso: this.lasso,
      radius: size / 2,
    });
    this.frames.push(performance.now() - start);
    if (this.frames.length > FRAMES_KEPT) this.frames.shift();
  }
}

const once = <T>(make: () => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
const all = ({ count }: Places) => new Uint8Array(count).fill(SHOWN);
