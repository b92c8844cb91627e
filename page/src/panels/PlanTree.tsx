import type { Plan } from "../api/types";
import { count } from "../sounds/words";
import { Icon } from "../ui/Icon";
import { nested } from "./nested";

const SHOWN = 300;

/** How many files each folder gets, with some of their names. */
export function PlanTree({ plan }: { plan: Plan }) {
  const lines = nested(plan.tree);
  return (
    <section aria-label="Plan">
      <p>
        <strong>{count(plan.count, "file")}</strong> into <code>{plan.into}</code>
      </p>
      {plan.notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      <ul class="plan" aria-label="Folders" tabIndex={0}>
        {lines.slice(0, SHOWN).map((line) => (
          <li key={line.path} style={{ paddingLeft: `${12 + line.depth * 20}px` }}>
            <Icon name="folder" />
            <span class="plan-path">{line.name}</span>
            <small>{count(line.count, "file")}</small>
            {line.examples.length > 0 && (
              <p>
                {line.examples.join(", ")}
                {line.count > line.examples.length && "…"}
              </p>
            )}
          </li>
        ))}
      </ul>
      {lines.length > SHOWN && <p class="quiet">…and {lines.length - SHOWN} more folders.</p>}
    </section>
  );
}
