/** Numbers, formatted for people. */

const NOTES = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];

/** The nearest note of equal temperament (A4 = 440 Hz); empty where there is no pitch. */
export function note(hz: number | null | undefined): string {
  if (!hz || !(hz > 0)) return "";
  const number = Math.round(69 + 12 * Math.log2(hz / 440));
  return `${NOTES[((number % 12) + 12) % 12]}${Math.floor(number / 12) - 1}`;
}

export function seconds(value: number): string {
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  return value < 60 ? `${value.toFixed(value < 10 ? 2 : 1)} s` : clock(value);
}

export function hertz(value: number): string {
  if (value < 999.5) return `${Math.round(value)} Hz`;
  return `${(value / 1000).toFixed(value < 9_950 ? 1 : 0)} kHz`;
}

export function decibels(value: number): string {
  const rounded = Math.round(value * 10) / 10 || 0; // never -0
  return `${rounded < 0 ? "−" : ""}${Math.abs(rounded).toFixed(1)} dB`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

export function size(bytes: number): string {
  return bytes < 1e6
    ? `${Math.max(1, Math.round(bytes / 1e3))} kB`
    : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

export function clock(value: number): string {
  const whole = Math.max(0, Math.round(value));
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  const two = (number: number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
