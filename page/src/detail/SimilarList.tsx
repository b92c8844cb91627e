import type { Similar } from "../api/types";
import { take } from "../out/drag";
import { spoken } from "../sounds/families";
import { choose, point, unpoint } from "../state/commands";
import { library } from "../state/library";
import { colourOf } from "../ui/FamilyDot";
import { Wave } from "../ui/Wave";
import { outline } from "../list/waveforms";

interface Props {
  sounds: readonly Similar[];
  /** After a click, which chooses the sound. */
  onChosen?: () => void;
}

/** Sounds, the most alike first: pointing at one plays it, a click selects it. */
export function SimilarList({ sounds, onChosen }: Props) {
  return (
    <ul class="similar">
      {sounds.map((sound) => (
        <One key={sound.id} {...sound} onChosen={onChosen} />
      ))}
    </ul>
  );
}

function One({ id, similarity, onChosen }: Similar & Pick<Props, "onChosen">) {
  const { rowOf, names, labels, families, columns } = library.value;
  const row = rowOf.get(id)!;
  return (
    <li>
      <button
        draggable
        onDragStart={(event) => take(event, [id])}
        title={`${Math.round(similarity * 100)}% alike`}
        onPointerEnter={(event) =>
          event.pointerType === "mouse" && point(id, event.timeStamp, { rest: false })
        }
        onPointerLeave={unpoint}
        onFocus={(event) =>
          event.currentTarget.matches(":focus-visible") &&
          point(id, event.timeStamp, { rest: false })
        }
        onBlur={unpoint}
        onClick={(event) => {
          choose(id, { since: event.timeStamp });
          onChosen?.();
        }}
      >
        <Wave
          outline={outline(id)}
          colour={colourOf(families[columns.family[row]])}
          width={56}
          height={22}
        />
        <span class="similar-name">{names.at(row)}</span>
        <small>{spoken(labels[columns.label[row]])}</small>
      </button>
    </li>
  );
}
