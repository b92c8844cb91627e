import { keysOf } from "../app/keymap";
import { correct } from "../state/commands";
import { ownClasses, server } from "../state/library";
import { spoken } from "../sounds/families";
import { FamilyDot } from "./FamilyDot";
import { Key } from "./Key";

/** All labels to choose from, with their keys; a user's own classes last. */
export function LabelMenu({ ids, onDone }: { ids: number[]; onDone: () => void }) {
  const families = (server.value?.families ?? []).filter(({ name }) => name !== "unsure");
  return (
    <div class="labels" role="group" aria-label="What it is">
      {families.flatMap(({ name, labels }) =>
        labels.map((label) => (
          <button
            key={label}
            onClick={() => {
              void correct(label, ids);
              onDone();
            }}
          >
            <FamilyDot name={name} />
            <span>{spoken(label)}</span>
            {keysOf(label, ownClasses.value).map((key) => (
              <Key key={key} name={key} />
            ))}
          </button>
        )),
      )}
    </div>
  );
}
