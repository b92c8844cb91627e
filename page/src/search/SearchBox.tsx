import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../api/client";
import { library, server } from "../state/library";
import { collections } from "../state/collections";
import { keywords } from "../state/keywords";
import { problem } from "../state/search";
import { asking, filter, filters } from "../state/view";
import { Icon } from "../ui/Icon";
import type { Suggestion, Vocabulary } from "./suggest";

const NARROW = matchMedia("(width < 820px)").matches;
/** While somebody types, a term is wrong until it is complete. */
const PATIENCE_MS = 700;

let suggesting: typeof import("./suggest") | undefined;
let language: Vocabulary["language"] | undefined;

/** Loads what suggestions need, when the search is first used. */
async function prepare(): Promise<void> {
  suggesting ??= await import("./suggest");
  language ??= await api.language().catch(() => undefined); // words do without
}

function vocabulary(): Vocabulary {
  const known = server.value?.families ?? [];
  return {
    language: language!,
    labels: known.flatMap(({ labels }) => labels),
    families: known.map(({ name }) => name),
    packs: library.value.packs,
    collections: collections.value.map(({ name }) => name),
    keywords: keywords.value.map(({ name }) => name),
  };
}

/** Words and queries; suggestions while one is typed, and what is wrong with it. */
export function SearchBox() {
  const field = useRef<HTMLInputElement>(null);
  const offered = useSignal<readonly Suggestion[]>([]);
  const active = useSignal(-1);
  const rested = useSignal(true);
  const text = filters.value.search;
  const open = offered.value.length > 0;
  const wrong = useComputed(() => (asking.value && rested.value ? problem.value : null)).value;

  const close = () => {
    offered.value = [];
    active.value = -1;
  };
  const offer = (all = false) => {
    const input = field.current!;
    active.value = -1;
    offered.value =
      suggesting && language
        ? suggesting.suggest(input.value, input.selectionStart ?? 0, vocabulary(), all)
        : [];
  };
  useEffect(() => {
    if (document.activeElement !== field.current) return;
    rested.value = false;
    const timer = setTimeout(() => (rested.value = true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const take = (suggestion: Suggestion) => {
    const input = field.current!;
    const [put, caret] = suggesting!.put(input.value, input.selectionStart ?? 0, suggestion);
    input.value = put;
    filter({ search: put });
    input.setSelectionRange(caret, caret);
    offer();
  };
  const press = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && (open || event.altKey)) {
      if (!open) offer(true);
      const count = offered.value.length + 1; // one of them is none
      if (open) active.value = ((active.value + 1 + by + count) % count) - 1;
    } else if (open && event.key === "Enter") {
      const chosen = offered.value[active.value];
      if (chosen) take(chosen);
      else close();
    } else if (open && event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={field}
        id="search"
        type="search"
        role="combobox"
        list={undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder={NARROW ? "Search" : "Search names, packs, labels"}
        aria-label="Search names, packs and labels"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? "suggestions" : undefined}
        aria-activedescendant={active.value < 0 ? undefined : `suggestion-${active.value}`}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? "search-problem" : undefined}
        value={text}
        onFocus={() => void prepare()}
        onInput={(event) => {
          filter({ search: event.currentTarget.value });
          void prepare().then(() => document.activeElement === field.current && offer());
        }}
        onKeyDown={press}
        onBlur={() => {
          close();
          rested.value = true;
        }}
      />
      <kbd aria-hidden="true">/</kbd>
      <div class={open || wrong ? "search-below" : "hidden"}>
        {open && (
          <ul id="suggestions" role="listbox" aria-label="Suggestions">
            {offered.value.map((one, nth) => (
              <li
                key={one.term}
                id={`suggestion-${nth}`}
                role="option"
                aria-selected={nth === active.value}
                ref={(line) => {
                  if (nth === active.value) line?.scrollIntoView({ block: "nearest" });
                }}
                onPointerDown={(event) => {
                  event.preventDefault(); // the focus stays in the field
                  take(one);
                }}
              >
                <span>{one.term}</span>
                <small>{one.about}</small>
              </li>
            ))}
          </ul>
        )}
        <div role="status">
          {wrong && (
            <p id="search-problem">
              {wrong.sentence}
              <code aria-hidden="true">
                {text.slice(0, wrong.at)}
                <mark>{text.slice(wrong.at, wrong.at + wrong.length)}</mark>
                {text.slice(wrong.at + wrong.length)}
              </code>
            </p>
          )}
          {open && !wrong && (
            <span class="hidden">
              {offered.value.length} {offered.value.length === 1 ? "suggestion" : "suggestions"}:
              arrow keys choose one.
            </span>
          )}
        </div>
      </div>
    </div>
  );
}
