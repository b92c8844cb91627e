import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { lists, FAVOURITES, favourites, toggle, toggleFavourites } from "../state/collections";
import { server } from "../state/library";
import { current, selection } from "../state/view";
import { colourOf, FamilyDot } from "../ui/FamilyDot";
import { TakeApart } from "../slicer/TakeApart";
import { Icon } from "../ui/Icon";
import { LabelMenu } from "../ui/LabelMenu";
import { BigWave } from "./BigWave";
import { details } from "./details";
import { take } from "../out/drag";
import { Facts, FilePath } from "./Facts";
import { OwnWords } from "./OwnWords";
import { Scores } from "./Scores";
import { Similar } from "./Similar";
import { Spectrogram } from "./Spectrogram";
import { verdict } from "./verdict";

export function DetailPane() {
  const correcting = useSignal(false);
  const sound = details.value;
  const article = useRef<HTMLElement>(null);
  // The details of another sound start at the top.
  useLayoutEffect(() => {
    article.current?.parentElement?.scrollTo(0, 0);
  }, [sound?.id]);
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
  const meant = selection.value.has(sound.id) ? [...selection.value] : [sound.id];
  const family = sound.family ?? "unsure";
  const said = verdict(sound, server.value?.families ?? []);
  return (
    <article class="detail" aria-label={sound.name} ref={article}>
      <header>
        <h2
          class={sound.missing ? undefined : "grip"}
          draggable={!sound.missing}
          onDragStart={(event) => take(event, [sound.id])}
        >
          {sound.name}
        </h2>
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
        <strong>{said.label}</strong>
        <span>{said.sure}</span>
        <button
          class="small"
          aria-expanded={correcting.value}
          onClick={() => (correcting.value = !correcting.value)}
        >
          {meant.length > 1 ? `Correct ${meant.length.toLocaleString("en")}` : "Correct"}
        </button>
      </p>
      {said.reason && <p class="reason">{said.reason}</p>}
      {correcting.value && <LabelMenu ids={meant} onDone={() => (correcting.value = false)} />}
      {sound.missing ? (
        <p class="note">
          This file was not there at the last scan. What is known of it is kept for when it is back.
        </p>
      ) : (
        <>
          <BigWave id={sound.id} name={sound.name} colour={colourOf(family)} />
          <Spectrogram id={sound.id} />
          <TakeApart sound={sound} />
        </>
      )}
      {sound.scores && (
        <section aria-label="What it could be">
          <h3>What it could be</h3>
          <Scores scores={sound.scores} />
        </section>
      )}
      <OwnWords sound={sound} />
      <Similar id={sound.id} />
      <Facts sound={sound} />
      <FilePath id={sound.id} path={sound.path} />
      {lists.value.length > 1 && (
        <section aria-label="Collections">
          <h3>Collections</h3>
          <div class="chips">
            {lists.value
              .filter(({ number }) => number !== FAVOURITES)
              .map(({ number, name }) => {
                const within = sound.collections.includes(number);
                return (
                  <button
                    key={number}
                    class="chip"
                    aria-pressed={within}
                    title={within ? "Take it out" : "Put it in"}
                    onClick={() => void toggle(number, sound.id, within)}
                  >
                    {name}
                  </button>
                );
              })}
          </div>
        </section>
      )}
    </article>
  );
}
