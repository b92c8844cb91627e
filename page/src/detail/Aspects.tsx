import { ASPECTS, chosen, sentence, toggle, type Aspect } from "./aspects";

/** Chooses what sounds are compared by; none is the whole. */
export function Aspects() {
  return (
    <div class="aspects">
      <div class="chips" role="group" aria-label="Compare by">
        {(Object.keys(ASPECTS) as Aspect[]).map((aspect) => (
          <button
            key={aspect}
            class="chip"
            aria-pressed={chosen.value.includes(aspect)}
            title={`${capital(aspect)}: ${ASPECTS[aspect]}`}
            onClick={() => toggle(aspect)}
          >
            {capital(aspect)}
          </button>
        ))}
      </div>
      <small role="status">{sentence.value}</small>
    </div>
  );
}

const capital = (word: string) => word[0].toUpperCase() + word.slice(1);
