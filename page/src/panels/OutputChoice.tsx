import { useEffect } from "preact/hooks";
import { devices, listDevices } from "../audio/devices";
import { settings } from "../state/settings";

/** Which output of the system the sounds go to. */
export function OutputChoice() {
  const { output } = settings;
  useEffect(() => void listDevices(false), []);
  const known = devices.value;
  if (!known)
    return (
      <div class="output-choice">
        <button class="small" onClick={() => void listDevices(true)}>
          Choose the output
        </button>
        <small>
          The browser asks for the microphone, because it names outputs only to a page that may use
          it. Nothing is recorded.
        </small>
      </div>
    );
  return (
    <label class="output-choice">
      <span>Output</span>
      <select value={output.value} onChange={(event) => (output.value = event.currentTarget.value)}>
        <option value="">The system's own</option>
        {known.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        {output.value && !known.some(({ id }) => id === output.value) && (
          <option value={output.value}>One that is not there now</option>
        )}
      </select>
    </label>
  );
}
