import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/Icon";
import { useThere } from "../ui/there";
import { record, type Tape } from "./tape";

interface Props {
  label: string;
  /** What to do while it records. */
  hint: string;
  most: number;
  disabled?: boolean;
  onRecorded: (wav: Uint8Array<ArrayBuffer>) => void;
  /** One sentence; empty once it records. */
  onTrouble: (sentence: string) => void;
}

const LOOK_MS = 60;

/** Records until it is pressed again, or for so many seconds. */
export function RecordButton({ label, hint, most, disabled, onRecorded, onTrouble }: Props) {
  const tape = useRef<Tape | null>(null);
  const state = useSignal<"idle" | "asking" | "recording">("idle");
  const seconds = useSignal(0);
  const level = useSignal(0);
  const there = useThere();
  useEffect(() => () => void tape.current?.stop(), []);
  const recording = state.value === "recording";
  useEffect(() => {
    if (!recording) return;
    const timer = setInterval(() => {
      seconds.value = tape.current?.seconds() ?? 0;
      level.value = tape.current?.level() ?? 0;
      if (seconds.value >= most) end();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [recording]);

  const end = () => {
    const recorded = tape.current?.stop();
    tape.current = null;
    state.value = "idle";
    if (recorded) onRecorded(recorded);
  };
  const begin = async () => {
    state.value = "asking";
    try {
      const begun = await record();
      if (!there.current) return void begun.stop();
      tape.current = begun;
      seconds.value = 0;
      onTrouble("");
      state.value = "recording";
    } catch (error) {
      state.value = "idle";
      onTrouble(error instanceof Error ? error.message : String(error));
    }
  };
  const words = state.value === "asking" ? "The browser asks for the microphone." : hint;
  return (
    <div class="record">
      <button
        class={recording ? "recording" : "primary"}
        disabled={disabled || state.value === "asking"}
        onClick={() => (recording ? end() : void begin())}
      >
        <Icon name={recording ? "stop" : "microphone"} filled={recording} />
        {recording ? `Stop (${seconds.value.toFixed(1)} s)` : label}
      </button>
      {recording && (
        <meter
          min={0}
          max={1}
          value={Math.min(1, level.value)}
          aria-label="Level of the microphone"
        />
      )}
      <small role="status">{recording ? `Recording. ${hint}` : words}</small>
    </div>
  );
}
