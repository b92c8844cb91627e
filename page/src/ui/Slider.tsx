interface Props {
  label: string;
  /** The lowest and the highest value. */
  ends: readonly [number, number];
  step?: number;
  value: number;
  /** The value as it is read and read out. */
  words: string;
  onInput: (value: number) => void;
}

/** A number on a line. */
export function Slider({ label, ends: [min, max], step = 1, value, words, onInput }: Props) {
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={words}
        onInput={(event) => onInput(Number(event.currentTarget.value))}
      />
      <output>{words}</output>
    </label>
  );
}
