/** Samples as a WAV file of whole numbers (Microsoft, Multimedia Programming Interface 1.0, 1991). */

export type Bits = 16 | 24;

const HEADER = 44;

/** `channels`: samples from -1 to 1, all of the same length. 16 bits are dithered. */
export function wavFile(
  channels: readonly Float32Array[],
  rate: number,
  bits: Bits,
): Uint8Array<ArrayBuffer> {
  const frame = (channels.length * bits) / 8;
  const size = channels[0].length * frame;
  const bytes = new Uint8Array(HEADER + size + (size % 2));
  const view = new DataView(bytes.buffer);
  const text = (at: number, name: string) => bytes.set(new TextEncoder().encode(name), at);
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, channels.length, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * frame, true);
  view.setUint16(32, frame, true);
  view.setUint16(34, bits, true);
  text(36, "data");
  view.setUint32(40, size, true);

  const most = 2 ** (bits - 1);
  let at = HEADER;
  for (let now = 0; now < channels[0].length; now++)
    for (const samples of channels) {
      // Noise of a triangular density, up to one step: what is rounded is no distortion.
      const dither = bits === 16 ? Math.random() - Math.random() : 0;
      const whole = Math.round(samples[now] * most + dither);
      const value = Math.min(most - 1, Math.max(-most, whole));
      if (bits === 16) view.setInt16(at, value, true);
      else {
        view.setUint16(at, value & 0xffff, true);
        view.setInt8(at + 2, value >> 16);
      }
      at += bits / 8;
    }
  return bytes;
}
