import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api, type Picture } from "../api/client";
import { returned } from "../state/events";
import { rewritten } from "../state/library";
import { MAGMA } from "./magma";

/** What the network sees of a sound: time runs right, pitch runs up, louder is brighter. */
export function Spectrogram({ id }: { id: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const missing = useSignal(false);
  useEffect(() => {
    const ending = new AbortController();
    missing.value = false;
    api
      .spectrogram(id, ending.signal)
      .then((picture) => canvas.current && paint(canvas.current, picture))
      .catch(() => {
        if (ending.signal.aborted) return;
        missing.value = true; // the details say what is wrong
        if (canvas.current) canvas.current.width = 0; // which clears it
      });
    return () => ending.abort();
  }, [id, returned.value, rewritten.value]);
  return (
    <figure class="spectrogram">
      <canvas
        ref={canvas}
        role="img"
        aria-label={missing.value ? "No mel spectrogram" : "Mel spectrogram"}
      />
      {missing.value && <figcaption>There is no picture of this sound.</figcaption>}
    </figure>
  );
}

function paint(canvas: HTMLCanvasElement, { mels, frames, values }: Picture): void {
  canvas.width = frames;
  canvas.height = mels;
  const image = new ImageData(frames, mels);
  for (let mel = 0; mel < mels; mel++) {
    for (let frame = 0; frame < frames; frame++) {
      const level = values[mel * frames + frame] * 3;
      const pixel = ((mels - 1 - mel) * frames + frame) * 4;
      image.data.set([MAGMA[level], MAGMA[level + 1], MAGMA[level + 2], 255], pixel);
    }
  }
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}
