"""A bar over the epochs of many runs, and a line for each epoch."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from drumsort.cli import show

if TYPE_CHECKING:
    from drumsort.lab.checkpoint import Epoch


def shown_on(bar: show.Bar) -> Callable[[str, "Epoch"], None]:
    """What to call after each epoch, with the name of its run."""
    trained: dict[str, int] = {}

    def on_epoch(name: str, epoch: "Epoch") -> None:
        trained[name] = epoch.epoch
        bar.set(sum(trained.values()))
        none_held_out = math.isnan(epoch.val_balanced)
        held_out = "" if none_held_out else f"  val balanced {epoch.val_balanced:.1%}"
        show.err.print(
            f"{name}  epoch {epoch.epoch:3d}  loss {epoch.loss:.3f}{held_out}  "
            f"{epoch.seconds:.0f} s"
        )

    return on_epoch
