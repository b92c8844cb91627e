import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { count } from "../sounds/words";
import { nameOf } from "../state/library";
import { useEscape } from "../state/opened";
import { lists, remove, toggleFavourites } from "../state/collections";
import { select } from "../state/commands";
import { hide, isHidden, unhide } from "../state/hidden";
import { filters, panel, selection, targets } from "../state/view";
import { CollectionMenu } from "../ui/CollectionMenu";
import { Icon } from "../ui/Icon";
import { KeywordMenu } from "../ui/KeywordMenu";
import { LabelMenu } from "../ui/LabelMenu";
import { take, takenWith } from "../out/drag";
import { OutMenu } from "../out/OutMenu";

type Menu = "labels" | "collections" | "keywords" | "files";

/** Actions on the selected sounds. */
export function SelectionBar() {
  const open = useSignal<Menu | null>(null);
  useEscape(open.value !== null, () => (open.value = null));
  const ids = [...selection.value];
  const none = !ids.length;
  useLayoutEffect(() => {
    if (none) open.value = null;
  }, [none]);
  if (none) return null;
  const other = targets.value.length === 1 && !selection.value.has(targets.value[0]);
  const away = ids.every(isHidden);
  const toggle = (name: Menu) => () => (open.value = open.value === name ? null : name);
  const within = lists.value.find(({ number }) => number === filters.value.collection)?.number;
  return (
    <div class="selection" role="region" aria-label="Selection">
      {open.value === "labels" && <LabelMenu ids={ids} onDone={() => (open.value = null)} />}
      {open.value === "collections" && (
        <CollectionMenu ids={ids} onDone={() => (open.value = null)} />
      )}
      {open.value === "keywords" && <KeywordMenu ids={ids} onDone={() => (open.value = null)} />}
      {open.value === "files" && <OutMenu ids={ids} onDone={() => (open.value = null)} />}
      <div class="selection-line">
        <strong
          class="grip"
          title="Drag them to a pad or out of the page"
          draggable
          onDragStart={(event) => take(event, takenWith(ids[0]))}
        >
          <Icon name="grip" />
          {count(ids.length, "sound")} selected
        </strong>
        {other && <span class="quiet">keys label {nameOf(targets.value[0])}</span>}
        <button class="small" aria-expanded={open.value === "labels"} onClick={toggle("labels")}>
          Correct
        </button>
        <button class="small" onClick={() => void toggleFavourites(ids)}>
          Favourite
        </button>
        <button
          class="small"
          aria-expanded={open.value === "collections"}
          onClick={toggle("collections")}
        >
          Add to…
        </button>
        {within !== undefined && (
          <button class="small" onClick={() => void remove(within, ids)}>
            Take out
          </button>
        )}
        <button
          class="small"
          aria-expanded={open.value === "keywords"}
          onClick={toggle("keywords")}
        >
          Keywords
        </button>
        <button class="small" onClick={() => void (away ? unhide(ids) : hide(ids))}>
          {away ? "Show again" : "Hide"}
        </button>
        <button class="small" aria-expanded={open.value === "files"} onClick={toggle("files")}>
          Files
        </button>
        <button class="small" onClick={() => (panel.value = "teach")}>
          Teach
        </button>
        <button class="small" onClick={() => (panel.value = "sort")}>
          Sort
        </button>
        <button class="icon" aria-label="Clear the selection" onClick={() => select([])}>
          <Icon name="close" />
        </button>
      </div>
    </div>
  );
}
