import { useSignal } from "@preact/signals";
import type { Collection } from "../api/types";
import { ALL } from "../sounds/filter";
import {
  add,
  create,
  destroy,
  editing,
  FAVOURITES,
  lists,
  lost,
  rename,
  smart,
} from "../state/collections";
import { filter, filters, selection } from "../state/view";
import { Icon } from "../ui/Icon";
import { NameField } from "../ui/NameField";
import { openKit } from "../kit/state";
import { exporting } from "../panels/ExportPanel";

/** Favourites and the user's collections; a click shows what is in one. */
export function Collections() {
  const making = useSignal(false);
  const make = (event: Event) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget as HTMLFormElement).get("name");
    making.value = false;
    if (typeof name === "string" && name.trim()) void create(name.trim(), [...selection.value]);
  };
  return (
    <div class="collections">
      {lists.value.map((collection) => (
        <Line key={collection.number} {...collection} />
      ))}
      {making.value ? (
        <form onSubmit={make}>
          <NameField label="Name of the new collection" />
          <button>Make</button>
        </form>
      ) : (
        <button class="line" onClick={() => (making.value = true)}>
          <Icon name="plus" />
          <span>{selection.value.size ? "Collect the selection" : "New collection"}</span>
        </button>
      )}
      {smart.value.length > 0 && (
        <div role="group" aria-label="Smart collections" class="smart">
          <h3>Saved queries</h3>
          {smart.value.map((collection) => (
            <Line key={collection.number} {...collection} />
          ))}
        </div>
      )}
    </div>
  );
}

const missing = (number: number) =>
  `${number.toLocaleString("en")} ${number === 1 ? "is" : "are"} missing: no file is found.`;

function Line({ number, name, count, query, kit }: Collection) {
  const naming = useSignal(false);
  const asking = useSignal(false);
  const open = filters.value.collection === number;
  const chosen = [...selection.value];
  if (naming.value) {
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const typed = String(new FormData(event.currentTarget).get("name") ?? "").trim();
          naming.value = false;
          if (typed) void rename(number, typed);
        }}
      >
        <NameField label={`New name of ${name}`} value={name} />
        <button>Rename</button>
      </form>
    );
  }
  return (
    <div class={open ? "collection open" : "collection"}>
      <button
        class="line"
        aria-pressed={open}
        onClick={() => filter({ collection: open ? null : number })}
      >
        <Icon
          name={number === FAVOURITES ? "heart" : kit ? "kit" : query === null ? "tag" : "search"}
          filled={number === FAVOURITES}
        />
        <span>{name}</span>
        <small>{count?.toLocaleString("en") ?? "…"}</small>
      </button>
      {open && (
        <div class="collection-tools">
          {query !== null && <code title={query}>{query}</code>}
          {kit && (
            <button class="small" onClick={() => void openKit(number)}>
              Open the kit
            </button>
          )}
          {query === null && chosen.length > 0 && (
            <button class="small" onClick={() => void add(number, chosen)}>
              Add {chosen.length.toLocaleString("en")}
            </button>
          )}
          <button
            class="small"
            disabled={!count}
            onClick={() => (exporting.value = { number, name, count, query, kit })}
          >
            Export
          </button>
          {query !== null && (
            <button
              class="small"
              onClick={() => {
                editing.value = name;
                filter({ ...ALL, search: query });
                document.getElementById("search")?.focus();
              }}
            >
              Edit
            </button>
          )}
          {number !== FAVOURITES && (
            <>
              <button class="small" onClick={() => (naming.value = true)}>
                Rename
              </button>
              <button
                class="small"
                aria-expanded={asking.value}
                onClick={() => (asking.value = !asking.value)}
              >
                Delete
              </button>
            </>
          )}
          {lost.value > 0 && <p class="quiet">{missing(lost.value)}</p>}
          {asking.value && (
            <p>
              Delete the {kit ? "kit" : query === null ? "list" : "query"}? Its sounds stay.{" "}
              <button
                class="small"
                onClick={() => {
                  filter({ collection: null });
                  void destroy(number, name);
                }}
              >
                Delete it
              </button>{" "}
              <button class="small" onClick={() => (asking.value = false)}>
                Keep it
              </button>
            </p>
          )}
        </div>
      )}
    </div>
  );
}
