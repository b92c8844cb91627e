/**
 * The colour map "magma" (Smith and van der Walt, 2015, CC0): brightness follows the value, so it
 * also works for colour-blind people. Interpolated linearly between nine of its colours.
 */

const STOPS = [
  [0, 0, 4],
  [28, 16, 68],
  [79, 18, 123],
  [129, 37, 129],
  [181, 54, 122],
  [229, 80, 100],
  [251, 135, 97],
  [254, 194, 135],
  [252, 253, 191],
] as const;

/** 256 colours as red, green, blue, one after the other. */
export const MAGMA: Uint8ClampedArray = (() => {
  const colours = new Uint8ClampedArray(256 * 3);
  for (let level = 0; level < 256; level++) {
    const at = (level / 255) * (STOPS.length - 1);
    const low = Math.min(STOPS.length - 2, Math.floor(at));
    for (let part = 0; part < 3; part++) {
      const [from, to] = [STOPS[low][part], STOPS[low + 1][part]];
      colours[level * 3 + part] = from + (to - from) * (at - low);
    }
  }
  return colours;
})();
