"""Groups of files that are made durable together, and progress through them."""

from collections.abc import Callable, Iterable, Iterator

from drumsort.types import Operation

Progress = Callable[[int, int], None]
"""Called after each file with the number of files handled so far, and their total."""

GROUP_FILES = 1024
GROUP_BYTES = 256 * 2**20


def groups(indices: Iterable[int], operations: tuple[Operation, ...]) -> Iterator[list[int]]:
    """Split ``indices`` into groups that are made durable together."""
    group: list[int] = []
    size = 0
    for index in indices:
        group.append(index)
        size += operations[index].size
        if len(group) >= GROUP_FILES or size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def ticker(on_progress: Progress | None, total: int) -> Callable[[], None]:
    """A function that counts one more file and reports it to ``on_progress``."""
    count = 0

    def tick() -> None:
        nonlocal count
        count += 1
        if on_progress is not None:
            on_progress(count, total)

    return tick
