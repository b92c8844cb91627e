import { spoken, spokenFamily } from "../sounds/families";
import { percent } from "../sounds/words";
import { server } from "../state/library";
import { colourOf } from "../ui/FamilyDot";
import { likely } from "./verdict";

/** What the network thinks: the best family, where it has several labels, then labels, best first. */
export function Scores({ scores }: { scores: Record<string, number> }) {
  const { family, labels } = likely(scores, server.value?.families ?? []);
  return (
    <ul class="scores" aria-label="Scores">
      {family && (
        <Line
          words={`${spokenFamily(family.name)} in all`}
          score={family.score}
          family={family.name}
        />
      )}
      {labels.map(({ name, score, family }) => (
        <Line key={name} words={spoken(name)} score={score} family={family} />
      ))}
    </ul>
  );
}

function Line({ words, score, family }: { words: string; score: number; family: string }) {
  return (
    <li>
      <span>{words}</span>
      <span class="bar" aria-hidden="true">
        <i style={{ width: `${score * 100}%`, background: colourOf(family) }} />
      </span>
      <span class="number">{percent(score)}</span>
    </li>
  );
}
