/** Where the pointer may go next, so that sounds there are loaded in time. */

const STEPS = 8;
const AROUND_PX = [6, 14, 30];
const SIDES = 6;

export type Position = readonly [left: number, top: number];

export class Ahead {
  private last: Position | null = null;

  /** Positions ahead in the direction of movement, then around the pointer. */
  of(left: number, top: number): Position[] {
    const [right, down] = this.last ? [left - this.last[0], top - this.last[1]] : [0, 0];
    this.last = [left, top];
    const moving = right !== 0 || down !== 0;
    const onwards = Array.from({ length: moving ? STEPS : 0 }, (_, step): Position => {
      return [left + right * (step + 1), top + down * (step + 1)];
    });
    const around = AROUND_PX.flatMap((far) =>
      Array.from({ length: SIDES }, (_, side): Position => {
        const turn = (side / SIDES) * 2 * Math.PI;
        return [left + far * Math.cos(turn), top + far * Math.sin(turn)];
      }),
    );
    return [...onwards, ...around];
  }
}
