import { useSignal } from "@preact/signals";
import { count } from "../sounds/words";
import { nameOf } from "../state/library";
import { selection, targets } from "../state/view";
import { forgetClass, teachClass } from "./teaching";

interface Props {
  classes: readonly { name: string; examples: number }[];
  enough: number;
  onDone: () => Promise<void>;
}

const needed = (more: number) => `${more} more ${more === 1 ? "is" : "are"} needed`;

/** Makes a class from the selected sounds, or adds examples to one. */
export function NewClass({ classes, enough, onDone }: Props) {
  const name = useSignal("");
  const asking = useSignal("");
  const selected = [...selection.value];
  const ids = selected.length ? selected : [...targets.value];
  const from = selected.length
    ? count(selected.length, "selected sound")
    : ids.length
      ? nameOf(ids[0])
      : "selected sounds";
  const make = async (event: Event) => {
    event.preventDefault();
    if (!(await teachClass(name.value.trim(), ids))) return;
    name.value = "";
    await onDone();
  };
  const forget = async (which: string) => {
    asking.value = "";
    if (await forgetClass(which)) await onDone();
  };
  return (
    <section aria-label="Classes of your own">
      <h3>Classes of your own</h3>
      {classes.length > 0 && (
        <ul class="classes">
          {classes.map((one) => (
            <li key={one.name}>
              <strong>{one.name}</strong> {count(one.examples, "example")}
              {one.examples < enough && `, ${needed(enough - one.examples)}`}{" "}
              <button
                class="link"
                aria-expanded={asking.value === one.name}
                onClick={() => (asking.value = asking.value === one.name ? "" : one.name)}
              >
                Remove
              </button>
              {asking.value === one.name && (
                <p class="note">
                  Remove {one.name}, the corrections to it and the lessons that know it? The sounds
                  stay.{" "}
                  <button class="small" onClick={() => void forget(one.name)}>
                    Remove it
                  </button>{" "}
                  <button class="small" onClick={() => (asking.value = "")}>
                    Keep it
                  </button>
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
      <form class="in-line" onSubmit={(event) => void make(event)}>
        <input
          aria-label="Name of the class"
          placeholder="Name, such as Vox"
          value={name.value}
          list="own-classes"
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
        <datalist id="own-classes">
          {classes.map((one) => (
            <option key={one.name} value={one.name} />
          ))}
        </datalist>
        <button disabled={!name.value.trim() || !ids.length}>From {from}</button>
      </form>
      <p class="quiet">
        Select at least {enough} sounds, on the map with the lasso or in the list, and name them.
      </p>
    </section>
  );
}
