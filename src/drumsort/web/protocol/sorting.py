"""Sorts: planned, carried out, taken back."""

from drumsort.types import Action
from drumsort.web.protocol.fields import Ids, Params, Reply, Text
from drumsort.workflows.sort import DEFAULT_LAYOUT
from drumsort.workflows.undo import RunState


class PlanSort(Params):
    """A sort to plan.

    Attributes:
        into: the full path of the output folder.
        ids: of the files, or null for all.
        action: how files get there.
        layout: path below the output folder, with {family}, {label}, {pack} and {name}.
        policy: how sure a verdict must be to stand.
    """

    into: Text
    ids: Ids | None = None
    action: Text = "copy"
    layout: Text = DEFAULT_LAYOUT
    policy: Text = "balanced"


class PlannedFolder(Reply, frozen=True):
    """A folder of a plan.

    Attributes:
        path: below the output folder.
        count: how many files go there.
        examples: some of their names.
    """

    path: str
    count: int
    examples: list[str]


class Plan(Reply, frozen=True):
    """A sort that can be carried out as long as the sounds stay the same.

    Attributes:
        plan: names it; only the latest plan can be carried out.
        into: the output folder.
        count: how many files it puts in place.
        tree: the folders that they go to.
        notes: one sentence on each kind of file that is left out, and on folders that were scanned.
    """

    plan: str
    into: str
    count: int
    tree: list[PlannedFolder]
    notes: list[str]


class ApplyPlan(Params):
    """The plan to carry out.

    Attributes:
        plan: as in ``Plan``.
    """

    plan: Text


class RunId(Params):
    """The run to undo or to finish.

    Attributes:
        run: its id.
    """

    run: Text


class Run(Reply, frozen=True):
    """A past sort; of one whose record is damaged, only the id is known.

    Attributes:
        id: names it.
        action: how files got there.
        into: the output folder.
        made_at: ISO 8601.
        state: how far it got; running while any process is at work on it.
        count: how many files are in place.
        files: how many files it is about.
    """

    id: str
    action: Action | None
    into: str | None
    made_at: str | None
    state: RunState
    count: int
    files: int
