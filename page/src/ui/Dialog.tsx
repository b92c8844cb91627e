import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { forgetErrors } from "../state/notices";
import { Icon } from "./Icon";
import { Notices } from "./Notices";
import { useOwnClick } from "./ownClick";

interface Props {
  title: string;
  onClose: () => void;
  wide?: boolean;
  /** Whether it is for reading only: then the text itself has the focus that scrolls it. */
  text?: boolean;
  /** Whether it fills the window. */
  room?: boolean;
  children: ComponentChildren;
}

/** Lies over the page; the browser keeps the focus inside it, so it shows messages too. */
export function Dialog({
  title,
  onClose,
  wide = false,
  text = false,
  room = false,
  children,
}: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const outside = useOwnClick(onClose);
  // Before the next frame, or a key that is pressed at once would be for what lies under it.
  useLayoutEffect(() => {
    const dialog = element.current!;
    dialog.showModal();
    forgetErrors();
    return () => {
      dialog.close();
      forgetErrors();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={["dialog", wide && "wide", room && "room"].filter(Boolean).join(" ")}
      aria-label={title}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return; // of a file chooser in it
        event.preventDefault();
        onClose();
      }}
      {...outside}
    >
      <div class="dialog-box">
        <header>
          <h2>{title}</h2>
          <button class="icon" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div class="dialog-body" tabIndex={text ? 0 : undefined}>
          {children}
        </div>
        <Notices />
      </div>
    </dialog>
  );
}
