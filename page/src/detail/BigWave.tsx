import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../api/client";
import { player } from "../audio/player";
import { returned } from "../state/events";
import { hear } from "../state/commands";
import { rewritten } from "../state/library";
import { Wave } from "../ui/Wave";

const POINTS = 320;

/** The waveform, with a line that moves while it plays; a click plays it again. */
export function BigWave({ id, name, colour }: { id: number; name: string; colour: string }) {
  const box = useRef<HTMLButtonElement>(null);
  const line = useRef<HTMLElement>(null);
  const outline = useSignal<Int8Array | undefined>(undefined);
  const width = useSignal(300);

  useEffect(() => {
    const sizes = new ResizeObserver(([{ contentRect }]) => (width.value = contentRect.width));
    sizes.observe(box.current!);
    return () => sizes.disconnect();
  }, []);
  useEffect(() => {
    let wanted = true;
    outline.value = undefined;
    api.waveforms([id], POINTS).then(
      (found) => wanted && (outline.value = found),
      () => undefined, // the details say what is wrong
    );
    return () => {
      wanted = false;
    };
  }, [id, returned.value, rewritten.value]);

  const playing = player.playing.value;
  useEffect(() => {
    if (playing?.id !== id) return;
    let frame = 0;
    const go = () => {
      const since = (performance.now() - playing.started) / 1000;
      const share = (playing.from + since * playing.speed) / playing.duration;
      if (line.current) line.current.style.transform = `translateX(${share * width.value}px)`;
      frame = requestAnimationFrame(go);
    };
    go();
    return () => cancelAnimationFrame(frame);
  }, [playing, id]);

  return (
    <button
      class="big-wave"
      ref={box}
      aria-label={`Play ${name}`}
      onClick={(event) => hear(id, { since: event.timeStamp })}
    >
      <Wave outline={outline.value} colour={colour} width={width.value} height={92} />
      {playing?.id === id && <i class="playhead" ref={line} aria-hidden="true" />}
    </button>
  );
}
