/** How fast a job runs, over its last seconds. */

const SECONDS = 8;

export class Pace {
  private number = -1;
  private marks: { time: number; done: number }[] = [];

  at(number: number, done: number, time: number): void {
    if (number !== this.number) this.marks = [];
    this.number = number;
    this.marks.push({ time, done });
    while (this.marks.length > 2 && time - this.marks[1].time > SECONDS) this.marks.shift();
  }

  /** Units per second; null while it is too early to say. */
  rate(): number | null {
    const [first, last] = [this.marks[0], this.marks[this.marks.length - 1]];
    if (!first || last.time - first.time < 0.5 || last.done <= first.done) return null;
    return (last.done - first.done) / (last.time - first.time);
  }

  /** Seconds until all is done, or null. */
  left(total: number | null): number | null {
    const rate = this.rate();
    if (total === null || rate === null) return null;
    return (total - this.marks[this.marks.length - 1].done) / rate;
  }
}
