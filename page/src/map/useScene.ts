/** Ties the map's scene to a component: made when it appears, kept in step, removed with it. */

import { useSignal, useSignalEffect, type Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { player } from "../audio/player";
import { choose, point, select, toggleSelected, unpoint } from "../state/commands";
import { onMap } from "../state/hidden";
import { earlyPlaces } from "../state/library";
import { settings } from "../state/settings";
import { tell } from "../state/notices";
import { dark } from "../state/theme";
import { current, heard, lit, rows, selection } from "../state/view";
import { take, takenWith } from "../out/drag";
import { Ahead } from "./ahead";
import { follow, type Meanings } from "./gestures";
import type { Scene } from "./scene";

/** The scene on the page, for measuring. */
export const mounted: { scene: Scene | null } = { scene: null };

export interface Staged {
  scene: Signal<Scene | null>;
  /** The id of the sound that is pointed at, or null. */
  hovered: Signal<number | null>;
  /** Whether dragging draws a lasso. */
  drawing: Signal<boolean>;
  broken: Signal<boolean>;
}

interface Elements {
  box: RefObject<HTMLDivElement | null>;
  density: RefObject<HTMLCanvasElement | null>;
  points: RefObject<HTMLCanvasElement | null>;
  over: RefObject<HTMLCanvasElement | null>;
}

export function useScene({ box, density, points, over }: Elements): Staged {
  const staged: Staged = {
    scene: useSignal<Scene | null>(null),
    hovered: useSignal<number | null>(null),
    drawing: useSignal(false),
    broken: useSignal(false),
  };
  const { scene, hovered, broken } = staged;

  useEffect(() => {
    const ending = new AbortController();
    // The drawing code is large, so the list appears first.
    void import("./scene").then(({ Scene }) => {
      if (!box.current || !density.current || !points.current || !over.current) return; // the map has gone meanwhile
      const made = new Scene(
        density.current,
        points.current,
        over.current,
        () => (broken.value = true),
      );
      const sizes = new ResizeObserver(([{ contentRect }]) =>
        made.resize(contentRect.width, contentRect.height),
      );
      sizes.observe(box.current);
      const unfollow = follow(over.current, made, meant(made, staged));
      scene.value = mounted.scene = made;
      ending.signal.addEventListener("abort", () => {
        unfollow();
        sizes.disconnect();
        made.end();
        mounted.scene = null;
      });
    });
    return () => ending.abort();
  }, []);

  useSignalEffect(() => {
    scene.value?.setSounds(onMap.value);
    scene.value?.setEarly(earlyPlaces.value);
    scene.value?.setShown(rows.value, selection.value);
  });
  useSignalEffect(() => scene.value?.setLook(dark.value, lit.value, settings.shapes.value));
  // When keys move on, a resting pointer no longer points at anything.
  useSignalEffect(() => {
    const now = heard.value ?? current.value;
    if (hovered.peek() !== now && settings.autoplay.peek() === "hover") hovered.value = null;
  });
  useSignalEffect(() => scene.value?.setRings(current.value, heard.value ?? hovered.value));
  return staged;
}

const REACH_PX = { mouse: 14, touch: 22 };

function meant(scene: Scene, { hovered, drawing }: Staged): Meanings {
  const ahead = new Ahead();
  return {
    pointed(left, top, since) {
      const nearest = scene.under(left, top, REACH_PX.mouse);
      if (nearest === undefined) unpoint();
      else if (nearest !== hovered.value) point(nearest, since);
      hovered.value = nearest ?? null;
      const places = ahead.of(left, top);
      player.preload(places.flatMap((place) => scene.under(...place, REACH_PX.mouse) ?? []));
    },
    left() {
      hovered.value = null;
      unpoint();
    },
    tapped(left, top, more, since) {
      const nearest = scene.under(left, top, REACH_PX.touch);
      if (nearest === undefined) return select([]);
      if (more) toggleSelected(nearest, since);
      else choose(nearest, { since });
    },
    lassoed(ids, more) {
      select(ids, more);
      drawing.value = false;
      if (!ids.length) tell("done", "There is no sound within that line.");
    },
    taken(left, top, more) {
      const nearest = scene.under(left, top, REACH_PX.mouse);
      if (nearest === undefined || !(more || selection.value.has(nearest))) return [];
      return takenWith(nearest);
    },
    carried: take,
    drawing: () => drawing.value,
  };
}
