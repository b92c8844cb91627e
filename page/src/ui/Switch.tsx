import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";

interface Props {
  setting: Signal<boolean>;
  label: string;
  hint?: string;
}

/** A setting that is on or off. */
export function Switch({ setting, label, hint }: Props) {
  const id = useId();
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked={setting.value}
        aria-describedby={hint && id}
        onChange={(event) => (setting.value = event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && <small id={id}>{hint}</small>}
      </span>
    </label>
  );
}
