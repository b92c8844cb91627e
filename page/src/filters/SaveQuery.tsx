import { useSignal } from "@preact/signals";
import { api } from "../api/client";
import { collections, editing, save } from "../state/collections";
import { attempt, tell } from "../state/notices";
import { useEscape } from "../state/opened";
import { problem } from "../state/search";
import { filter, filters } from "../state/view";
import { ALL } from "../sounds/filter";
import { NameField } from "../ui/NameField";

/** Saves the search and the filters as a smart collection, which is shown then. */
export function SaveQuery() {
  const naming = useSignal(false);
  useEscape(naming.value, () => (naming.value = false));
  if (problem.value) return null;
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const name = String(form.get("name") ?? "").trim();
    if (!name) return;
    const [{ asQuery }, language] = await Promise.all([
      import("../search/asQuery"),
      attempt(api.language),
    ]);
    if (!language) return;
    const fields = language.fields.map(({ name }) => name);
    const query = asQuery(filters.value, collections.value, fields);
    if (query === null)
      return tell("error", "No query says what these filters say together: use fewer of them.");
    const number = await save(name, query);
    if (number === null) return;
    naming.value = false;
    editing.value = "";
    filter({ ...ALL, collection: number });
  };
  if (!naming.value)
    return (
      <button class="small" onClick={() => (naming.value = true)}>
        Save as collection
      </button>
    );
  return (
    <form onSubmit={(event) => void submit(event)}>
      <NameField
        label="Name of the smart collection"
        value={editing.value || filters.value.search.trim()}
      />
      <button class="small">Save</button>
      <button type="button" class="small" onClick={() => (naming.value = false)}>
        Cancel
      </button>
    </form>
  );
}
