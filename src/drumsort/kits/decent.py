"""A preset for Decent Sampler: an XML file that says which WAV each key plays.

The elements follow the format reference of Decent Sampler 1.11 (decentsamples.com).
"""

import xml.etree.ElementTree as ET  # only to write
from collections.abc import Iterable

from drumsort.kits.keys import CHOKED

_ONE_SHOT = {"attack": "0", "decay": "0", "sustain": "1", "release": "30", "releaseCurve": "0"}
"""A sound rings on after its key is released, as a drum does."""

_HATS = {"tags": "hats", "silencedByTags": "hats", "silencingMode": "fast"}
"""Each of these cuts off the others."""


def preset(sounds: Iterable[tuple[int, str, str]]) -> bytes:
    """The text of a ``.dspreset`` file, UTF-8.

    Args:
        sounds: for each, MIDI note, label, and the path of a WAV relative to the file, with ``/``.
    """
    root = ET.Element("DecentSampler", minVersion="1.0.0")
    groups = ET.SubElement(root, "groups", _ONE_SHOT)
    for key, label, path in sounds:
        choke = _HATS if label in CHOKED else {}
        group = ET.SubElement(groups, "group", {"ampVelTrack": "1", **choke})
        notes = dict.fromkeys(("rootNote", "loNote", "hiNote"), str(key))
        ET.SubElement(group, "sample", {"path": path, **notes})
    ET.indent(root, "  ")
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text
