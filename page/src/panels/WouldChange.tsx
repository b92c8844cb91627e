import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { actionOf } from "../app/keymap";
import { api } from "../api/client";
import type { LessonChange } from "../api/types";
import { player } from "../audio/player";
import { outline } from "../list/waveforms";
import { spoken } from "../sounds/families";
import { count, percent } from "../sounds/words";
import { correct, hear, look } from "../state/commands";
import { library, ownClasses } from "../state/library";
import { attempt } from "../state/notices";
import { settings } from "../state/settings";
import { redo, undo } from "../state/steps";
import { colourOf } from "../ui/FamilyDot";
import { Wave } from "../ui/Wave";

const EACH = 300;

/** The sounds that a lesson would give another label, as a list that plays: keys as in the list. */
export function WouldChange({ lesson }: { lesson: number }) {
  const changes = useSignal<readonly LessonChange[] | null>(null);
  const failed = useSignal(false);
  const asked = useSignal(0);
  const shown = useSignal(EACH);
  const here = useSignal(0);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let gone = false;
    void attempt(() => api.lessonChanges(lesson)).then((found) => {
      if (gone) return;
      changes.value = found?.sounds ?? null;
      failed.value = !found;
    });
    return () => {
      gone = true;
      player.stop();
    };
  }, [lesson, asked.value]);
  const there = changes.value !== null;
  useEffect(() => {
    if (there) box.current?.scrollIntoView({ block: "nearest" });
  }, [there]);
  const known = (changes.value ?? []).filter(({ id }) => library.value.rowOf.has(id));
  const listed = known.slice(0, shown.value);

  const go = (nth: number, since?: number) => {
    here.value = Math.min(listed.length - 1, Math.max(0, nth));
    const { id } = listed[here.value];
    look(id, { since });
    player.preload(listed.slice(here.value + 1, here.value + 4).map((next) => next.id));
    document.getElementById(optionOf(id))?.scrollIntoView({ block: "nearest" });
  };
  const press = (event: KeyboardEvent) => {
    const action = actionOf(event, ownClasses.value, settings.letters.value);
    const one = listed[here.value];
    if (!action || !one) return;
    if (action.kind === "step") go(here.value + action.by, event.timeStamp);
    else if (action.kind === "edge") go(action.end ? listed.length - 1 : 0, event.timeStamp);
    else if (action.kind === "replay") hear(one.id, { since: event.timeStamp });
    else if (action.kind === "label") void correct(action.label, [one.id]);
    else if (action.kind === "undo") void undo();
    else if (action.kind === "redo") void redo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  if (failed.value)
    return (
      <p role="status">
        What would change is not known.{" "}
        <button
          class="small"
          onClick={() => {
            failed.value = false;
            asked.value++;
          }}
        >
          Ask again
        </button>
      </p>
    );
  if (changes.value === null) return <p role="status">Listening with this lesson…</p>;
  if (!known.length)
    return <p role="status">No sound would get another label, beside those you corrected.</p>;
  return (
    <section class="would-change" aria-label="What would change">
      <p role="status">
        <strong>{count(known.length, "sound")}</strong> would get another label, the surest first.
      </p>
      <p class="quiet">
        <kbd>↓</kbd> <kbd>↑</kbd> play them, <kbd>Space</kbd> plays again; a letter says what it
        really is, as in the list.
      </p>
      <div
        ref={box}
        class="changes"
        role="listbox"
        aria-label="Sounds that would change"
        tabIndex={0}
        aria-activedescendant={optionOf(listed[Math.min(here.value, listed.length - 1)].id)}
        onKeyDown={press}
      >
        {listed.map((one, nth) => (
          <Change
            key={one.id}
            {...one}
            chosen={nth === here.value}
            onPick={(since) => {
              box.current?.focus({ preventScroll: true });
              go(nth, since);
            }}
          />
        ))}
      </div>
      {known.length > listed.length && (
        <button class="small" onClick={() => (shown.value += EACH)}>
          Show {Math.min(EACH, known.length - listed.length).toLocaleString("en")} more
        </button>
      )}
    </section>
  );
}

const optionOf = (id: number) => `change-${id}`;

function Change({
  id,
  before,
  after,
  confidence_after,
  chosen,
  onPick,
}: LessonChange & { chosen: boolean; onPick: (since: number) => void }) {
  const { rowOf, names, labels, families, columns } = library.value;
  const row = rowOf.get(id)!;
  const said = columns.corrected[row] === 1;
  const own = spoken(labels[columns.label[row]]);
  return (
    <div
      id={optionOf(id)}
      role="option"
      aria-selected={chosen}
      class={player.playing.value?.id === id ? "change playing" : "change"}
      onClick={(event) => onPick(event.timeStamp)}
    >
      <Wave
        outline={outline(id)}
        colour={colourOf(families[columns.family[row]])}
        width={56}
        height={22}
      />
      <span class="change-name">{names.at(row)}</span>
      <span class="change-labels">
        {said ? (
          <>
            {own} <b>✓</b>
            <span class="hidden"> you said so</span>
          </>
        ) : (
          <>
            {spoken(before)} <span aria-hidden="true">→</span>
            <span class="hidden">would be</span> <strong>{spoken(after)}</strong>
          </>
        )}
      </span>
      <span class="number">{percent(said ? 1 : confidence_after)}</span>
    </div>
  );
}
