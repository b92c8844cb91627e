import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../api/client";
import type { Teaching } from "../api/types";
import { JobBar } from "../app/JobBar";
import { count } from "../sounds/words";
import { takeBackLast } from "../state/commands";
import { run, running } from "../state/job";
import { server } from "../state/library";
import { attempt } from "../state/notices";
import { filter, panel } from "../state/view";
import { LessonCard } from "./LessonCard";
import { NewClass } from "./NewClass";
import { useLesson } from "./teaching";

/** Corrections, the user's own classes, and what the model would learn from them. */
export function TeachPanel() {
  const taught = useSignal<Teaching | null>(null);
  const refresh = async () => {
    taught.value = (await attempt(api.teaching)) ?? taught.value;
  };
  useEffect(() => void refresh(), [server.value?.corrections]);
  const runs = running.value;
  const corrections = server.value?.corrections ?? 0;
  const learn = async () => {
    await run(api.tryLesson);
    await refresh();
  };
  const use = async (number: number | null) => {
    const done = await useLesson(number);
    if (done) await refresh();
    return done;
  };
  const needed = taught.value?.enough ?? 5;
  const enough = (taught.value?.usable ?? 0) >= needed;
  const [newest, ...older] = taught.value?.lessons.toReversed() ?? [];
  return (
    <>
      <p>
        Your corrections always apply to the sounds you corrected. Here the model learns from them
        for <em>all</em> sounds, on this computer. Try it first: the estimate shows what it gains.
      </p>
      <section aria-label="Corrections" class="teach-facts">
        <p>
          <strong>{count(corrections, "correction")}</strong>
        </p>
        <button
          class="small"
          disabled={!corrections}
          onClick={() => {
            filter({ corrected: true });
            panel.value = null;
          }}
        >
          Show them
        </button>
        <button class="small" disabled={!corrections} onClick={() => void takeBackLast()}>
          Undo the last
        </button>
      </section>
      <NewClass classes={taught.value?.classes ?? []} enough={needed} onDone={refresh} />
      {runs && <JobBar />}
      {!enough && (
        <p class="quiet">
          Learning takes {needed} corrected sounds, and a class of your own counts once it has{" "}
          {needed} examples: so far {(taught.value?.usable ?? 0).toLocaleString("en")} can be used.
        </p>
      )}
      <button class="primary" disabled={runs || !enough} onClick={() => void learn()}>
        Try what it would learn
      </button>
      {newest && <LessonCard key={newest.number} lesson={newest} onUse={use} open />}
      {older.length > 0 && (
        <section aria-label="Earlier">
          <h3>Earlier</h3>
          {older.map((lesson) => (
            <LessonCard key={lesson.number} lesson={lesson} onUse={use} />
          ))}
        </section>
      )}
    </>
  );
}
