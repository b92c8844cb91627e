import { describe, expect, it } from "vitest";
import { CEILING, Limiter } from "../src/audio/limiter";

const RATE = 48_000;
const sine = (level: number, length = RATE / 2) =>
  Float32Array.from({ length }, (_, now) => level * Math.sin((2 * Math.PI * 220 * now) / RATE));

function limited(...channels: Float32Array[]): Float32Array[] {
  const limiter = new Limiter(RATE, channels.length);
  const out = channels.map((samples) => new Float32Array(samples.length));
  for (let at = 0; at < channels[0].length; at += 128) {
    const block = (all: Float32Array[]) => all.map((samples) => samples.subarray(at, at + 128));
    limiter.process(block(channels), block(out));
  }
  return out;
}
const peak = (samples: Float32Array) =>
  samples.reduce((most, now) => Math.max(most, Math.abs(now)), 0);

describe("the limiter", () => {
  it("leaves what is quiet as it is, a moment later", () => {
    const given = sine(0.9);
    const [out] = limited(given);
    const late = new Limiter(RATE, 1).ahead;
    const off = out.subarray(late).map((now, nth) => now - given[nth]);
    expect(peak(off)).toBeLessThan(1e-5);
  });
  it("keeps whatever comes below the ceiling", () => {
    const noise = Float32Array.from(
      { length: RATE },
      (_, now) => (now % 4799 < 40 ? 8 : 0.5) * Math.sin(now * now * 0.37),
    );
    for (const given of [sine(4), noise]) {
      expect(peak(given)).toBeGreaterThan(2);
      expect(peak(limited(given)[0])).toBeLessThanOrEqual(CEILING + 1e-6);
    }
  });
  it("gives the level back once the peak is over", () => {
    const given = sine(0.5, RATE);
    given[1000] = 6;
    const [out] = limited(given);
    expect(peak(out.subarray(RATE / 2))).toBeCloseTo(0.5, 2);
  });
  it("turns both channels down together", () => {
    const [left, right] = limited(sine(4), sine(0.4));
    const ratio = peak(left.subarray(RATE / 4)) / peak(right.subarray(RATE / 4));
    expect(ratio).toBeCloseTo(10, 1);
  });
});
