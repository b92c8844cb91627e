/** The folders used last, while the page is open: choosing a folder starts there. */

import type { Run } from "../api/types";

export type Use = "scan" | "sort" | "export" | "slice";
const used = new Map<Use, string>();

export function keep(use: Use, path: string): void {
  used.set(use, path);
}

/** The folder that holds this one. */
export function above(path: string): string {
  return path.replace(/[/\\]+[^/\\]*[/\\]*$/, "") || "/";
}

export function toScan(scanned: readonly string[]): string {
  return used.get("scan") ?? scanned[0] ?? "";
}

/** Where the last sort went, unless that has been scanned since; else beside the scanned folder. */
export function toSort(scanned: readonly string[], runs: readonly Run[]): string {
  const inside = (path: string) =>
    scanned.some((root) => path === root || path.startsWith(`${root}/`));
  const kept = runs.find(({ state }) => state !== "undone" && state !== "damaged");
  const last = used.get("sort") ?? kept?.into;
  if (last && !inside(last)) return last;
  return scanned[0] ? `${scanned[0].replace(/[/\\]+$/, "")} sorted` : "";
}

/** Beside the scanned folder: what is cut from its loops is none of its packs. */
export function toSlice(scanned: readonly string[]): string {
  const beside = scanned[0] ? `${scanned[0].replace(/[/\\]+$/, "")} hits` : "";
  return used.get("slice") ?? beside;
}

export function toExport(scanned: readonly string[]): string {
  return used.get("export") ?? (scanned[0] ? above(scanned[0]) : "");
}
