import { player } from "../audio/player";
import { take, takenWith } from "../out/drag";
import { spoken } from "../sounds/families";
import { hertz, note, percent, seconds } from "../sounds/words";
import { favourites, toggleFavourites } from "../state/collections";
import { choose, hear, point } from "../state/commands";
import { library } from "../state/library";
import { current, heard, selection } from "../state/view";
import { colourOf, FamilyDot } from "../ui/FamilyDot";
import { Icon } from "../ui/Icon";
import { Wave } from "../ui/Wave";
import { deeper } from "./columns";
import { outline } from "./waveforms";

export const ROW_PX = 36;

let [lastX, lastY] = [-1, -1];

function moved({ screenX, screenY }: PointerEvent): boolean {
  const really = screenX !== lastX || screenY !== lastY;
  [lastX, lastY] = [screenX, screenY];
  return really;
}

const pointedAt = (id: number) => (heard.value ?? current.value) === id;

interface Props {
  row: number;
  nth: number;
  onPick: (event: MouseEvent, id: number, nth: number) => void;
}

export function Row({ row, nth, onPick }: Props) {
  const { columns, names, labels, families, packs, folders } = library.value;
  const id = columns.id[row];
  const family = families[columns.family[row]];
  const pack = packs[columns.pack[row]];
  const folder = folders[columns.folder[row]];
  const path = `${folder}/${names.at(row)}`;
  const chosen = selection.value.has(id) || (!selection.value.size && current.value === id);
  const liked = favourites.value.has(id);
  const states = [
    "row",
    current.value === id && "current",
    selection.value.has(id) && "chosen",
    player.playing.value?.id === id && "playing",
  ];
  return (
    <div
      id={`row-${id}`}
      role="row"
      aria-rowindex={nth + 2}
      aria-selected={chosen}
      class={states.filter(Boolean).join(" ")}
      style={{ transform: `translateY(${nth * ROW_PX}px)` }}
      onClick={(event) => onPick(event, id, nth)}
      draggable
      onDragStart={(event) => take(event, takenWith(id))}
      onPointerEnter={() => player.preload([id])}
      onPointerMove={(event) => {
        // A list that scrolls under a resting pointer plays nothing.
        if (event.pointerType === "mouse" && moved(event) && !pointedAt(id))
          point(id, event.timeStamp, { list: true });
      }}
    >
      <span role="gridcell" class="cell-play">
        <button
          class="icon"
          tabIndex={-1}
          aria-label={`Play ${names.at(row)}`}
          onClick={(event) => {
            event.stopPropagation();
            if (!selection.value.has(id)) choose(id, { list: true });
            hear(id, { since: event.timeStamp, list: true });
          }}
        >
          <Icon name="play" filled />
        </button>
        <Wave outline={outline(id)} colour={colourOf(family)} width={84} height={24} />
      </span>
      <span role="gridcell" class="cell-name" title={path}>
        {names.at(row)}
      </span>
      <span role="gridcell" class="cell-label">
        <FamilyDot name={family} />
        {spoken(labels[columns.label[row]])}
        {columns.corrected[row] === 1 && <b title="You said so">✓</b>}
      </span>
      <span role="gridcell" class="cell-confidence number">
        {percent(columns.confidence[row])}
      </span>
      <span role="gridcell" class="cell-pitch number">
        {note(columns.pitch[row])}
      </span>
      <span role="gridcell" class="cell-duration number">
        {seconds(columns.duration[row])}
      </span>
      <span role="gridcell" class="cell-brightness number">
        {hertz(columns.brightness[row])}
      </span>
      <span role="gridcell" class="cell-pack" title={pack}>
        {pack}
      </span>
      <span role="gridcell" class="cell-path" title={path}>
        <bdi>{deeper(folder, pack)}</bdi>
      </span>
      <span role="gridcell" class="cell-like">
        <button
          class={liked ? "icon liked" : "icon"}
          tabIndex={-1}
          aria-label={`Favourite ${names.at(row)}`}
          aria-pressed={liked}
          onClick={(event) => {
            event.stopPropagation();
            void toggleFavourites([id]);
          }}
        >
          <Icon name="heart" filled={liked} />
        </button>
      </span>
    </div>
  );
}
