import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { api } from "../api/client";
import { folded } from "../sounds/filter";
import { give, keywords, take } from "../state/keywords";
import { attempt } from "../state/notices";

const MOST = 60;

/** Gives some sounds keywords, or takes them away; what is typed narrows down those that are known. */
export function KeywordMenu({ ids, onDone }: { ids: number[]; onDone: () => void }) {
  const typed = useSignal("");
  /** Of each keyword, how many of these sounds have it. */
  const among = useSignal<ReadonlyMap<string, number>>(new Map());
  const field = useRef<HTMLInputElement>(null);
  const every = keywords.value;
  useEffect(() => {
    void attempt(() => api.keywordsAmong(ids)).then((found) => {
      if (found) among.value = new Map(found.map(({ name, count }) => [name, count]));
    });
  }, [every, ids.length, ids[0]]);
  useLayoutEffect(() => field.current!.focus(), []);
  const state = (name: string) => {
    const having = among.value.get(name) ?? 0;
    return !having ? "false" : having >= ids.length ? "true" : "mixed";
  };
  const wanted = folded(typed.value.trim());
  const offered = every.filter(({ name }) => folded(name).includes(wanted)).slice(0, MOST);
  const submit = (event: Event) => {
    event.preventDefault();
    const word = typed.value.trim();
    if (!word) return onDone();
    typed.value = "";
    void give(word, ids);
  };
  return (
    <div class="labels keyword-menu" role="group" aria-label="Keywords">
      <form class="in-line" onSubmit={submit}>
        <input
          ref={field}
          name="keyword"
          aria-label="Keyword"
          placeholder="A word, such as dusty"
          maxLength={60}
          autocomplete="off"
          autofocus
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
        <button class="small">Add</button>
      </form>
      {offered.map(({ name }) => (
        <button
          key={name}
          aria-pressed={state(name)}
          title={state(name) === "true" ? "Take it away" : "Give it to all of them"}
          onClick={() => void (state(name) === "true" ? take : give)(name, ids)}
        >
          <span>{name}</span>
          {ids.length > 1 && (among.value.get(name) ?? 0) > 0 && (
            <small>{among.value.get(name)!.toLocaleString("en")}</small>
          )}
        </button>
      ))}
    </div>
  );
}
