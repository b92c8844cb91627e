import { useSignal } from "@preact/signals";
import type { ClassEstimate, Lesson } from "../api/types";
import { spoken } from "../sounds/families";
import { count, percent } from "../sounds/words";
import { WouldChange } from "./WouldChange";

interface Props {
  lesson: Lesson;
  /** Gives false where that is refused. */
  onUse: (number: number | null) => Promise<boolean>;
  open?: boolean;
}

/** One lesson: its estimate, and a switch. */
export function LessonCard({ lesson, onUse, open = false }: Props) {
  const { number, active } = lesson;
  const hearing = useSignal(false);
  const points = Math.round((lesson.after - lesson.before) * 100);
  const gain = `${points > 0 ? "+" : points < 0 ? "−" : "±"}${Math.abs(points)} points`;
  return (
    <article class={active ? "lesson active" : "lesson"} aria-label={`Lesson ${number}`}>
      <header>
        <h3>Lesson {number}</h3>
        <small>{new Date(lesson.made_at).toLocaleString()}</small>
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={active}
            onChange={({ currentTarget: box }) =>
              void onUse(active ? null : number).then((done) => done || (box.checked = active))
            }
          />
          <span>In use</span>
        </label>
      </header>
      <p>
        Of {count(lesson.examples, "example")}, each judged by what was learned from the others:{" "}
        <strong>{percent(lesson.before)}</strong> right before,{" "}
        <strong>{percent(lesson.after)}</strong> after ({gain}). Of the other sounds that were sure,{" "}
        {percent(lesson.kept)} stay in their family and {percent(lesson.unsure)} become unsure.
        {lesson.elsewhere &&
          ` With whole packs left out: ${percent(lesson.elsewhere[0])} before, ${percent(lesson.elsewhere[1])} after.`}
      </p>
      {!active && (
        <>
          <button
            class="small"
            aria-expanded={hearing.value}
            onClick={() => (hearing.value = !hearing.value)}
          >
            Hear what would change
          </button>
          {hearing.value && <WouldChange lesson={number} />}
        </>
      )}
      <details open={open}>
        <summary>By class</summary>
        <table class="estimate">
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col">Examples</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {lesson.by_class.map((one) => (
              <Line key={one.name} {...one} />
            ))}
          </tbody>
        </table>
      </details>
    </article>
  );
}

function Line({ name, examples, before, after }: ClassEstimate) {
  return (
    <tr>
      <th scope="row">{spoken(name)}</th>
      <td>{examples}</td>
      {[before, after].map((share, nth) => (
        <td key={nth}>
          <span class="bar" aria-hidden="true">
            <i class={nth ? "after" : "before"} style={{ width: `${share * 100}%` }} />
          </span>
          {percent(share)}
        </td>
      ))}
    </tr>
  );
}
