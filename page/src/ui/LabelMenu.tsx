import { keysOf } from "../app/keymap";
import { correct } from "../state/commands";
import { server } from "../state/library";
import { spoken } from "../sounds/families";
import { FamilyDot } from "./FamilyDot";

/** All labels to choose from, with their keys; a user's own classes last. */
export function LabelMenu({ ids, onDone }: { ids?: number[]; onDone?: () => void }) {
  const families = (server.value?.families ?? []).filter(({ name }) => name !== "unsure");
  return (
    <div class="labels" role="group" aria-label="What it is">
      {families.flatMap(({ name, labels }) =>
        labels.map((label) => (
          <button
            key={label}
            onClick={() => {
              void correct(label, ids);
              onDone?.();
            }}
          >
            <FamilyDot name={name} />
            <span>{spoken(label)}</span>
            {keysOf(label).map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </button>
        )),
      )}
    </div>
  );
}
