/** Sounds in the hand: dragged to a pad of the page, or out of it into another program. */

import { library, nameOf } from "../state/library";
import { tell } from "../state/notices";
import { rows, selection } from "../state/view";
import { desk } from "./desk";
import { badge } from "./badge";
import { offered } from "./offered";

/** How sounds that are dragged within the page are named. */
const SOUNDS = "application/x-drumsort-sounds";
/** As `MOST_FILES` of the server. */
export const MOST = 500;
/** A drop may reach the page a little later than the end of the drag. */
const LATE_MS = 3_000;

let inHand: readonly number[] = [];

/** What a drag of a sound takes: all that are selected, in the order of the list, if it is one. */
export function takenWith(id: number): number[] {
  const chosen = selection.value;
  if (!chosen.has(id) || chosen.size === 1) return [id];
  const { columns } = library.value;
  const listed = Array.from(rows.value, (row) => columns.id[row]).filter((one) => chosen.has(one));
  return listed.length === chosen.size ? listed : [...chosen];
}

/** Begin to drag sounds: for `onDragStart`. */
export function take(event: DragEvent, ids: readonly number[]): void {
  const { dataTransfer } = event;
  if (!dataTransfer || !ids.length) return event.preventDefault();
  inHand = ids;
  const window = desk.value;
  if (window) {
    event.preventDefault();
    const ended = () => {
      window.dragEnded.disconnect(ended);
      setTimeout(() => inHand === ids && (inHand = []), LATE_MS);
    };
    window.dragEnded.connect(ended);
    return window.drag(ids);
  }
  dataTransfer.effectAllowed = "copy";
  dataTransfer.setData(SOUNDS, ids.join());
  if (ids.length <= MOST)
    dataTransfer.setData("DownloadURL", offered(ids, nameOf, location.origin));
  if (ids.length > 1) dataTransfer.setDragImage(badge(ids.length), -8, -8);
  addEventListener("dragend", letGo, { once: true });
}

function letGo({ dataTransfer, clientX, clientY }: DragEvent): void {
  const many = inHand.length > MOST;
  inHand = [];
  const within = clientX >= 0 && clientY >= 0 && clientX < innerWidth && clientY < innerHeight;
  if (within || dataTransfer?.dropEffect !== "none") return;
  const instead = "“Show in the file manager” has the files, and so has “Export”";
  if (many) tell("error", `At most ${MOST} sounds can be dragged at once: ${instead}.`);
  else if (!givesFiles()) {
    tell(
      "error",
      `This browser gives no files to other programs: ${instead}; 'drumsort browse --window' drags them.`,
    );
  }
}

/** Whether the browser makes a file of what is dragged out: Chrome and its kin, not on Linux. */
function givesFiles(): boolean {
  const { userAgent } = navigator;
  return /Chrome\//.test(userAgent) && !/Linux|Android|CrOS/.test(userAgent);
}

/** Whether it is sounds of the page that are over a place; for `onDragOver`. */
export function holds({ dataTransfer }: DragEvent): boolean {
  const types = dataTransfer?.types ?? [];
  return types.includes(SOUNDS) || (inHand.length > 0 && types.includes("Files"));
}

/** The sounds that were dropped; for `onDrop`. */
export function dropped(event: DragEvent): readonly number[] {
  return holds(event) ? inHand : [];
}
