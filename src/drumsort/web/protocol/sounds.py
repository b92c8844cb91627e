"""The state of things, and the sounds."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from drumsort.web.protocol.collections import Collection
from drumsort.web.protocol.fields import Id, Params, Reply
from drumsort.web.protocol.jobs import Job
from drumsort.web.protocol.keywords import HiddenPacks, Keyword
from drumsort.web.protocol.teaching import Lesson

MOST_ROWS = 100_000
MOST_WAVEFORMS = 200


class Family(Reply, frozen=True):
    """A family of labels.

    Attributes:
        name: of the family.
        labels: the labels in it.
        own: true for a class of the user's own; left out for the others.
    """

    name: str
    labels: tuple[str, ...]
    own: bool | UnsetType = UNSET


class State(Reply, frozen=True):
    """The state of the server.

    Attributes:
        catalog: the path of the catalog.
        version: of the sounds; rises with every change, over restarts of the server as well.
        count: how many sounds there are.
        model: the name of the model.
        policy: the policy of the verdicts that the page shows.
        folders: the folders that were scanned.
        families: in the order in which they are shown everywhere; the user's own classes, "other"
            and "unsure" come last.
        job: the job that runs or ran last, or null where there was none yet.
        corrections: how many sounds have a correction.
        lesson: the lesson in use, or null.
        collections: all of them, favourites first.
        keywords: all of them, in the order of their names.
        hidden: what a person hid.
    """

    catalog: str
    version: int
    count: int
    model: str
    policy: str
    folders: list[str]
    families: list[Family]
    job: Job | None
    corrections: int
    lesson: Lesson | None
    collections: list[Collection]
    keywords: list[Keyword]
    hidden: HiddenPacks


class Rows(Params):
    """Which rows of all sounds.

    Attributes:
        offset: the first row.
        limit: how many rows at most.
    """

    offset: Annotated[int, Meta(ge=0, le=0xFFFFFFFF)] = 0
    limit: Annotated[int, Meta(ge=1, le=MOST_ROWS)] = 20_000


class Since(Params):
    """Since when.

    Attributes:
        since: the version that the page has.
    """

    since: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0


class Column(Reply, frozen=True):
    """Where a column lies in a page of sounds.

    Attributes:
        name: of the column.
        type: the dtype of its values.
        start: byte offset from the end of the header.
        length: in bytes, without padding.
    """

    name: str
    type: str
    start: int
    length: int


class PageHeader(Reply, frozen=True):
    """The header of a page of sounds.

    Attributes:
        version: of the sounds.
        total: how many sounds there are.
        offset: the row of the first sound in this page.
        count: how many sounds are in this page.
        families: the strings that the family codes index; `labels`, `packs` and `folders` likewise.
        columns: where each column lies.
        whole: only of changes: whether these are all sounds, in place of those that the page has.
    """

    version: int
    total: int
    offset: int
    count: int
    families: list[str]
    labels: list[str]
    packs: list[str]
    folders: list[str]
    columns: list[Column]
    whole: bool | UnsetType = UNSET


class Details(Reply, frozen=True):
    """What is known of one sound.

    All that was measured is left out where the file was never heard.

    Attributes:
        id: of the file.
        name: the file's name.
        path: the file's path.
        pack: the pack that it belongs to.
        size: in bytes.
        missing: whether it was gone at the last scan.
        correction: the label that a person gave it, or null.
        collections: the numbers of the collections that it is in.
        keywords: that a person gave it.
        hidden: whether a person hid it, or its pack.
        duration: in seconds.
        rate: in Hz.
        channels: how many.
        format: what libsndfile calls it.
        loudness_db: of the loudest 400 ms by BS.1770, in LUFS.
        true_peak_db: between samples, too, in dBTP.
        onset_s: in seconds from the beginning.
        attack_s: from the onset until it is at its loudest, in seconds.
        decay_s: from then on until it is 20 dB softer, in seconds.
        pitch_confidence: how much of the sound the pitch is, 0 to 1.
        note: the note nearest to its pitch, such as A1.
        family: the family of the final verdict.
        label: the label of the final verdict.
        guess: the best label, sure or not.
        confidence: 0 to 1.
        scores: label to probability.
        reason: why the verdict is what it is, or why the file cannot be heard.
        heard: the best family by the sound alone, and its siblings.
        heard_confidence: of that, 0 to 1.
        named: the family that its name says, or empty.
    """

    id: int
    name: str
    path: str
    pack: str
    size: int
    missing: bool
    correction: str | None
    collections: list[int]
    keywords: list[str]
    hidden: bool
    duration: float | UnsetType = UNSET
    rate: int | UnsetType = UNSET
    channels: int | UnsetType = UNSET
    format: str | UnsetType = UNSET
    loudness_db: float | UnsetType | None = UNSET
    peak_db: float | UnsetType | None = UNSET
    true_peak_db: float | UnsetType | None = UNSET
    onset_s: float | UnsetType | None = UNSET
    attack_s: float | UnsetType | None = UNSET
    decay_s: float | UnsetType | None = UNSET
    brightness_hz: float | UnsetType | None = UNSET
    pitch_hz: float | UnsetType | None = UNSET
    pitch_confidence: float | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    family: str | UnsetType = UNSET
    label: str | UnsetType = UNSET
    guess: str | UnsetType = UNSET
    confidence: float | UnsetType = UNSET
    scores: dict[str, float] | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    heard: str | UnsetType = UNSET
    heard_confidence: float | UnsetType = UNSET
    named: str | UnsetType = UNSET


class Nearest(Params):
    """Which similar sounds.

    Attributes:
        n: how many at most.
        family: only sounds of this family; empty for all.
        by: the aspects that count, as ``drumsort similar --by`` takes them; empty for the whole.
    """

    n: Annotated[int, Meta(ge=1, le=500)] = 20
    family: str = ""
    by: Annotated[str, Meta(max_length=200)] = ""


class Similar(Reply, frozen=True):
    """A sound that is like another.

    Attributes:
        id: of its file.
        similarity: cosine of the embeddings; by aspects, 0.5 is as far apart as two drums typically
            are. 1 is the same.
    """

    id: int
    similarity: float


class Waveforms(Params):
    """Which waveforms.

    Attributes:
        ids: of the files, with commas between them in the query.
        points: how many pairs of values for each.
    """

    ids: Annotated[list[Id], Meta(max_length=MOST_WAVEFORMS)]
    points: Annotated[int, Meta(ge=1, le=2000)] = 64


class FolderPath(Params):
    """Which folder.

    Attributes:
        path: its full path, where ~ is the home folder; empty for the home folder.
    """

    path: str = ""


class Tree(Reply, frozen=True):
    """The folders in a folder.

    Attributes:
        path: of the folder.
        parent: the folder that holds it, or null at the top.
        folders: the names of those in it that are not hidden.
    """

    path: str
    parent: str | None
    folders: list[str]
