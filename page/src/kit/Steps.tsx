import { Icon } from "../ui/Icon";
import { ROLES } from "./pads";
import { LENGTHS, nextVelocity, SILENCE, STARTS, struck } from "./pattern";
import { now, running, toggle } from "./sequencer";
import { beat, chosen, padName, setBeat } from "./state";

const SHOWN = 16;

/** The step sequencer: a row for each pad, a column for each step. */
export function Steps() {
  const { length, tempo, swing, hits } = beat.value;
  const change = (name: string, part: Partial<typeof beat.value>) =>
    setBeat(`${name} changed`, { ...beat.value, ...part }, name);
  return (
    <div class="beat">
      <div class="beat-tools">
        <button
          class="primary small"
          aria-pressed={running.value}
          onClick={toggle}
          aria-label={running.value ? "Stop the beat" : "Play the beat"}
        >
          <Icon name={running.value ? "stop" : "play"} filled /> {running.value ? "Stop" : "Play"}
        </button>
        <label>
          Tempo
          <input
            type="number"
            min={30}
            max={300}
            value={tempo}
            onChange={({ currentTarget }) => {
              const typed = Math.min(300, Math.max(30, Number(currentTarget.value) || tempo));
              currentTarget.value = String(typed);
              change("tempo", { tempo: typed });
            }}
          />
        </label>
        <label>
          Swing
          <input
            type="range"
            min={0}
            max={100}
            value={Math.round(swing * 100)}
            onInput={(event) => change("swing", { swing: Number(event.currentTarget.value) / 100 })}
          />
        </label>
        <label>
          Steps
          <select
            value={length}
            onChange={(event) =>
              change("number of steps", { length: Number(event.currentTarget.value) })
            }
          >
            {LENGTHS.map((steps) => (
              <option key={steps} value={steps}>
                {steps}
              </option>
            ))}
          </select>
        </label>
        <label>
          Start from
          <select
            value=""
            onChange={(event) => {
              const name = event.currentTarget.value;
              const start = STARTS[name];
              setBeat(
                `beat started from ${start ? name : "nothing"}`,
                start ?? { ...SILENCE, tempo, swing },
              );
              event.currentTarget.value = "";
            }}
          >
            <option value="" disabled>
              a beat…
            </option>
            {Object.keys(STARTS).map((name) => (
              <option key={name}>{name}</option>
            ))}
            <option>Nothing</option>
          </select>
        </label>
      </div>
      <div class="steps" role="group" aria-label="Steps">
        {ROLES.map(({ name, note }, pad) => (
          <div key={note} class={chosen.value === pad ? "step-row chosen" : "step-row"}>
            <span class="step-name" title={padName(pad)}>
              {name}
            </span>
            <Row pad={pad} name={name} hits={hits[pad]} length={length} />
          </div>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  pad: number;
  name: string;
  hits: readonly number[];
  length: number;
}

/** One stop of the Tab key: arrow keys go along the steps. */
function Row({ pad, name, hits, length }: RowProps) {
  const walk = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: length, ArrowUp: -length }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const cells = [...document.querySelectorAll<HTMLElement>(".steps .step")];
    cells[cells.indexOf(event.target as HTMLElement) + by]?.focus();
  };
  return (
    <div class="step-cells" onKeyDown={walk}>
      {hits.slice(0, length).map((velocity, step) => (
        <button
          key={step}
          tabIndex={step === 0 ? 0 : -1}
          class={[
            "step",
            velocity > 0.6 ? "hard" : velocity > 0 && "soft",
            step % 4 === 0 && "beat-start",
            step % SHOWN === 0 && "bar-start",
            now.value === step && "now",
          ]
            .filter(Boolean)
            .join(" ")}
          aria-label={`${name}, step ${step + 1}: ${velocity > 0.6 ? "hard" : velocity > 0 ? "soft" : "none"}`}
          onClick={() => {
            const where = `${name}, step ${step + 1}`;
            const after = struck(beat.value, pad, step, nextVelocity(velocity));
            setBeat(`${where} changed`, after, where);
          }}
        />
      ))}
    </div>
  );
}
