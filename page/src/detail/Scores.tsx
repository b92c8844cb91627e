import { spoken } from "../sounds/families";
import { percent } from "../sounds/words";
import { server } from "../state/library";
import { colourOf } from "../ui/FamilyDot";

const MOST = 6;

/** What the network thinks, best first. */
export function Scores({ scores }: { scores: Record<string, number> }) {
  const family = (label: string) =>
    server.value?.families.find(({ labels }) => labels.includes(label))?.name ?? label;
  const best = Object.entries(scores)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST);
  return (
    <ul class="scores" aria-label="Scores">
      {best.map(([label, score]) => (
        <li key={label}>
          <span>{spoken(label)}</span>
          <span class="bar" aria-hidden="true">
            <i style={{ width: `${score * 100}%`, background: colourOf(family(label)) }} />
          </span>
          <span class="number">{percent(score)}</span>
        </li>
      ))}
    </ul>
  );
}
