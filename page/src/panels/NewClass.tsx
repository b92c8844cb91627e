import { useSignal } from "@preact/signals";
import { api } from "../api/client";
import { count } from "../sounds/words";
import { follow, refreshState } from "../state/library";
import { attempt, tell } from "../state/notices";
import { took } from "../state/steps";
import { targets } from "../state/view";

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
  const ids = [...targets.value];
  const make = async (event: Event) => {
    event.preventDefault();
    const done = await attempt(() => api.teachClass(name.value.trim(), ids));
    if (!done) return;
    const what = `${count(done.changed, "sound")} added as examples of ${name.value.trim()}`;
    took(done.step, what);
    tell("done", `${what}.`, { undo: true });
    name.value = "";
    await Promise.all([follow(done.version), refreshState(), onDone()]);
  };
  const forget = async (which: string) => {
    asking.value = "";
    const done = await attempt(() => api.forgetClass(which));
    if (!done) return;
    took(done.step, `${which} removed`);
    tell("done", `${which} is no longer a class.`, { undo: true });
    await Promise.all([follow(done.version), refreshState(), onDone()]);
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
        <button disabled={!name.value.trim() || !ids.length}>
          From {ids.length ? count(ids.length, "selected sound") : "selected sounds"}
        </button>
      </form>
      <p class="quiet">
        Select at least {enough} sounds, on the map with the lasso or in the list, and name them.
      </p>
    </section>
  );
}
