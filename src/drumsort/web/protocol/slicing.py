"""A loop or a recording that is taken apart by hand. All places in it are frames of the file."""

from typing import Annotated, Literal

from msgspec import Meta

from drumsort.web.protocol.fields import Params, Reply, Text
from drumsort.workflows.sort import DEFAULT_LAYOUT

MOST_FRAMES = 2**18
MOST_CUTS = 20_000
MOST_HITS = 64

Frame = Annotated[int, Meta(ge=0, le=2**40)]
Cuts = Annotated[list[Frame], Meta(max_length=MOST_CUTS)]
Numbers = Annotated[list[Annotated[int, Meta(ge=1, le=MOST_CUTS)]], Meta(max_length=MOST_CUTS)]


class Loop(Reply, frozen=True):
    """A loop or a recording, and the hits that are found in it.

    Attributes:
        name: of the file.
        rate: frames per second, in Hz.
        channels: how many.
        length: in frames.
        peak: the highest absolute sample, 1 at full scale.
        cuts: where the hits begin, rising.
        remark: what a listener should know of the file, or empty.
    """

    name: str
    rate: int
    channels: int
    length: int
    peak: float
    cuts: list[int]
    remark: str


class SomeFrames(Params):
    """Which part of a sound.

    Attributes:
        start: its first frame.
        count: how many frames at most.
    """

    start: Frame
    count: Annotated[int, Meta(ge=1, le=MOST_FRAMES)]


class Near(Params):
    """Where a cut is to go.

    Attributes:
        at: where it is.
        to: the nearest zero crossing, or where the sound rises most near by.
    """

    at: Frame
    to: Literal["zero", "onset"]


class Place(Reply, frozen=True):
    """A place in a sound.

    Attributes:
        at: the frame.
    """

    at: int


class HearHits(Params):
    """Some hits to hear.

    Attributes:
        cuts: where all hits begin, rising.
        first: the number of the first one to hear; 1 is that of the first cut.
        count: how many to hear.
    """

    cuts: Cuts
    first: Annotated[int, Meta(ge=1, le=MOST_CUTS)]
    count: Annotated[int, Meta(ge=1, le=MOST_HITS)]


class CutHit(Reply, frozen=True):
    """What was heard in one hit.

    Attributes:
        number: of its cut.
        length: in frames, up to the next cut or to silence.
        family: by the verdict.
        label: by the verdict.
        guess: the best label, sure or not.
        confidence: 0 to 1.
    """

    number: int
    length: int
    family: str
    label: str
    guess: str
    confidence: float


class Hits(Reply, frozen=True):
    """What was heard.

    Attributes:
        hits: those asked for; a cut that only silence follows has none.
    """

    hits: list[CutHit]


class KeepHits(Params):
    """Hits to write as files.

    Attributes:
        cuts: where all hits begin, rising.
        keep: the numbers of the hits to keep.
        into: the full path of the output folder.
        layout: path of a slice below it, as for a sort.
    """

    cuts: Cuts
    keep: Numbers
    into: Text
    layout: Text = DEFAULT_LAYOUT
