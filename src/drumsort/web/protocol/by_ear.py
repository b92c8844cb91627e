"""A search by a sound that is not in the library, and a kit from a beat of the mouth."""

from typing import Annotated

from msgspec import Meta

from drumsort.web.protocol.fields import Params, Reply
from drumsort.web.protocol.sounds import Similar

MOST_BYTES = 16 * 2**20
"""Of a sound that is sent."""

MOST_BASE64 = MOST_BYTES // 3 * 4 + 4


class SentSound(Params):
    """A sound from outside; nothing is kept of it.

    Attributes:
        content: the bytes of a sound file, in base64.
        name: of the file, for messages.
        n: how many sounds to find at most, in a beat for each kind of drum.
        by: the aspects that count, as in ``Nearest``; a beat has its own.
        recorded: whether it comes from a microphone: then its loudest hit counts.
    """

    content: Annotated[str, Meta(max_length=MOST_BASE64)]
    name: Annotated[str, Meta(max_length=500)] = "the sound"
    n: Annotated[int, Meta(ge=1, le=500)] = 20
    by: Annotated[str, Meta(max_length=200)] = ""
    recorded: bool = False


class HeardSound(Reply, frozen=True):
    """What a sound from outside is, and what is like it.

    Attributes:
        family: of the verdict, by the quick network.
        label: of the verdict.
        confidence: 0 to 1.
        similar: the nearest first.
    """

    family: str
    label: str
    confidence: float
    similar: list[Similar]


class BeatHit(Reply, frozen=True):
    """One hit of a beat.

    Attributes:
        kind: kick, snare, closed_hat or open_hat.
        start: in seconds.
        soft: whether it is much softer than the loudest of its kind.
        step: the sixteenth that it is nearest to, or null where the hits keep to no tempo.
    """

    kind: str
    start: float
    soft: bool
    step: int | None


class KindSounds(Reply, frozen=True):
    """The drums for one kind of hit.

    Attributes:
        kind: as in ``BeatHit``.
        ids: of files, the nearest first; none where the library has no such drum.
    """

    kind: str
    ids: list[int]


class HeardBeat(Reply, frozen=True):
    """A beat that somebody made with the mouth.

    Attributes:
        hits: in the order of time.
        sounds: for each kind that occurs.
        tempo: in beats a minute, or null where the hits keep to none.
    """

    hits: list[BeatHit]
    sounds: list[KindSounds]
    tempo: float | None
