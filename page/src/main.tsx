import { render } from "preact";
import { App } from "./app/App";
import { listenToKeys } from "./app/keys";
import { expose } from "./app/numbers";
import { keepInStep } from "./app/sync";
import { followDrops } from "./record/asked";
import { listen } from "./state/events";
import { refreshHistory } from "./state/history";
import { load, refreshState } from "./state/library";
import { followSettings } from "./state/settings";

void followSettings().then(() => {
  render(<App />, document.getElementById("page")!);
  keepInStep();
  listenToKeys();
  followDrops();
  expose();
  void Promise.all([load(), refreshState()]).then(() => {
    listen();
    void refreshHistory();
  });
});
