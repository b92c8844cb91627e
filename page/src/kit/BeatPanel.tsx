import { useSignal } from "@preact/signals";
import { api } from "../api/client";
import { base64, tooLarge } from "../record/bytes";
import { ChooseFile } from "../record/ChooseFile";
import { RecordButton } from "../record/RecordButton";
import { fillFrom } from "./state";

const MOST_SECONDS = 16;
const SOUNDS = 40;

/** Fills pads and steps from a beat that somebody makes with the mouth. */
export function BeatPanel({ onDone }: { onDone: () => void }) {
  const trouble = useSignal("");
  const busy = useSignal(false);
  const hear = async (bytes: Blob, name: string) => {
    busy.value = true;
    trouble.value = "";
    try {
      await fillFrom(await api.beat(await base64(bytes), name, SOUNDS));
      onDone();
    } catch (error) {
      trouble.value = error instanceof Error ? error.message : String(error);
    }
    busy.value = false;
  };
  return (
    <>
      <p>
        Make a beat with the mouth, or on a table: a low sound is a kick, a sharp one a snare, a
        hiss a hat. For each kind, the pad gets the drum of your library that is most like it, and
        the steps get the rhythm.
      </p>
      <div class="find-by-ways">
        <RecordButton
          label="Record a beat"
          hint="Make a bar or two, close to the microphone."
          most={MOST_SECONDS}
          disabled={busy.value}
          onRecorded={(wav) => void hear(new Blob([wav]), "the recording")}
          onTrouble={(sentence) => (trouble.value = sentence)}
        />
        <ChooseFile
          label="A recorded beat"
          disabled={busy.value}
          onChosen={(file) => {
            trouble.value = tooLarge(file);
            if (!trouble.value) void hear(file, file.name);
          }}
        />
      </div>
      <p role="alert" class="find-by-trouble">
        {trouble.value}
      </p>
      <p class="quiet">
        {busy.value
          ? "Listening to the beat…"
          : "It is heard on this computer, and not kept. Undo brings back the kit and the beat as they were."}
      </p>
    </>
  );
}
