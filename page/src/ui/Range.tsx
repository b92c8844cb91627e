import { useRef } from "preact/hooks";
import type { Span } from "../sounds/filter";
import { useOwnClick } from "./ownClick";
import { moved, nearer } from "./thumbs";

interface Props {
  label: string;
  /** The lowest and the highest value. */
  ends: Span;
  value: Span | null;
  /** Logarithmic, for lengths and frequencies. */
  logarithmic?: boolean;
  words: (value: number) => string;
  onChange: (value: Span | null) => void;
}

const STEPS = 100;
/** The middle of a thumb stays so far from the ends of the track. */
const INSET_PX = 7;
const ENDS = ["pointerup", "pointercancel"] as const;

/** Two sliders on one track; with both at their ends, nothing is filtered. */
export function Range({ label, ends, value, logarithmic = false, words, onChange }: Props) {
  const [low, high] = ends;
  const at = (step: number) =>
    logarithmic ? low * (high / low) ** (step / STEPS) : low + ((high - low) * step) / STEPS;
  const stepOf = (number: number) => {
    const share = logarithmic
      ? Math.log(number / low) / Math.log(high / low)
      : (number - low) / (high - low);
    return Math.round(Math.min(1, Math.max(0, share)) * STEPS);
  };
  const from = value ? (value[0] <= 0 ? 0 : stepOf(value[0])) : 0;
  const to = value ? stepOf(value[1]) : STEPS;
  const met = useRef<number | null>(null);
  const move = (first: boolean, step: number) => {
    const [least, most] = moved([from, to], first, step, met.current);
    if (least === 0 && most === STEPS) return onChange(null);
    onChange([least === 0 ? 0 : round(at(least)), most === STEPS ? Infinity : round(at(most))]);
  };
  const track = useOwnClick(({ offsetX, currentTarget }) => {
    const { clientWidth } = currentTarget as HTMLElement;
    const share = (offsetX - INSET_PX) / (clientWidth - 2 * INSET_PX);
    const step = Math.round(Math.min(1, Math.max(0, share)) * STEPS);
    move(nearer([from, to], step), step);
  });
  // Keys belong to the page again, not to the slider.
  const hold = (event: PointerEvent) => {
    const slider = event.currentTarget as HTMLInputElement;
    met.current = from === to ? from : null;
    const release = () => {
      met.current = null;
      slider.blur();
      for (const end of ENDS) window.removeEventListener(end, release);
    };
    for (const end of ENDS) window.addEventListener(end, release);
  };
  const slider = (name: string, step: number, first: boolean) => (
    <input
      type="range"
      aria-label={`${label}, ${name}`}
      aria-valuetext={words(at(step))}
      min={0}
      max={STEPS}
      value={step}
      onPointerDown={hold}
      onInput={(event) => move(first, Number(event.currentTarget.value))}
    />
  );
  return (
    <div class="range">
      <div class="range-words">
        <span>{label}</span>
        <output>{value ? `${words(at(from))} – ${words(at(to))}` : "any"}</output>
      </div>
      <div class="range-track" style={{ "--from": `${from}%`, "--to": `${to}%` }} {...track}>
        {slider("at least", from, true)}
        {slider("at most", to, false)}
      </div>
    </div>
  );
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
