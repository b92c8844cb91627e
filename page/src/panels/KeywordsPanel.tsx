import { useRef } from "preact/hooks";
import { count } from "../sounds/words";
import { nameOf } from "../state/library";
import { targets } from "../state/view";
import { KeywordMenu } from "../ui/KeywordMenu";

/** Keywords of what keys act on: the sound that is heard, or the selection. */
export function KeywordsPanel({ onDone }: { onDone: () => void }) {
  const ids = useRef([...targets.value]).current; // also after a filter leaves them out
  return (
    <>
      <p>{ids.length === 1 ? nameOf(ids[0]) : count(ids.length, "sound")}</p>
      <KeywordMenu ids={ids} onDone={onDone} />
    </>
  );
}
