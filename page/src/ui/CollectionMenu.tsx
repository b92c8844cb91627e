import { add, create, FAVOURITES, lists } from "../state/collections";
import { Icon } from "./Icon";

/** Puts sounds into a collection, or into a new one. */
export function CollectionMenu({ ids, onDone }: { ids: number[]; onDone: () => void }) {
  const make = (event: Event) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget as HTMLFormElement).get("name");
    if (typeof name !== "string" || !name.trim()) return;
    void create(name.trim(), ids);
    onDone();
  };
  return (
    <div class="labels" role="group" aria-label="Collections">
      {lists.value
        .filter(({ number }) => number !== FAVOURITES)
        .map(({ number, name }) => (
          <button
            key={number}
            onClick={() => {
              void add(number, ids);
              onDone();
            }}
          >
            <Icon name="tag" />
            <span>{name}</span>
          </button>
        ))}
      <form class="in-line" onSubmit={make}>
        <input name="name" aria-label="Name of a new collection" placeholder="A new one" />
        <button>Make</button>
      </form>
    </div>
  );
}
