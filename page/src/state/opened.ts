/** What is open over the page and closes with Escape, the latest first. */

import { useLayoutEffect } from "preact/hooks";

const open: (() => void)[] = [];

/** Close what was opened last; false if nothing is open. */
export function closeLatest(): boolean {
  const close = open.at(-1);
  close?.();
  return close !== undefined;
}

/** Let Escape close something while it is open. */
export function useEscape(isOpen: boolean, close: () => void): void {
  // Before anything is painted: whoever sees it open can press Escape.
  useLayoutEffect(() => {
    if (!isOpen) return;
    open.push(close);
    return () => void open.splice(open.lastIndexOf(close), 1);
  }, [isOpen]);
}
