/** From the id of a sound to its row. */

/** So many times as many numbers as sounds may lie unused between their ids. */
const SPARSE = 8;
const FEW = 100_000;

export interface RowOf {
  get(id: number): number | undefined;
  has(id: number): boolean;
}

/** An array by id, which takes a hundredth of the time of a Map; a Map where ids lie far apart. */
export function rowOfIds(ids: Uint32Array): RowOf {
  let most = 0;
  for (let row = 0; row < ids.length; row++) if (ids[row] > most) most = ids[row];
  if (most > SPARSE * ids.length + FEW) {
    const rows = new Map<number, number>();
    ids.forEach((id, row) => rows.set(id, row));
    return rows;
  }
  const next = new Uint32Array(most + 1); // the row + 1
  for (let row = 0; row < ids.length; row++) next[ids[row]] = row + 1;
  return {
    get: (id) => (next[id] ? next[id] - 1 : undefined),
    has: (id) => next[id] > 0,
  };
}
