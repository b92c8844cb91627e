import { clock, count } from "../sounds/words";
import { job, pace, stop } from "../state/job";
import { gone } from "../state/notices";
import { busy } from "../state/turns";
import { Icon } from "../ui/Icon";

/** A change that takes longer than a moment. */
export function Busy() {
  if (!busy.value || gone.value) return null;
  return (
    <div class="job" role="status">
      <div class="job-words">
        <strong>{busy.value}</strong>
      </div>
      <progress aria-label={busy.value} />
    </div>
  );
}

/** The running job: its progress, speed and remaining time, and a button to stop it. */
export function JobBar() {
  const now = job.value;
  if (now?.state !== "running" || gone.value) return null;
  const rate = pace.rate();
  const left = pace.left(now.total);
  const done = now.done.toLocaleString("en");
  const words = [
    now.total === null
      ? count(now.done, now.unit, now.unit)
      : `${done} of ${now.total.toLocaleString("en")} ${now.unit}`,
    rate !== null && `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a second`,
    left !== null && `${clock(left)} left`,
  ];
  return (
    <div class="job">
      <div class="job-words">
        <strong>{now.what}</strong>
        <span>{words.filter(Boolean).join(" · ")}</span>
      </div>
      <progress
        aria-label={now.what}
        value={now.total === null ? undefined : now.done}
        max={now.total ?? 1}
      />
      <button class="small" onClick={() => void stop()}>
        <Icon name="stop" filled /> Stop
      </button>
    </div>
  );
}
