import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../api/client";
import type { HeardSound } from "../api/types";
import { player } from "../audio/player";
import { by } from "../detail/aspects";
import { Aspects } from "../detail/Aspects";
import { SimilarList } from "../detail/SimilarList";
import { spoken } from "../sounds/families";
import { percent } from "../sounds/words";
import { select } from "../state/commands";
import { library } from "../state/library";
import { FamilyDot } from "../ui/FamilyDot";
import { Icon } from "../ui/Icon";
import { askBy, askByRecording, asked, playAsked, trouble } from "./asked";
import { ChooseFile } from "./ChooseFile";
import { RecordButton } from "./RecordButton";

const MOST = 20;
const MOST_SECONDS = 8;

/** Finds what is most like a file that is dropped or chosen, or like a recording. */
export function FindPanel({ onChosen }: { onChosen: () => void }) {
  const heard = useSignal<HeardSound | null>(null);
  const busy = useSignal(false);
  const sound = asked.value;
  useEffect(() => {
    if (!sound) return;
    let latest = true;
    busy.value = true;
    trouble.value = "";
    const { content, name, recorded } = sound;
    api
      .findBy({ content, name, recorded, n: MOST, by: by.value })
      .then(
        (found) => {
          if (!latest) return;
          heard.value = found;
          player.preload(found.similar.map(({ id }) => id));
        },
        (error: Error) => {
          if (!latest) return;
          heard.value = null;
          trouble.value = error.message;
        },
      )
      .finally(() => latest && (busy.value = false));
    return () => void (latest = false);
  }, [sound, by.value]);
  useEffect(() => () => player.endOther(), []);
  const found = sound ? heard.value : null;
  const known = (found?.similar ?? []).filter(({ id }) => library.value.rowOf.has(id));
  return (
    <>
      <div class="find-by-ways">
        <ChooseFile label="A sound file" onChosen={(file) => void askBy(file)} />
        <RecordButton
          label="Record"
          hint="Make one sound; the loudest counts."
          most={MOST_SECONDS}
          onRecorded={(wav) => void askByRecording(wav)}
          onTrouble={(sentence) => (trouble.value = sentence)}
        />
      </div>
      <p class="quiet">
        Or drop a file anywhere on the page. It is heard on this computer, and not kept.
      </p>
      <p role="alert" class="find-by-trouble">
        {trouble.value}
      </p>
      {sound && (
        <section aria-label="Like this sound" class="find-by-found" aria-busy={busy.value}>
          <p class="verdict">
            <button
              class="icon"
              aria-label={`Play ${sound.name}`}
              onClick={() => void playAsked(sound)}
            >
              <Icon name="play" filled />
            </button>
            <strong>{sound.name}</strong>
            {found && (
              <span role="status">
                <FamilyDot name={found.family} /> {spoken(found.label)}, {percent(found.confidence)}
              </span>
            )}
          </p>
          <Aspects />
          <h3>
            Most like it
            {known.length > 0 && (
              <button
                class="link"
                onClick={() => {
                  select(known.map(({ id }) => id));
                  onChosen();
                }}
              >
                Select all
              </button>
            )}
          </h3>
          <SimilarList sounds={known} onChosen={onChosen} />
        </section>
      )}
    </>
  );
}
