/** The server's events, and finding it again when it was away. */

import { signal } from "@preact/signals";
import { api } from "../api/client";
import type { Events } from "../api/types";
import { takeJob } from "./job";
import { follow, refreshState } from "./library";
import { refreshMembers, refreshSmart } from "./collections";
import { refreshHistory } from "./history";
import { gone, report } from "./notices";

const AGAIN_MS = 2000;
/** Rises when the server is there again: what could not be fetched meanwhile is fetched. */
export const returned = signal(0);
/** Rises when what a person said of sounds changed, or the server knows more. */
export const said = signal(0);
/** What the server counted last: what is said before a stream begins, or begins again, is missed. */
let counted: number | null = null;

export function listen(): void {
  const source = new EventSource("/api/events");
  const on = <E extends keyof Events>(name: E, take: (data: Events[E]) => void) =>
    source.addEventListener(name, (event) => take(JSON.parse(event.data) as Events[E]));
  on("job", takeJob);
  on("said", (now) => {
    if (counted === now) return;
    counted = now;
    said.value++;
    void refreshState().then(refreshMembers);
  });
  on("version", (version) => void follow(version).then(refreshSmart));
  source.onopen = () => {
    if (!gone.value) return;
    gone.value = "";
    void refreshState().then(refreshMembers);
    void refreshHistory();
    returned.value++;
  };
  source.onerror = () => {
    source.close();
    api.state().catch(report);
    setTimeout(listen, AGAIN_MS);
  };
}
