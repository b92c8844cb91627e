import { useSignal } from "@preact/signals";
import { spoken } from "../sounds/families";
import { count, percent } from "../sounds/words";
import { add, collections, FAVOURITES, favourites, toggleFavourites } from "../state/collections";
import { current, selection, targets } from "../state/view";
import { colourOf, FamilyDot } from "../ui/FamilyDot";
import { Icon } from "../ui/Icon";
import { LabelMenu } from "../ui/LabelMenu";
import { BigWave } from "./BigWave";
import { details } from "./details";
import { Facts, FilePath } from "./Facts";
import { Scores } from "./Scores";
import { Similar } from "./Similar";
import { Spectrogram } from "./Spectrogram";

export function DetailPane() {
  const correcting = useSignal(false);
  const sound = details.value;
  if (!sound || current.value === null) {
    return (
      <div class="detail-empty">
        <p>Point at a dot to hear it. Click one to see what it is, and more like it.</p>
        <p class="quiet">
          Or <kbd>↓</kbd> through the list; <kbd>?</kbd> shows all keys.
        </p>
      </div>
    );
  }
  const liked = favourites.value.has(sound.id);
  const many = selection.value.size;
  const family = sound.family ?? "unsure";
  return (
    <article class="detail" aria-label={sound.name}>
      <header>
        <h2>{sound.name}</h2>
        <button
          class={liked ? "icon liked" : "icon"}
          aria-label="Favourite"
          aria-pressed={liked}
          title="Favourite (F)"
          onClick={() => void toggleFavourites([sound.id])}
        >
          <Icon name="heart" filled={liked} />
        </button>
      </header>
      <p class="verdict">
        <FamilyDot name={family} />
        <strong>{spoken(sound.label ?? "not heard yet")}</strong>
        {sound.correction ? (
          <span>you said so</span>
        ) : (
          sound.confidence !== undefined && <span>{percent(sound.confidence)} sure</span>
        )}
        <button
          class="small"
          aria-expanded={correcting.value}
          onClick={() => (correcting.value = !correcting.value)}
        >
          {many > 1 ? `Correct ${many.toLocaleString("en")}` : "Correct"}
        </button>
      </p>
      {sound.reason && !sound.correction && <p class="reason">{sound.reason}</p>}
      {correcting.value && <LabelMenu onDone={() => (correcting.value = false)} />}
      <BigWave id={sound.id} name={sound.name} colour={colourOf(family)} />
      <Spectrogram id={sound.id} />
      {sound.scores && (
        <section aria-label="What it could be">
          <h3>What it could be</h3>
          <Scores scores={sound.scores} />
        </section>
      )}
      <Similar id={sound.id} />
      <Facts sound={sound} />
      <FilePath path={sound.path} />
      {collections.value.length > 1 && (
        <section aria-label="Collections">
          <h3>Add {many > 1 ? count(many, "sound") : "it"} to</h3>
          <div class="chips">
            {collections.value
              .filter(({ number }) => number !== FAVOURITES)
              .map(({ number, name }) => (
                <button
                  key={number}
                  class="chip"
                  aria-pressed={sound.collections.includes(number)}
                  onClick={() => void add(number, targets())}
                >
                  {name}
                </button>
              ))}
          </div>
        </section>
      )}
    </article>
  );
}
