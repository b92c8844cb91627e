import { useRef } from "preact/hooks";

/** Handlers for a click on an element itself, pressed and let go there, not on what is in it. */
export function useOwnClick(act: (event: MouseEvent) => void) {
  const pressed = useRef(false);
  const itself = ({ target, currentTarget }: Event) => target === currentTarget;
  return {
    onPointerDown: (event: PointerEvent) => void (pressed.current = itself(event)),
    onClick: (event: MouseEvent) => void (pressed.current && itself(event) && act(event)),
  };
}
