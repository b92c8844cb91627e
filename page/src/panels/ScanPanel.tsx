import { useSignal } from "@preact/signals";
import { api } from "../api/client";
import { run } from "../state/job";
import { attempt } from "../state/notices";
import { keep, toScan } from "../state/folders";
import { FolderChooser } from "../ui/FolderChooser";
import { library, server } from "../state/library";

/** Scans a folder, or again those that were scanned before. */
export function ScanPanel({ onBegun }: { onBegun?: () => void }) {
  const path = useSignal("");
  const known = server.value?.folders ?? [];
  const begin = (folders?: string[]) => {
    if (folders) keep("scan", folders[0]);
    void run(() => api.scan(folders));
    onBegun?.();
  };
  const listen = async () => {
    const found = await attempt(() => api.tree(path.value));
    if (found) begin([found.path]);
  };
  return (
    <>
      <FolderChooser
        label="Folder"
        start={toScan(known)}
        value={path.value}
        onChange={(value) => (path.value = value)}
      />
      <footer>
        {known.length > 0 && library.value.count > 0 && (
          <button onClick={() => begin()}>Scan again: {known.join(", ")}</button>
        )}
        <button class="primary" disabled={!path.value} onClick={() => void listen()}>
          Listen to this folder
        </button>
      </footer>
    </>
  );
}
