/** Where the pointer may be next, so that what is there is loaded before it comes. */

const STEPS = 8;
const AROUND_PX = [6, 14, 30];
const SIDES = 6;

export type Place = readonly [left: number, top: number];

export class Ahead {
  private last: Place | null = null;

  /** Places further on in the direction it moves, then around where it is. */
  of(left: number, top: number): Place[] {
    const [right, down] = this.last ? [left - this.last[0], top - this.last[1]] : [0, 0];
    this.last = [left, top];
    const moving = right !== 0 || down !== 0;
    const onwards = Array.from({ length: moving ? STEPS : 0 }, (_, step): Place => {
      return [left + right * (step + 1), top + down * (step + 1)];
    });
    const around = AROUND_PX.flatMap((far) =>
      Array.from({ length: SIDES }, (_, side): Place => {
        const turn = (side / SIDES) * 2 * Math.PI;
        return [left + far * Math.cos(turn), top + far * Math.sin(turn)];
      }),
    );
    return [...onwards, ...around];
  }
}
