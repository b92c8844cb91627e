import { useSignal } from "@preact/signals";
import { api } from "../api/client";
import type { Job, Plan } from "../api/types";
import { count } from "../sounds/words";
import { history } from "../state/history";
import { run, running } from "../state/job";
import { library, server } from "../state/library";
import { attempt } from "../state/notices";
import { keep, toSort } from "../state/folders";
import { rows, selection } from "../state/view";
import { FolderChooser } from "../ui/FolderChooser";
import { Choice } from "../ui/Choice";
import { useThere } from "../ui/there";
import { JobBar } from "../app/JobBar";
import { PlanTree } from "./PlanTree";

const ACTIONS = { copy: "Copy", move: "Move", link: "Hard link" } as const;
type SortAction = keyof typeof ACTIONS;
const LAYOUTS = {
  "{family}/{name}": "Family",
  "{family}/{label}/{name}": "Family / label",
  "{pack}/{family}/{name}": "Pack / family",
  "{family}/{pack}/{name}": "Family / pack",
} as const;
const POLICIES = { careful: "Careful", balanced: "Balanced", everything: "Everything" } as const;
const HOW = {
  copy: "the originals stay",
  move: "the originals go there",
  link: "takes no space: one file with two names, on one disk",
} as const;
const SURE = {
  careful: "fewer mistakes, more in _unsure",
  balanced: "as the page shows it",
  everything: "the best guess, nothing in _unsure",
} as const;

export function SortPanel() {
  const into = useSignal(toSort(server.value?.folders ?? [], history.value));
  const action = useSignal<SortAction>("copy");
  const layout = useSignal<string>("{family}/{name}");
  const policy = useSignal<string>(server.value?.policy ?? "balanced");
  const which = useSignal<"all" | "shown" | "selected">(selection.value.size ? "selected" : "all");
  const plan = useSignal<Plan | null>(null);
  const done = useSignal<Job | null>(null);
  const there = useThere();

  const ids = () => {
    if (which.value === "all") return null;
    if (which.value === "selected") return [...selection.value];
    const { id } = library.value.columns;
    return Array.from(rows.value, (row) => id[row]);
  };
  const make = async () => {
    done.value = null;
    const sort = { ids: ids(), into: into.value, action: action.value };
    const made = await attempt(() =>
      api.plan({ ...sort, layout: layout.value, policy: policy.value }),
    );
    plan.value = made ?? null;
    if (made) keep("sort", made.into);
  };
  const apply = async (made: Plan) => {
    done.value =
      (await run(
        () => api.applyPlan(made.plan),
        () => there.current,
      )) ?? null;
    if (done.value) plan.value = null;
  };
  const runs = running.value;

  if (plan.value) {
    const made = plan.value;
    return (
      <>
        <PlanTree plan={made} />
        {runs && <JobBar />}
        <footer>
          <button disabled={runs} onClick={() => (plan.value = null)}>
            Back
          </button>
          <button class="primary" disabled={runs || !made.count} onClick={() => void apply(made)}>
            {ACTIONS[action.value]} {count(made.count, "file")}
          </button>
        </footer>
      </>
    );
  }
  return (
    <>
      {done.value && (
        <p class={`outcome ${done.value.state}`}>
          {done.value.sentence}
          {done.value.state === "done" && " To undo this, open History."}
        </p>
      )}
      {done.value && done.value.failures.length > 0 && (
        <details>
          <summary>{done.value.failures.length} with something wrong</summary>
          <ul>
            {done.value.failures.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      )}
      <Choice
        label="Which sounds"
        value={which.value}
        options={{
          all: `All ${library.value.count.toLocaleString("en")}`,
          shown: `Shown ${rows.value.length.toLocaleString("en")}`,
          ...(selection.value.size
            ? { selected: `Selected ${selection.value.size.toLocaleString("en")}` }
            : {}),
        }}
        onChange={(value) => (which.value = value as "all")}
      />
      <FolderChooser
        fresh
        label="Into"
        value={into.value}
        onChange={(path) => (into.value = path)}
      />
      <Choice
        label="How"
        value={action.value}
        options={ACTIONS}
        hints={HOW}
        onChange={(value) => (action.value = value as SortAction)}
      />
      <Choice
        label="Folders"
        value={layout.value}
        options={LAYOUTS}
        onChange={(value) => (layout.value = value)}
      />
      <Choice
        label="How sure it must be"
        value={policy.value}
        options={POLICIES}
        hints={SURE}
        onChange={(value) => (policy.value = value)}
      />
      <p class="quiet">
        Nothing is written until you have seen the plan, and everything can be undone.
      </p>
      {runs && <JobBar />}
      <footer>
        <button class="primary" disabled={!into.value} onClick={() => void make()}>
          Show the plan
        </button>
      </footer>
    </>
  );
}
