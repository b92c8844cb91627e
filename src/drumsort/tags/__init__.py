"""The bytes of a sound file -> the same with other tags; its sound and all else are kept.

mutagen writes ID3 tags and Vorbis comments; ``chunks`` puts them into WAV and AIFF. ``owned``
decides, once for all formats, what is drumsort's to write. Files are never written here.
"""

from drumsort.tags.edit import LARGEST, demand_mutagen, edited, sound_of
from drumsort.tags.owned import TagError, may_hold_tags
from drumsort.tags.wanted import tags_of

__all__ = [
    "LARGEST",
    "TagError",
    "demand_mutagen",
    "edited",
    "may_hold_tags",
    "sound_of",
    "tags_of",
]
