import { open } from "../kit/state";
import { nextTheme, theme } from "../state/theme";
import { panel } from "../state/view";
import { Icon } from "../ui/Icon";
import { THEMES, TOOLS } from "./TopBar";

/** On a phone: the tools that are in the top bar elsewhere. */
export function MorePanel() {
  return (
    <div class="more">
      <button
        class="line"
        aria-pressed={open.value}
        onClick={() => {
          open.value = !open.value;
          panel.value = null;
        }}
      >
        <Icon name="kit" />
        <span>Kit</span>
      </button>
      <button class="line" onClick={() => (panel.value = "find")}>
        <Icon name="microphone" />
        <span>Find by a sound</span>
      </button>
      {TOOLS.map((tool) => (
        <button key={tool.panel} class="line" onClick={() => (panel.value = tool.panel)}>
          <Icon name={tool.icon} />
          <span>{tool.title}</span>
        </button>
      ))}
      <button class="line" onClick={() => (panel.value = "sound")}>
        <Icon name="sound" />
        <span>Sound and keys</span>
      </button>
      <button class="line" onClick={() => (panel.value = "help")}>
        <Icon name="help" />
        <span>Keys and help</span>
      </button>
      <button class="line" onClick={nextTheme}>
        <Icon name={THEMES[theme.value]} />
        <span>Theme: {theme.value === "auto" ? "as the system has it" : theme.value}</span>
      </button>
    </div>
  );
}
