import { useRef } from "preact/hooks";
import type { Details } from "../api/types";
import { hide, hiddenPacks, hidePacks, unhide, unhidePacks } from "../state/hidden";
import { give, keywords, take } from "../state/keywords";
import { Icon } from "../ui/Icon";

/** What a person says of a sound beside its label: keywords, and whether it is hidden. */
export function OwnWords({ sound }: { sound: Details }) {
  const { id, keywords: own, hidden, pack } = sound;
  const box = useRef<HTMLDivElement>(null);
  const add = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const word = String(new FormData(form).get("keyword") ?? "").trim();
    if (!word) return;
    form.reset();
    void give(word, [id]);
  };
  const remove = (word: string) => {
    void take(word, [id]);
    box.current?.querySelector("input")?.focus();
  };
  const packHidden = hiddenPacks.value.includes(pack);
  return (
    <section aria-label="Keywords">
      <h3>Keywords</h3>
      <div class="chips own-words" ref={box}>
        {own.map((word) => (
          <button
            key={word}
            class="chip"
            aria-label={`Remove the keyword ${word}`}
            title="Remove this keyword"
            onClick={() => remove(word)}
          >
            <span>{word}</span>
            <Icon name="close" />
          </button>
        ))}
        <form class="in-line" onSubmit={add}>
          <input
            name="keyword"
            aria-label="Another keyword"
            placeholder="Add a word"
            maxLength={60}
            autocomplete="off"
            list="known-keywords"
          />
          <datalist id="known-keywords">
            {keywords.value
              .filter(({ name }) => !own.includes(name))
              .map(({ name }) => (
                <option key={name} value={name} />
              ))}
          </datalist>
          <button class="small">Add</button>
        </form>
      </div>
      <p class="hiding">
        {hidden && <span class="quiet">This sound is hidden.</span>}
        <button class="small" onClick={() => void (hidden ? unhide([id]) : hide([id]))}>
          {hidden ? "Show it again" : "Hide"}
        </button>
        {pack && (
          <button
            class="small"
            title={pack}
            onClick={() => void (packHidden ? unhidePacks([pack]) : hidePacks([pack]))}
          >
            {packHidden ? "Show its pack again" : "Hide its pack"}
          </button>
        )}
      </p>
    </section>
  );
}
