"""What a file is by its first bytes, whether or not it can be read."""

from dataclasses import dataclass

HEAD = 64
"""How many bytes of a file are looked at."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What libsndfile does not read.

    Attributes:
        name: with its article: ``"an M4A file"``.
        advice: what to do about it; ``""`` if FFmpeg reads it.
        rare: libsndfile reads most files of this kind, so one that it refuses is damaged or has a
            rare coding.
    """

    name: str
    advice: str = ""
    rare: bool = False


_CONVERT = "convert it to WAV with the program that made it"
_KONTAKT = Kind("a Kontakt instrument", "sort the samples that lie beside it instead")
_UNPACK = "unpack it and give the folder that comes out"
_STARTS = {
    b"PK\x03\x04": Kind("a zip archive", _UNPACK),
    b"PK\x05\x06": Kind("an empty zip archive", _UNPACK),
    b"Rar!": Kind("a RAR archive", _UNPACK),
    b"7z\xbc\xaf\x27\x1c": Kind("a 7-Zip archive", _UNPACK),
    b"\x1f\x8b": Kind("a gzip archive", _UNPACK),
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": Kind("a WMA file"),
    b"wvpk": Kind("a WavPack file"),
    b"MAC ": Kind("a Monkey's Audio file"),
    b"TTA1": Kind("a True Audio file"),
    b"tBaK": Kind("a TAK file"),
    b"MPCK": Kind("a Musepack file"),
    b"MP+": Kind("a Musepack file"),
    b"OggS": Kind("an Ogg file", rare=True),
    b"\x1aE\xdf\xa3": Kind("a Matroska or WebM file"),
    b"#!AMR": Kind("an AMR file"),
    b"DSD ": Kind("a DSD file"),
    b"FRM8": Kind("a DSD file"),
    b"\x0bw": Kind("an AC-3 file"),
    b"\xb3\x6e\xe5\x5e": _KONTAKT,
    b"\x5e\xe5\x6e\xb3": _KONTAKT,
    b"\x12\x90\xa8\x7f": _KONTAKT,
    b"\x7f\xa8\x90\x12": _KONTAKT,
    b"\x01\xa3\x9e\xd6": Kind("a compressed Kontakt sample (NCW)", _CONVERT),
    b"\x01\xa8\x9e\xd6": Kind("a compressed Kontakt sample (NCW)", _CONVERT),
    b"MThd": Kind("a MIDI file, which holds notes and no sound", "render it to WAV"),
    b"REX\x02": Kind("a REX loop", "export its slices as WAV from ReCycle or a sequencer"),
}
_FORMS = {  # of files whose kind stands at byte 8
    (b"CAT ", b"REX2"): Kind("a REX2 loop", "export its slices as WAV from ReCycle or a sequencer"),
    (b"RIFF", b"sfbk"): Kind("an SF2 sound font", "export its samples as WAV from a font editor"),
    (b"RIFF", b"DLS "): Kind("a DLS or GIG bank", "export its samples as WAV from an editor"),
    (b"RIFF", b"RMID"): Kind("a MIDI file, which holds notes and no sound", "render it to WAV"),
    (b"RIFF", b"WAVE"): Kind("a WAV file", rare=True),
    (b"RF64", b"WAVE"): Kind("an RF64 file", rare=True),
    (b"FORM", b"AIFC"): Kind("an AIFF file", rare=True),
}
_M4A = Kind("an M4A or MP4 file (AAC or ALAC)")
_AAC = Kind("an AAC file")


def kind_of(head: bytes) -> Kind | None:
    """What a file that libsndfile does not read is by its first ``HEAD`` bytes, or ``None``."""
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
        return _M4A
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xF6 == 0xF0:
        return _AAC
    if head[12:16] in (b"hsin", b"nish"):
        return _KONTAKT
    form = _FORMS.get((head[:4], head[8:12]))
    return form or next((kind for start, kind in _STARTS.items() if head.startswith(start)), None)
