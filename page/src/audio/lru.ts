/** A cache of what was used last, up to a total weight. */

export class Recent<K, V> {
  private readonly held = new Map<K, V>();
  private weight = 0;

  constructor(
    private readonly most: number,
    private readonly weigh: (value: V) => number,
  ) {}

  get size(): number {
    return this.held.size;
  }

  has(key: K): boolean {
    return this.held.has(key);
  }

  get(key: K): V | undefined {
    const value = this.held.get(key);
    if (value !== undefined) {
      this.held.delete(key);
      this.held.set(key, value);
    }
    return value;
  }

  set(key: K, value: V): void {
    this.forget(key);
    this.held.set(key, value);
    this.weight += this.weigh(value);
    for (const oldest of this.held.keys()) {
      if (this.weight <= this.most || oldest === key) break;
      this.forget(oldest);
    }
  }

  forget(key: K): void {
    const value = this.held.get(key);
    if (value === undefined) return;
    this.held.delete(key);
    this.weight -= this.weigh(value);
  }
}
