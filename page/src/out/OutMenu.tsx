import { exporting } from "../panels/ExportPanel";
import { count } from "../sounds/words";
import { Icon } from "../ui/Icon";
import { copyPaths, showFiles } from "./files";

/** What can be done with the files of the selected sounds. */
export function OutMenu({ ids, onDone }: { ids: number[]; onDone: () => void }) {
  const doing = (what: () => void) => () => {
    what();
    onDone();
  };
  return (
    <div class="labels out-menu" role="group" aria-label="Files">
      <button onClick={doing(() => void copyPaths(ids))}>
        <Icon name="copy" />
        <span>{ids.length === 1 ? "Copy the path" : `Copy ${count(ids.length, "path")}`}</span>
      </button>
      <button onClick={doing(() => void showFiles(ids))}>
        <Icon name="folder" />
        <span>Show in the file manager</span>
      </button>
      <button onClick={doing(() => (exporting.value = { ids, name: "Selection" }))}>
        <Icon name="save" />
        <span>Export…</span>
      </button>
    </div>
  );
}
