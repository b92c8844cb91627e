/** The folders of a plan as lines of a tree. */

import type { PlannedFolder } from "../api/types";

export interface Line {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  /** How many files are in it, however deep. */
  readonly count: number;
  readonly examples: readonly string[];
}

/** In the given order; each parent comes before what is in it. */
export function nested(folders: readonly PlannedFolder[]): Line[] {
  const lines = new Map<string, { -readonly [K in keyof Line]: Line[K] }>();
  for (const folder of folders) {
    const parts = folder.path.split("/");
    parts.forEach((name, depth) => {
      const path = parts.slice(0, depth + 1).join("/");
      const line = lines.get(path) ?? { path, name, depth, count: 0, examples: [] };
      line.count += folder.count;
      if (path === folder.path) line.examples = folder.examples;
      lines.set(path, line);
    });
  }
  return [...lines.values()];
}
