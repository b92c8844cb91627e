import { choose } from "../state/commands";
import { undo } from "../state/steps";
import { close, gone, hold, notices, release } from "../state/notices";
import { Icon } from "./Icon";

/** What was done or went wrong; a screen reader reads it out. */
export function Notices() {
  return (
    <div class="notices">
      <div role="alert">{gone.value && <p class="banner">{gone.value}</p>}</div>
      <div aria-live="polite" class="toasts">
        {notices.value.map((notice) => (
          <div
            key={notice.key}
            class={`toast ${notice.kind}`}
            onPointerEnter={() => hold(notice.key)}
            onPointerLeave={() => release(notice.key)}
            onFocusIn={() => hold(notice.key)}
            onFocusOut={() => release(notice.key)}
          >
            <div>
              <p>{notice.sentence}</p>
              {(notice.undo || notice.about !== undefined) && (
                <p class="toast-tools">
                  {notice.undo && (
                    <button class="link" onClick={() => void undo()}>
                      Undo
                    </button>
                  )}
                  {notice.about !== undefined && (
                    <button class="link" onClick={() => choose(notice.about!, { list: true })}>
                      Show it
                    </button>
                  )}
                </p>
              )}
              {notice.more.length > 0 && (
                <details>
                  <summary>{notice.more.length} with something wrong</summary>
                  <ul>
                    {notice.more.map((line) => (
                      <li key={line}>{line}</li>
                    ))}
                  </ul>
                </details>
              )}
            </div>
            <button class="icon" aria-label="Close this message" onClick={() => close(notice.key)}>
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}
