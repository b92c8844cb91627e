/** Folders of a plan as the lines of a tree. */

import type { PlannedFolder } from "../api/types";

export interface Line {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  /** Of all that is in it, however deep. */
  readonly count: number;
  readonly examples: readonly string[];
}

/** In the order they came, each folder above before what is in it. */
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
