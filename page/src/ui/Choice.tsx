import { useId } from "preact/hooks";

interface Props {
  label: string;
  value: string;
  options: Readonly<Record<string, string>>;
  /** A few words about each option. */
  hints?: Readonly<Record<string, string>>;
  onChange: (value: string) => void;
}

/** A choice between a few options, all visible. */
export function Choice({ label, value, options, hints = {}, onChange }: Props) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      <div>
        {Object.entries(options).map(([key, words]) => (
          <label key={key}>
            <input
              type="radio"
              name={name}
              checked={key === value}
              onChange={() => onChange(key)}
            />
            <span class={hints[key] && "hinted"}>
              <b>{words}</b>
              {hints[key] && <small>{hints[key]}</small>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
