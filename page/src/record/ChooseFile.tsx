import { useRef } from "preact/hooks";
import { Icon } from "../ui/Icon";

interface Props {
  /** What is to be chosen, for those who do not see the button. */
  label: string;
  disabled?: boolean;
  onChosen: (file: File) => void;
}

/** A button that lets a person choose a sound file. */
export function ChooseFile({ label, disabled = false, onChosen }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <button disabled={disabled} onClick={() => chooser.current?.click()}>
        <Icon name="folder" /> Choose a file
      </button>
      <input
        ref={chooser}
        type="file"
        accept="audio/*,.aif,.aiff,.caf,.w64,.flac,.ogg,.opus"
        hidden
        aria-label={label}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) onChosen(file);
          currentTarget.value = "";
        }}
      />
    </>
  );
}
