/** Which points lie within a line drawn by hand. */

export type Line = readonly (readonly [number, number])[];

/** Even-odd rule: a ray to the right crosses the closed line an odd number of times. */
export function within(line: Line, x: number, y: number): boolean {
  let inside = false;
  for (let here = 0, last = line.length - 1; here < line.length; last = here++) {
    const [ax, ay] = line[here];
    const [bx, by] = line[last];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
