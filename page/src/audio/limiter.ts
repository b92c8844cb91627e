/**
 * Keeps what is played below full scale, without distorting it: the gain falls before a peak comes,
 * and recovers slowly. Runs in an AudioWorklet, so it knows nothing of the page.
 */

const AHEAD_S = 0.0015;
const RELEASE_S = 0.08;
/** -0.3 dB: what is between the samples may be a little higher. */
export const CEILING = 0.966;

/** Limits blocks of samples, one after the other; what comes out is `ahead` samples late. */
export class Limiter {
  readonly ahead: number;
  private readonly recover: number;
  private readonly waiting: Float32Array[];
  private readonly wanted: Float32Array;
  private readonly held: Float32Array;
  private at = 0;
  private gain = 1;
  private sum: number;

  constructor(rate: number, channels: number) {
    this.ahead = Math.max(1, Math.round(AHEAD_S * rate));
    this.recover = 1 - Math.exp(-1 / (RELEASE_S * rate));
    this.waiting = Array.from({ length: channels }, () => new Float32Array(this.ahead));
    this.wanted = new Float32Array(this.ahead).fill(1);
    this.held = new Float32Array(this.ahead).fill(1);
    this.sum = this.ahead;
  }

  /** Input and output: one array of samples for each channel, all of the same length. */
  process(input: readonly Float32Array[], output: readonly Float32Array[]): void {
    const length = output[0].length;
    for (let now = 0; now < length; now++) {
      let peak = 0;
      for (const samples of input) peak = Math.max(peak, Math.abs(samples[now]));
      const gain = this.next(peak > CEILING ? CEILING / peak : 1);
      output.forEach((samples, channel) => {
        const waiting = this.waiting[channel];
        samples[now] = waiting[this.at] * gain;
        waiting[this.at] = input[channel]?.[now] ?? 0;
      });
      this.at = (this.at + 1) % this.ahead;
    }
  }

  /** The mean of the least gains that were wanted: it has arrived when the peak does. */
  private next(wanted: number): number {
    this.wanted[this.at] = wanted;
    let least = 1;
    for (const gain of this.wanted) if (gain < least) least = gain;
    this.gain = least < this.gain ? least : this.gain + (least - this.gain) * this.recover;
    this.sum += this.gain - this.held[this.at];
    this.held[this.at] = this.gain;
    return Math.min(1, this.sum / this.ahead);
  }
}
