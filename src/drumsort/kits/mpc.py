"""A drum program for Akai's MPC: an XML file that says which WAV each pad plays.

Elements, their order and their values follow a drum program that MPC software 1.9.6 saved (file
version 1.7, in the public repository BertCalm/SnipSnap), and what ConvertWithMoss, which reads such
files, makes of them: instruments and pads count from 1, there are 128 of each, and a layer names
its sample without ``.wav``, which the MPC looks for beside the program.
"""

import json
import xml.etree.ElementTree as ET  # only to write
from collections.abc import Iterable, Mapping

from drumsort.kits.keys import CHOKED

PADS = 128
LAYERS = 4

_VERSION = {"File_Version": "1.7", "Application": "MPC-V", "Application_Version": "1.9.6.1"}
_OFF = "0.000000"
_SENDS = dict.fromkeys(("Send1", "Send2", "Send3", "Send4"), _OFF)
_TUNE = {"TuneCoarse": "0", "TuneFine": "0"}
_VOLUME = "0.707946"
_MIDDLE = "0.500000"

_PROGRAM = {
    **_SENDS, "Volume": _VOLUME, "Mute": "False", "Pan": _MIDDLE, "Pitch": _OFF, **_TUNE,
    "Mono": "False", "Program_Polyphony": "0",
}  # fmt: skip
_INSTRUMENT = {
    **_SENDS, "Volume": _VOLUME, "Mute": "False", "Pan": _MIDDLE, **_TUNE,
    "Mono": "True", "Polyphony": "1", "FilterKeytrack": _OFF, "LowNote": "0", "HighNote": "127",
    "IgnoreBaseNote": "False", "ZonePlay": "0",
}  # fmt: skip
_GROUPS = {f"{what}Target{number}": "0" for what in ("Mute", "Simult") for number in range(1, 5)}
_SOUND = {
    "LfoPitch": _OFF, "LfoCutoff": _OFF, "LfoVolume": _OFF, "LfoPan": _OFF, "OneShot": "True",
    "FilterType": "0", "Cutoff": "1.000000", "Resonance": _OFF, "FilterEnvAmt": _OFF,
    "AfterTouchToFilter": _OFF, "VelocityToStart": _OFF, "VelocityToFilterAttack": _OFF,
    "VelocityToFilter": _OFF, "VelocityToFilterEnvelope": _OFF, "FilterAttack": _OFF,
    "FilterDecay": "0.050000", "FilterSustain": "1.000000", "FilterRelease": _OFF,
    "FilterHold": _OFF, "FilterDecayType": "True", "FilterADEnvelope": "True", "VolumeHold": _OFF,
    "VolumeDecayType": "True", "VolumeADEnvelope": "True", "VolumeAttack": _OFF,
    "VolumeDecay": "0.050000", "VolumeSustain": "1.000000", "VolumeRelease": _OFF,
    "VelocityToPitch": _OFF, "VelocityToVolumeAttack": _OFF, "VelocitySensitivity": "1.000000",
    "VelocityToPan": _OFF,
}  # fmt: skip
_LFO = {"Type": "Sine", "Rate": "0.500000", "Sync": "0", "Reset": "False"}
_LAYER = {
    "Active": "True", "Volume": "1.000000", "Pan": _MIDDLE, "Pitch": _OFF, **_TUNE,
    "VelStart": "0", "VelEnd": "127", "SampleStart": "0", "SampleEnd": "0", "Loop": "False",
    "LoopStart": "0", "LoopEnd": "0", "LoopTune": "0", "Mute": "False", "RootNote": "0",
    "KeyTrack": "False",
}  # fmt: skip
_WHOLE = {
    "SampleFile": "", "SliceIndex": "128", "Direction": "0", "Offset": "0", "SliceStart": "0",
    "SliceEnd": "0", "SliceLoopStart": "0", "SliceLoop": "0",
}  # fmt: skip


def drum_program(name: str, sounds: Iterable[tuple[int, str, str]]) -> bytes:
    """The text of an ``.xpm`` file, UTF-8: the sounds on the first pads, in the order given.

    Each pad has the MIDI note of its sound; hats are in mute group 1.

    Args:
        name: the name of the program.
        sounds: for each, MIDI note, label, and the name of a WAV beside the file; 128 at most.
    """
    given = list(sounds)
    notes = [note for note, _, _ in given]
    notes += [note for note in range(PADS) if note not in set(notes)]
    root = ET.Element("MPCVObject")
    _fill(ET.SubElement(root, "Version"), {**_VERSION, "Platform": "Windows"})
    program = ET.SubElement(root, "Program", type="Drum")
    _fill(program, {"Name": name, "ProgramPads": _pads()})
    _route(program, "2")
    _fill(program, _PROGRAM)
    instruments = ET.SubElement(program, "Instruments")
    for number in range(PADS):
        _, label, file = given[number] if number < len(given) else (0, "", "")
        _instrument(instruments, number + 1, label, file.removesuffix(".wav"))
    _numbered(program, "PadNoteMap", "PadNote", "Note", notes)
    _numbered(program, "PadGroupMap", "PadGroup", "Group", [0] * PADS)
    ET.indent(root, "  ")
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _instrument(parent: ET.Element, number: int, label: str, sample: str) -> None:
    instrument = ET.SubElement(parent, "Instrument", number=str(number))
    _route(instrument, "0")
    _fill(instrument, {**_INSTRUMENT, "MuteGroup": "1" if label in CHOKED else "0"})
    _fill(instrument, {**_GROUPS, **_SOUND})
    _fill(ET.SubElement(instrument, "LFO"), _LFO)
    layers = ET.SubElement(instrument, "Layers")
    for nth in range(1, LAYERS + 1):
        layer = ET.SubElement(layers, "Layer", number=str(nth))
        _fill(layer, {**_LAYER, "SampleName": sample if nth == 1 else "", **_WHOLE})


def _route(parent: ET.Element, to: str) -> None:
    route = ET.SubElement(parent, "AudioRoute")
    _fill(route, {"AudioRoute": to, "AudioRouteSubIndex": "0", "InsertsEnabled": "True"})


def _pads() -> str:
    """The colours of the pads, all of them the usual one."""
    plain = {
        "Universal": {"value0": True},
        "Type": {"value0": 1},
        "universalPad": 32512,
        "pads": {f"value{pad}": 0 for pad in range(PADS)},
        "UnusedPads": {"value0": 1},
    }
    return json.dumps({"ProgramPads": plain}, indent=4)


def _numbered(parent: ET.Element, tag: str, each: str, of: str, values: Iterable[int]) -> None:
    element = ET.SubElement(parent, tag)
    for number, value in enumerate(values, start=1):
        _fill(ET.SubElement(element, each, number=str(number)), {of: str(value)})


def _fill(element: ET.Element, values: Mapping[str, str]) -> None:
    for tag, value in values.items():
        ET.SubElement(element, tag).text = value
