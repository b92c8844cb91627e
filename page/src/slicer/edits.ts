/** What was done to the cuts, to undo and redo. */

import type { Cuts } from "./cuts";

interface Step {
  readonly before: Cuts;
  readonly after: Cuts;
  /** Of steps in a row with the same name, one is remembered; null for one of its own. */
  readonly name: string | null;
}

export class Edits {
  private done: readonly Step[] = [];
  private undone: readonly Step[] = [];

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  took(before: Cuts, after: Cuts, name: string | null = null): void {
    const last = this.done.at(-1);
    const goesOn = name !== null && last?.name === name && !this.undone.length;
    const step = { before: goesOn ? last.before : before, after, name };
    this.done = [...(goesOn ? this.done.slice(0, -1) : this.done), step];
    this.undone = [];
  }

  /** The next step of the same name is one of its own. */
  settle(): void {
    const last = this.done.at(-1);
    if (last) this.done = [...this.done.slice(0, -1), { ...last, name: null }];
  }

  /** The cuts as they were; undefined if nothing was done. */
  undo(): Cuts | undefined {
    const step = this.done.at(-1);
    if (!step) return undefined;
    this.done = this.done.slice(0, -1);
    this.undone = [...this.undone, step];
    return step.before;
  }

  redo(): Cuts | undefined {
    const step = this.undone.at(-1);
    if (!step) return undefined;
    this.undone = this.undone.slice(0, -1);
    this.done = [...this.done, step];
    return step.after;
  }
}
