import { DetailPane } from "../detail/DetailPane";
import { Chips } from "../filters/Chips";
import { LabelChips, Legend } from "../filters/Legend";
import { Sidebar } from "../filters/Sidebar";
import { KitRoom } from "../kit/KitRoom";
import { open } from "../kit/state";
import { ListView } from "../list/ListView";
import { MapView } from "../map/MapView";
import { running } from "../state/job";
import { library, loaded } from "../state/library";
import { unfinished } from "../state/history";
import { panel, sheet, view } from "../state/view";
import { SlicerRoom } from "../slicer/SlicerRoom";
import { slicing } from "../slicer/state";
import { exporting } from "../panels/ExportPanel";
import { Asleep } from "../ui/Asleep";
import { Icon } from "../ui/Icon";
import { Notices } from "../ui/Notices";
import { Busy, JobBar } from "./JobBar";
import { Panels } from "./Panels";
import { PhoneBar } from "./PhoneBar";
import { SelectionBar } from "./SelectionBar";
import { TopBar } from "./TopBar";
import { Welcome } from "./Welcome";

export function App() {
  const empty = loaded.value && !library.value.count && !running.value;
  return (
    <>
      {empty ? <Welcome /> : <Studio />}
      <Panels />
      {slicing.value !== null && <SlicerRoom />}
      {!panel.value && !exporting.value && slicing.value === null && <Notices />}
    </>
  );
}

const SKIPS = [
  ["the list", ".list"],
  ["the map", ".map"],
  ["the sound", ".detail-box"],
  ["the filters", ".side button"],
] as const;

function focusOn(target: string): void {
  if (target === ".list" && view.value === "map") view.value = "both";
  if (target === ".map" && view.value === "list") view.value = "both";
  requestAnimationFrame(() => document.querySelector<HTMLElement>(target)?.focus());
}

function Studio() {
  return (
    <div class={`studio view-${view.value}${open.value ? " with-kit" : ""}`}>
      <nav class="skips" aria-label="Skip to">
        {SKIPS.map(([name, target]) => (
          <button key={name} onClick={() => focusOn(target)}>
            Skip to {name}
          </button>
        ))}
      </nav>
      <TopBar />
      <div class="strips">
        <Busy />
        {!panel.value && <JobBar />}
        {unfinished.value.length > 0 && (
          <p class="strip">
            A sort was cut off before its end; nothing is lost.
            <button class="small" onClick={() => (panel.value = "history")}>
              Finish or undo it
            </button>
          </p>
        )}
      </div>
      <aside class="side" aria-label="What is shown">
        <Sidebar />
      </aside>
      <main class="middle">
        <section class="map-box" aria-label="Map">
          <MapView />
          <div class="map-legend">
            <Legend />
            <LabelChips />
          </div>
          <Asleep />
        </section>
        <section class="list-box" aria-label="List">
          <Chips />
          <ListView />
        </section>
        {open.value && (
          <div class="kit-box">
            <KitRoom />
          </div>
        )}
        <SelectionBar />
      </main>
      <aside class={sheet.value ? "detail-box up" : "detail-box"} aria-label="Sound" tabIndex={-1}>
        <button
          class="icon sheet-close"
          aria-label="Close the details"
          onClick={() => (sheet.value = false)}
        >
          <Icon name="close" />
        </button>
        <DetailPane />
      </aside>
      <PhoneBar />
    </div>
  );
}
