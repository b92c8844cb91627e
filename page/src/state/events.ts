/** The server's events, and finding it again when it was away. */

import { signal } from "@preact/signals";
import { api } from "../api/client";
import type { Events } from "../api/types";
import { takeJob } from "./job";
import { follow, load, loaded, refreshState, server } from "./library";
import { refreshMembers, refreshSmart } from "./collections";
import { refreshHistory } from "./history";
import { gone, report } from "./notices";

const AGAIN_MS = 2000;
/** Rises when the server is there again: what could not be fetched meanwhile is fetched. */
export const returned = signal(0);
/** Rises when what a person said of sounds changed, or the server knows more. */
export const said = signal(0);

export function listen(): void {
  const source = new EventSource("/api/events");
  const on = <E extends keyof Events>(name: E, take: (data: Events[E]) => void) =>
    source.addEventListener(name, (event) => take(JSON.parse(event.data) as Events[E]));
  on("job", takeJob);
  let first = true;
  on("said", () => {
    if (!first) {
      void refreshState().then(refreshMembers);
      said.value++;
    }
    first = false;
  });
  on("version", (version) => void follow(version).then(refreshSmart));
  source.onopen = () => {
    if (!gone.value) return;
    gone.value = "";
    void refreshState().then(() => takeJob(server.value?.job ?? null));
    if (!loaded.value) void load();
    void refreshMembers();
    void refreshHistory();
    returned.value++;
  };
  source.onerror = () => {
    source.close();
    api.state().catch(report);
    setTimeout(listen, AGAIN_MS);
  };
}
