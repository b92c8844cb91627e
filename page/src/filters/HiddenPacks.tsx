import { hiddenPacks, hidePacks, unhidePacks } from "../state/hidden";
import { filter, filters } from "../state/view";

/** Hides the packs that are filtered by, and lists those that are hidden. */
export function HiddenPacks() {
  const { packs } = filters.value;
  const seen = packs.filter((pack) => pack && !hiddenPacks.value.includes(pack));
  return (
    <>
      {seen.length > 0 && (
        <button
          class="small"
          onClick={() => {
            filter({ packs: [] });
            void hidePacks(seen);
          }}
        >
          {seen.length === 1 ? "Hide this pack" : `Hide these ${seen.length} packs`}
        </button>
      )}
      {hiddenPacks.value.length > 0 && (
        <div role="group" aria-label="Hidden packs" class="hidden-packs">
          <h3>Hidden packs</h3>
          {hiddenPacks.value.map((pack) => (
            <p key={pack}>
              <span title={pack}>{pack}</span>
              <button
                class="small"
                aria-label={`Show the pack ${pack} again`}
                onClick={() => void unhidePacks([pack])}
              >
                Show
              </button>
            </p>
          ))}
        </div>
      )}
    </>
  );
}
