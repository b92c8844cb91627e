import { useEffect } from "preact/hooks";
import type { Run } from "../api/types";
import { JobBar } from "../app/JobBar";
import { count } from "../sounds/words";
import { history, refreshHistory, resumeRun, undoRun } from "../state/history";
import { running } from "../state/job";

const ACTIONS: Record<NonNullable<Run["action"]>, string> = {
  copy: "Copied",
  move: "Moved",
  link: "Linked",
  symlink: "Linked",
  relink: "Duplicates linked:",
  slice: "Cut",
  tag: "Tagged",
};
const STATES: Record<Run["state"], string> = {
  running: "running right now",
  finished: "done",
  unfinished: "cut off before its end",
  undone: "undone",
  "partly undone": "undone in part",
  damaged: "its record is damaged",
};
const UNDOABLE: readonly Run["state"][] = ["finished", "unfinished", "partly undone"];

const moved = ({ state, count: done, files }: Run) =>
  state === "unfinished" || state === "running"
    ? `${done.toLocaleString("en")} of ${count(files, "file")}`
    : count(done, "file");

/** Past sorts, those that were cut off first; each can be undone. */
export function HistoryPanel() {
  useEffect(() => void refreshHistory(), []);
  const runs = running.value;
  const first = (one: Run) => (one.state === "unfinished" ? 0 : 1);
  const sorted = history.value.toSorted((a, b) => first(a) - first(b));
  return (
    <>
      {runs && <JobBar />}
      {!sorted.length && <p class="quiet">Nothing has been sorted yet.</p>}
      <ul class="runs">
        {sorted.map((one) => (
          <li key={one.id} class={one.state}>
            <div>
              <strong>{one.action ? `${ACTIONS[one.action]} ${moved(one)}` : one.id}</strong>
              {one.into && <code>{one.into}</code>}
              <small>
                {one.made_at && `${new Date(one.made_at).toLocaleString()} · `}
                {STATES[one.state]}
              </small>
            </div>
            {one.state === "unfinished" && (
              <button class="primary" disabled={runs} onClick={() => void resumeRun(one.id)}>
                Finish it
              </button>
            )}
            {UNDOABLE.includes(one.state) && (
              <button disabled={runs} onClick={() => void undoRun(one.id)}>
                Undo
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
