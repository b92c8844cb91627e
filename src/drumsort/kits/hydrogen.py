"""The description of a drumkit for Hydrogen.

The elements follow ``drumkit.xsd`` of Hydrogen 1.2 (hydrogen-music.org).
"""

import xml.etree.ElementTree as ET  # only to write
from collections.abc import Iterable

from drumsort.kits.keys import CHOKED

_NAMESPACE = "http://www.hydrogen-music.org/drumkit"

_INSTRUMENT = {
    "volume": 1, "isMuted": "false", "isSoloed": "false", "pan": 0, "pitchOffset": 0,
    "randomPitchFactor": 0, "gain": 1, "applyVelocity": "true", "filterActive": "false",
    "filterCutoff": 1, "filterResonance": 0, "Attack": 0, "Decay": 0, "Sustain": 1,
    "Release": 1000,
}  # fmt: skip
_AFTER = {
    "isStopNote": "false", "sampleSelectionAlgo": "VELOCITY", "isHihat": -1, "lower_cc": 0,
    "higher_cc": 127, "FX1Level": 0, "FX2Level": 0, "FX3Level": 0, "FX4Level": 0,
}  # fmt: skip


def drumkit(name: str, sounds: Iterable[tuple[int, str, str]]) -> bytes:
    """The text of ``drumkit.xml``, UTF-8.

    Args:
        name: the name of the kit.
        sounds: for each, MIDI note, label, and the name of a file beside ``drumkit.xml``.
    """
    kit = ET.Element("drumkit_info", xmlns=_NAMESPACE)
    for tag in ("name", "author", "info", "license", "image", "imageLicense"):
        ET.SubElement(kit, tag).text = name if tag == "name" else ""
    component = ET.SubElement(ET.SubElement(kit, "componentList"), "drumkitComponent")
    _fill(component, {"id": 0, "name": "Main", "volume": 1})
    instruments = ET.SubElement(kit, "instrumentList")
    for number, (key, label, file) in enumerate(sounds):
        instrument = ET.SubElement(instruments, "instrument")
        group = 0 if label in CHOKED else -1
        _fill(instrument, {"id": number, "name": file.rpartition(".")[0], **_INSTRUMENT})
        _fill(instrument, {"muteGroup": group, "midiOutChannel": -1, "midiOutNote": key, **_AFTER})
        part = ET.SubElement(instrument, "instrumentComponent")
        _fill(part, {"component_id": 0, "gain": 1})
        layer = ET.SubElement(part, "layer")
        _fill(layer, {"filename": file, "min": 0, "max": 1, "gain": 1, "pitch": 0})
    ET.indent(kit, " ")
    text: bytes = ET.tostring(kit, encoding="utf-8", xml_declaration=True)
    return text


def _fill(element: ET.Element, values: dict[str, object]) -> None:
    for tag, value in values.items():
        ET.SubElement(element, tag).text = str(value)
