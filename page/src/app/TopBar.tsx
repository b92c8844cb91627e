import { open } from "../kit/state";
import { SearchBox } from "../search/SearchBox";
import { count } from "../sounds/words";
import { hiddenCount } from "../state/hidden";
import { library, loaded, total } from "../state/library";
import { nextTheme, theme } from "../state/theme";
import { filters, panel, rows, view, type Panel } from "../state/view";
import { VIEWS } from "../state/hash";
import { Icon, type IconName } from "../ui/Icon";

const NAMES = { both: "Both", map: "Map", list: "List" } as const;
export const THEMES = { auto: "auto", dark: "moon", light: "sun" } as const;
export const TOOLS: readonly { panel: Panel; icon: IconName; title: string }[] = [
  { panel: "scan", icon: "folder", title: "Folders" },
  { panel: "teach", icon: "teach", title: "Teach" },
  { panel: "sort", icon: "sort", title: "Sort" },
  { panel: "history", icon: "history", title: "History" },
];

export function TopBar() {
  const all = library.value.count - (filters.value.hidden ? 0 : hiddenCount.value);
  const shown = rows.value.length;
  return (
    <header class="top">
      <h1>
        <span class="mark" aria-hidden="true" />
        drumsort
      </h1>
      <SearchBox />
      <button
        class="icon find-by"
        aria-label="Find by a sound"
        title="Find by a sound: drop a file, or record one"
        onClick={() => (panel.value = "find")}
      >
        <Icon name="microphone" />
      </button>
      <p class="shown" role="status">
        {!loaded.value && total.value > all
          ? `The first ${all.toLocaleString("en")} of ${count(total.value, "sound")}`
          : shown === all
            ? count(all, "sound")
            : `${shown.toLocaleString("en")} of ${count(all, "sound")}`}
      </p>
      <div class="views" role="group" aria-label="View">
        {VIEWS.map((name) => (
          <button key={name} aria-pressed={view.value === name} onClick={() => (view.value = name)}>
            {NAMES[name]}
          </button>
        ))}
      </div>
      <nav aria-label="Tools">
        <button
          class="tool"
          title="Kit"
          aria-pressed={open.value}
          onClick={() => (open.value = !open.value)}
        >
          <Icon name="kit" />
          <span>Kit</span>
        </button>
        {TOOLS.map((tool) => (
          <button
            key={tool.panel}
            class="tool"
            title={tool.title}
            onClick={() => (panel.value = tool.panel)}
          >
            <Icon name={tool.icon} />
            <span>{tool.title}</span>
          </button>
        ))}
        <button
          class="icon"
          aria-label="Sound and keys"
          title="Sound and keys"
          onClick={() => (panel.value = "sound")}
        >
          <Icon name="sound" />
        </button>
        <ThemeButton />
        <button class="icon" aria-label="Keys and help" onClick={() => (panel.value = "help")}>
          <Icon name="help" />
        </button>
      </nav>
    </header>
  );
}

export function ThemeButton() {
  const name = theme.value === "auto" ? "as the system has it" : theme.value;
  return (
    <button class="icon" aria-label={`Theme: ${name}`} title={`Theme: ${name}`} onClick={nextTheme}>
      <Icon name={THEMES[theme.value]} />
    </button>
  );
}
