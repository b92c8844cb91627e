import type { Span } from "../sounds/filter";

interface Props {
  label: string;
  /** Lowest and highest that can be chosen. */
  ends: Span;
  value: Span | null;
  /** Steps are even in the logarithm: for lengths and frequencies. */
  logarithmic?: boolean;
  words: (value: number) => string;
  onChange: (value: Span | null) => void;
}

const STEPS = 100;

/** Two sliders on one track; both at their ends is no filter. */
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
  const set = (first: number, last: number) => {
    if (first === 0 && last === STEPS) return onChange(null);
    onChange([first === 0 ? 0 : round(at(first)), last === STEPS ? Infinity : round(at(last))]);
  };
  const slider = (name: string, step: number, move: (step: number) => void) => (
    <input
      type="range"
      aria-label={`${label}, ${name}`}
      aria-valuetext={words(at(step))}
      min={0}
      max={STEPS}
      value={step}
      onInput={(event) => move(Number(event.currentTarget.value))}
    />
  );
  return (
    <div class="range">
      <div class="range-words">
        <span>{label}</span>
        <output>{value ? `${words(at(from))} – ${words(at(to))}` : "any"}</output>
      </div>
      <div class="range-track" style={{ "--from": `${from}%`, "--to": `${to}%` }}>
        {slider("at least", from, (step) => set(Math.min(step, to), to))}
        {slider("at most", to, (step) => set(from, Math.max(step, from)))}
      </div>
    </div>
  );
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
