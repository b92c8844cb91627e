"""Every endpoint: what it takes, and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drumsort.web.protocol.by_ear import HeardBeat, HeardSound, SentSound
from drumsort.web.protocol.collections import (
    Collected,
    CollectionName,
    CollectionSounds,
    Export,
    KeptCollection,
    SavedQuery,
)
from drumsort.web.protocol.fields import (
    Changed,
    Done,
    Nothing,
    Params,
    Reply,
    Selected,
    Step,
    Stepped,
    Version,
)
from drumsort.web.protocol.files import ExportSounds, FileIds, FilePaths
from drumsort.web.protocol.jobs import Job, ScanFolders
from drumsort.web.protocol.keywords import (
    GiveKeyword,
    HiddenNow,
    Hide,
    Keyword,
    KeywordGiven,
    KeywordNames,
    KeywordSounds,
)
from drumsort.web.protocol.kits import KeepKit, KeptKit, Kit, MakeKit
from drumsort.web.protocol.searching import Answer, Ask, Language
from drumsort.web.protocol.settings import KeepSettings, Settings
from drumsort.web.protocol.slicing import (
    HearHits,
    Hits,
    KeepHits,
    Loop,
    Near,
    Place,
    SomeFrames,
)
from drumsort.web.protocol.sorting import ApplyPlan, Plan, PlanSort, Run, RunId
from drumsort.web.protocol.sounds import (
    Details,
    FolderPath,
    Nearest,
    PageHeader,
    Rows,
    Similar,
    Since,
    State,
    Tree,
    Waveforms,
)
from drumsort.web.protocol.teaching import (
    Correct,
    ForgetClass,
    LessonChanges,
    LessonInUse,
    TakenBack,
    TeachClass,
    Teaching,
    UseLesson,
    WhichLesson,
)


@dataclass(frozen=True)
class Endpoint:
    """What one method of one path takes and gives.

    Attributes:
        response: its type; ``bytes`` is anything but JSON, and described in ``docs/page.md``.
        params: what the query (``GET``) or the JSON body (``POST``) holds.
        header: of a response of bytes, the JSON at its beginning.
    """

    response: Any
    params: type[Params] = Nothing
    header: type[Reply] | None = None


ENDPOINTS: Mapping[str, Endpoint] = {
    "GET /api/state": Endpoint(State),
    "GET /api/sounds": Endpoint(bytes, Rows, PageHeader),
    "GET /api/places": Endpoint(bytes, header=PageHeader),
    "GET /api/changes": Endpoint(bytes, Since, PageHeader),
    "GET /api/sounds/{id}": Endpoint(Details),
    "GET /api/sounds/{id}/audio": Endpoint(bytes),
    "GET /api/sounds/{id}/spectrogram": Endpoint(bytes),
    "GET /api/sounds/{id}/similar": Endpoint(list[Similar], Nearest),
    "POST /api/similar": Endpoint(HeardSound, SentSound),
    "POST /api/beat": Endpoint(HeardBeat, SentSound),
    "GET /api/sounds/{id}/loop": Endpoint(Loop),
    "GET /api/sounds/{id}/loop/outline": Endpoint(bytes),
    "GET /api/sounds/{id}/loop/samples": Endpoint(bytes, SomeFrames),
    "GET /api/sounds/{id}/loop/snap": Endpoint(Place, Near),
    "POST /api/sounds/{id}/loop/hits": Endpoint(Hits, HearHits),
    "POST /api/sounds/{id}/loop/keep": Endpoint(Job, KeepHits),
    "GET /api/sounds/{id}/file": Endpoint(bytes),
    "GET /api/files": Endpoint(bytes, FileIds),
    "POST /api/paths": Endpoint(FilePaths, Selected),
    "POST /api/show": Endpoint(Done, Selected),
    "POST /api/export": Endpoint(Job, ExportSounds),
    "GET /api/find": Endpoint(Answer, Ask),
    "GET /api/language": Endpoint(Language),
    "GET /api/waveforms": Endpoint(bytes, Waveforms),
    "GET /api/tree": Endpoint(Tree, FolderPath),
    "POST /api/scan": Endpoint(Job, ScanFolders),
    "POST /api/stop": Endpoint(Job | None),
    "POST /api/correct": Endpoint(Changed, Correct),
    "POST /api/corrections/undo": Endpoint(TakenBack),
    "GET /api/teach": Endpoint(Teaching),
    "GET /api/teach/changes": Endpoint(LessonChanges, WhichLesson),
    "POST /api/teach/classes": Endpoint(Changed, TeachClass),
    "POST /api/kit": Endpoint(Kit, MakeKit),
    "POST /api/undo": Endpoint(Version, Step),
    "POST /api/redo": Endpoint(Version, Step),
    "POST /api/teach/forget": Endpoint(Stepped, ForgetClass),
    "POST /api/teach/try": Endpoint(Job),
    "POST /api/teach/use": Endpoint(LessonInUse, UseLesson),
    "POST /api/sort/plan": Endpoint(Plan, PlanSort),
    "POST /api/sort/apply": Endpoint(Job, ApplyPlan),
    "POST /api/sort/undo": Endpoint(Job, RunId),
    "POST /api/sort/resume": Endpoint(Job, RunId),
    "GET /api/sort/history": Endpoint(list[Run]),
    "POST /api/collections": Endpoint(KeptCollection, CollectionName),
    "POST /api/collections/save": Endpoint(KeptCollection, SavedQuery),
    "GET /api/collections/{id}": Endpoint(CollectionSounds),
    "POST /api/collections/{id}/add": Endpoint(Collected, Selected),
    "POST /api/collections/{id}/remove": Endpoint(Collected, Selected),
    "POST /api/collections/{id}/rename": Endpoint(KeptCollection, CollectionName),
    "POST /api/collections/{id}/delete": Endpoint(Stepped),
    "POST /api/collections/{id}/export": Endpoint(Job, Export),
    "POST /api/kits": Endpoint(KeptCollection, KeepKit),
    "GET /api/kits/{id}": Endpoint(KeptKit),
    "GET /api/keywords/sounds": Endpoint(KeywordSounds, KeywordNames),
    "POST /api/keywords/among": Endpoint(list[Keyword], Selected),
    "POST /api/keywords/add": Endpoint(KeywordGiven, GiveKeyword),
    "POST /api/keywords/remove": Endpoint(KeywordGiven, GiveKeyword),
    "POST /api/hidden/add": Endpoint(HiddenNow, Hide),
    "POST /api/hidden/remove": Endpoint(HiddenNow, Hide),
    "GET /api/settings": Endpoint(Settings),
    "POST /api/settings": Endpoint(Done, KeepSettings),
    "POST /api/quit": Endpoint(Done),
}
"""Method and path to what they take and give. ``{id}`` is a file's or a collection's number."""

EVENTS: Mapping[str, Any] = {"job": Job | None, "version": int, "said": int}
"""Event of ``GET /api/events`` to the type of its data: the present ones at once, then changes.

``said`` rises when what a person said changed: corrections, classes, lessons, collections,
keywords, what is hidden.
"""
