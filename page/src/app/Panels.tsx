import type { ComponentChildren } from "preact";
import { panel, type Panel } from "../state/view";
import { exporting, ExportPanel } from "../panels/ExportPanel";
import { HelpPanel } from "../panels/HelpPanel";
import { HistoryPanel } from "../panels/HistoryPanel";
import { KeywordsPanel } from "../panels/KeywordsPanel";
import { ScanPanel } from "../panels/ScanPanel";
import { SortPanel } from "../panels/SortPanel";
import { SoundPanel } from "../panels/SoundPanel";
import { TeachPanel } from "../panels/TeachPanel";
import { FindPanel } from "../record/FindPanel";
import { Sidebar } from "../filters/Sidebar";
import { Dialog } from "../ui/Dialog";
import { MorePanel } from "./MorePanel";

const close = () => (panel.value = null);

interface PanelOf {
  title: string;
  wide?: boolean;
  text?: boolean;
  of: () => ComponentChildren;
}

const PANELS: Record<Panel, PanelOf> = {
  sort: { title: "Sort into folders", wide: true, of: () => <SortPanel /> },
  teach: { title: "Teach", wide: true, of: () => <TeachPanel /> },
  history: { title: "Past sorts", wide: true, of: () => <HistoryPanel /> },
  sound: { title: "Sound and keys", of: () => <SoundPanel /> },
  keywords: { title: "Keywords", of: () => <KeywordsPanel onDone={close} /> },
  help: { title: "Keys", text: true, of: () => <HelpPanel /> },
  filters: { title: "Filters", of: () => <Sidebar /> },
  more: { title: "More", of: () => <MorePanel /> },
  find: { title: "Find by a sound", of: () => <FindPanel onChosen={close} /> },
  scan: { title: "Listen to a folder", of: () => <ScanPanel onBegun={close} /> },
};

/** The dialogs over the page, one at a time. */
export function Panels() {
  const collection = exporting.value;
  if (collection) {
    return (
      <Dialog key="export" title="Export" onClose={() => (exporting.value = null)}>
        <ExportPanel collection={collection} />
      </Dialog>
    );
  }
  if (!panel.value) return null;
  const { of, ...looks } = PANELS[panel.value];
  return (
    <Dialog key={panel.value} {...looks} onClose={close}>
      {of()}
    </Dialog>
  );
}
