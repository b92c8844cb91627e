/** Colours as people with each kind of colour blindness see them, and how far apart two are. */

type Three = readonly [number, number, number];

/** Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB. */
const SEEN: Record<string, readonly Three[]> = {
  everybody: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const XYZ: readonly Three[] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
export const EYES = Object.keys(SEEN);

const times = (rows: readonly Three[], [a, b, c]: Three): Three => {
  const [x, y, z] = rows.map((row) => row[0] * a + row[1] * b + row[2] * c);
  return [x, y, z];
};
const each = ([a, b, c]: Three, of: (value: number) => number): Three => [of(a), of(b), of(c)];

/** Linear RGB of a colour such as `#f0703a`. */
function linear(colour: string): Three {
  const number = Number.parseInt(colour.slice(1), 16);
  return each([number >> 16, (number >> 8) & 255, number & 255], (value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
}

export const luminance = (colour: string) => times(XYZ, linear(colour))[1];

/** CIELAB of a colour as somebody sees it. */
export function lab(colour: string, eyes: string): Three {
  const seen = each(times(SEEN[eyes], linear(colour)), (value) => Math.min(1, Math.max(0, value)));
  const white = times(XYZ, [1, 1, 1]);
  const xyz = times(XYZ, seen);
  const [x, y, z] = [0, 1, 2].map((nth) => {
    const share = xyz[nth] / white[nth];
    return share > 216 / 24389 ? Math.cbrt(share) : ((24389 / 27) * share + 16) / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIEDE2000 (Sharma, Wu and Dalal, 2005). */
export function apart([l1, a1, b1]: Three, [l2, a2, b2]: Three): number {
  const degrees = (radians: number) => (radians * 180) / Math.PI;
  const wave = (angle: number) => Math.cos((angle * Math.PI) / 180);
  const seventh = (value: number) => Math.sqrt(value ** 7 / (value ** 7 + 25 ** 7));
  const g = 0.5 * (1 - seventh((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [c1, c2] = [Math.hypot(a1 * (1 + g), b1), Math.hypot(a2 * (1 + g), b2)];
  const hue = (a: number, b: number) => (degrees(Math.atan2(b, a * (1 + g))) + 360) % 360;
  const [h1, h2] = [hue(a1, b1), hue(a2, b2)];
  const grey = c1 * c2 === 0;
  let turn = grey ? 0 : h2 - h1;
  if (Math.abs(turn) > 180) turn -= 360 * Math.sign(turn);
  let middle = (h1 + h2) / 2;
  if (grey) middle = h1 + h2;
  else if (Math.abs(h1 - h2) > 180) middle += h1 + h2 < 360 ? 180 : -180;
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const t =
    1 -
    0.17 * wave(middle - 30) +
    0.24 * wave(2 * middle) +
    0.32 * wave(3 * middle + 6) -
    0.2 * wave(4 * middle - 63);
  const lightness = (l2 - l1) / (1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2));
  const chroma = (c2 - c1) / (1 + 0.045 * c);
  const tint = (2 * Math.sqrt(c1 * c2) * Math.sin((turn * Math.PI) / 360)) / (1 + 0.015 * c * t);
  const spread = 60 * Math.exp(-(((middle - 275) / 25) ** 2));
  const rotated = -2 * seventh(c) * Math.sin((spread * Math.PI) / 180);
  return Math.sqrt(lightness ** 2 + chroma ** 2 + tint ** 2 + rotated * chroma * tint);
}
