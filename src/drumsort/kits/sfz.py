"""An SFZ instrument: a text file that says which WAV each key plays.

It uses SFZ 1 (rgc:audio, 2004), which every SFZ player reads.
"""

from collections.abc import Iterable

from drumsort.kits.keys import CHOKED


def sfz(name: str, regions: Iterable[tuple[int, str, str]]) -> str:
    """The text of an instrument.

    Args:
        name: the name of the instrument.
        regions: for each, MIDI note, label, and the path of a WAV relative to the text file,
            with ``/``.
    """
    lines = [f"// {name}", "", "<group>", "loop_mode=one_shot", "ampeg_release=0.05"]
    for key, label, sample in regions:
        choke = ["group=1 off_by=1"] if label in CHOKED else []
        lines += ["", f"// {label}", "<region>", f"key={key}", *choke, f"sample={sample}"]
    return "\n".join(lines) + "\n"
