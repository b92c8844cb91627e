import { useEffect, useRef } from "preact/hooks";

/** Whether a component is still on the page, to ask once what takes long has ended. */
export function useThere(): { readonly current: boolean } {
  const there = useRef(true);
  useEffect(() => () => void (there.current = false), []);
  return there;
}
