/** What the server tells by itself, and finding it again when it was away. */

import { api } from "../api/client";
import type { Job } from "../api/types";
import { takeJob } from "./job";
import { follow, load, loaded, refreshState, server } from "./library";
import { gone, report } from "./notices";

const AGAIN_MS = 2000;

export function listen(): void {
  const source = new EventSource("/api/events");
  source.addEventListener("job", (event) => takeJob(JSON.parse(event.data) as Job | null));
  source.addEventListener("version", (event) => void follow(Number(event.data)));
  source.onopen = () => {
    if (gone.value) void refreshState().then(() => takeJob(server.value?.job ?? null));
    if (gone.value && !loaded.value) void load();
    gone.value = "";
  };
  source.onerror = () => {
    source.close();
    api.state().catch(report);
    setTimeout(listen, AGAIN_MS);
  };
}
