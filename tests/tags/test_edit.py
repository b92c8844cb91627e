"""Tags are written, read back and taken out; the sound and all else stay."""

import io
import json
import shutil
import subprocess
from pathlib import Path

import mutagen
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.flac import Picture
from mutagen.id3 import APIC, COMM, ID3, TIT2, TXXX

from drumsort.sorting import patch
from drumsort.tags import TagError, edited, may_hold_tags, sound_of
from drumsort.types import Tags

from .formats import FORMATS, as_ogg_flac, chunk, chunks, form, samples, sound

TAGS = Tags("tom", "tom", "F#", "tom, F#1 (drumsort)", "drum; one-shot; tom")
WORDS = ("tom", "F#", TAGS.comment, TAGS.keywords)
HERE = Path("here.wav")


def put(data, tags=TAGS):
    return edited(HERE, data, tags)


def read(data):
    """Genre, key, comment and keywords as mutagen reads them."""
    tags = mutagen.File(io.BytesIO(data)).tags
    if isinstance(tags, ID3):
        names = ("TCON", "TKEY", "COMM::eng", "TXXX:KEYWORDS")
        return tuple(str(tags[name].text[0]) if name in tags else "" for name in names)
    names = ("GENRE", "INITIALKEY", "COMMENT", "KEYWORDS")
    return tuple("\n".join(tags.get(name, ())) for name in names)


@pytest.mark.parametrize("name", FORMATS)
def test_tags_are_read_back_and_the_sound_is_the_same(name, tmp_path):
    data = sound(name)
    tagged = put(data)
    assert read(tagged) == WORDS
    before, after = samples(data), samples(tagged)
    assert before[1] == after[1] and np.array_equal(before[0], after[0])
    one, other = tmp_path / f"1{name}", tmp_path / f"2{name}"
    one.write_bytes(data)
    other.write_bytes(tagged)
    assert sound_of(one) == sound_of(other)
    assert put(tagged) == tagged, "nothing is left to write"
    cleared = put(tagged, Tags())
    assert read(cleared) == ("",) * 4 if cleared != data else True
    assert b"DRUMSORT" not in cleared
    other.write_bytes(cleared)
    assert sound_of(one) == sound_of(other)
    assert put(data, Tags()) == data, "where nothing was written, nothing is taken out"


def test_flac_in_ogg(tmp_path):
    if (data := as_ogg_flac(sound("16.flac"))) is None:
        pytest.skip("needs ffmpeg, to make FLAC in Ogg")
    assert read(put(data)) == WORDS


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_person_wrote_is_kept(name):
    data = person(sound(name), comment="mine", genre="Techno")
    tagged = put(data)
    assert read(tagged) == ("Techno", "F#", "mine", TAGS.keywords)
    over = put(tagged, Tags(*WORDS_OF, overwrite=True))
    assert read(over)[2] == TAGS.comment and read(over)[0] == "Techno"
    assert read(put(tagged, Tags())) == ("Techno", "", "mine", "")
    changed = person(put(sound(name)), comment="mine now")
    assert read(put(changed, Tags())) == ("", "", "mine now", "")
    assert read(put(changed))[2] == "mine now"


WORDS_OF = (TAGS.label, TAGS.family, TAGS.key, TAGS.comment, TAGS.keywords)


def person(data, comment="", genre=""):
    """The same with tags that another program wrote."""
    file = mutagen.File(io.BytesIO(data))
    if file.tags is None:
        file.add_tags()
    if isinstance(file.tags, ID3):
        file.tags.delall("COMM")
        file.tags.add(COMM(encoding=3, lang="eng", desc="", text=[comment]))
        if genre:
            file.tags.add(mutagen.id3.TCON(encoding=3, text=[genre]))
    else:
        file.tags["COMMENT"] = comment
        if genre:
            file.tags["GENRE"] = genre
    buffer = io.BytesIO(data)
    file.save(buffer)
    return buffer.getvalue()


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
tags = st.builds(Tags, texts, texts.map("f{}".format), texts, texts, texts)  # "17" is Rock


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.lists(tags, min_size=1, max_size=3))
def test_whatever_is_written_is_read_back_and_undone_to_the_byte(name, several):
    data = now = sound(name)
    for one in several:
        new = put(now, one)
        assert read(new) == (one.family, one.key, one.comment, one.keywords)
        assert put(new, one) == new and may_hold_tags(new)
        way_back = patch.between(new, now)
        assert patch.applied(new, way_back) == now
        now = new
    assert np.array_equal(samples(now)[0], samples(data)[0])
    assert b"DRUMSORT" not in put(now, Tags())


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_damage_is_refused_or_kept_and_never_an_error(name, data):
    content = bytearray(sound(name))
    for at in data.draw(st.lists(st.integers(0, min(400, len(content) - 1)), max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    try:
        tagged = put(bytes(content))
    except TagError as error:
        assert str(error).startswith("here.wav is left without tags: ")
        return
    assert patch.applied(tagged, patch.between(tagged, bytes(content))) == content


def test_unknown_chunks_and_padding_are_kept_where_they_are():
    parts = dict(chunks(sound("24 odd.wav")))
    data = form(
        chunk(b"JUNK", bytes(27)),
        chunk(b"fmt ", parts[b"fmt "]),
        chunk(b"LIST", b"adtllabl\x05\0\0\0" + b"\1\0\0\0x\0"),
        chunk(b"xyzw", b"odd"),
        chunk(b"data", parts[b"data"]),
        chunk(b"PAD ", bytes(9)),
        chunk(b"smpl", bytes(36)),
    )
    tagged = put(data)
    assert tagged.startswith(data[:4]) and tagged[8 : len(data)] == data[8:]
    assert [name for name, _ in chunks(tagged)[7:]] == [b"LIST", b"id3 "]
    assert put(tagged, Tags()) == data


def test_a_byte_that_is_missing_at_the_end_is_put_there():
    data = sound("24 odd.wav")
    assert len(chunks(data)[-1][1]) % 2
    size = (len(data) - 9).to_bytes(4, "little")
    missing, uncounted = data[:4] + size + data[8:-1], data[:4] + size + data[8:]
    assert put(data) == put(missing) == put(uncounted)
    assert chunks(put(missing))[: len(chunks(data))] == chunks(data)
    assert put(put(missing), Tags()) == data


def test_the_tags_of_a_wav_that_windows_reads_are_kept_too():
    parts = [chunk(name, content) for name, content in chunks(sound("16.wav"))]
    mine = b"INFO" + chunk(b"IART", b"Me\0") + chunk(b"ICMT", b"mine\0") + chunk(b"ISFT", b"odd")
    tagged = put(form(parts[0], chunk(b"LIST", mine), *parts[1:]))
    info = dict(chunks(tagged))[b"LIST"]
    assert info.startswith(mine) and info.endswith(chunk(b"IKEY", TAGS.keywords.encode() + b"\0"))
    assert b"COMM" not in dict(chunks(tagged))[b"id3 "], "the file has one comment, mine"
    over = put(tagged, Tags(*WORDS_OF, overwrite=True))
    assert chunk(b"ICMT", TAGS.comment.encode() + b"\0") in over and b"mine" not in over


@pytest.mark.parametrize(("there", "after"), [(b"", TAGS.comment.encode()), (b"mine", b"mine")])
def test_an_empty_description_of_a_broadcast_wav_is_filled(there, after):
    parts = [chunk(name, content) for name, content in chunks(sound("16.wav"))]
    bext = there.ljust(256, b"\0") + b"somebody".ljust(32, b"\0") + bytes(314)
    data = form(chunk(b"bext", bext), *parts)
    tagged = put(data)
    written = dict(chunks(tagged))[b"bext"]
    assert written == after.ljust(256, b"\0") + bext[256:]
    assert put(tagged, Tags()) == data


def test_other_frames_and_the_version_of_an_id3_tag_are_kept():
    for version in (3, 4):
        tag = ID3()
        tag.add(TIT2(encoding=1, text=["Ärger"]))
        tag.add(APIC(encoding=0, mime="image/png", type=3, desc="cover", data=b"\x89PNG" * 50))
        tag.add(TXXX(encoding=3, desc="MINE", text=["yes"]))
        tag.add(COMM(encoding=0, lang="eng", desc="iTunNORM", text=[" 0000"]))
        buffer = io.BytesIO(sound("16.mp3"))
        tag.save(buffer, v2_version=version)
        tagged = put(buffer.getvalue())
        assert tagged[3] == version
        now = ID3(io.BytesIO(tagged))
        assert (str(now["TIT2"]), now["APIC:cover"].data) == ("Ärger", b"\x89PNG" * 50)
        assert (str(now["TXXX:MINE"]), str(now["COMM:iTunNORM:eng"])) == ("yes", " 0000")
        cleared = ID3(io.BytesIO(put(tagged, Tags())))
        assert set(cleared) == {"TIT2", "APIC:cover", "TXXX:MINE", "COMM:iTunNORM:eng"}


def test_an_old_tag_at_the_end_of_an_mp3_is_kept():
    old = (b"TAG" + b"Title".ljust(30, b"\0") + bytes(90)).ljust(127, b"\0") + b"\x11"
    tagged = put(sound("16.mp3") + old)
    assert tagged.endswith(old)
    assert str(ID3(io.BytesIO(tagged))["TIT2"]) == "Title", "who reads the new one finds it there"


def test_blocks_and_comments_of_a_flac_are_kept():
    file = mutagen.File(io.BytesIO(sound("16.flac")))
    picture = Picture()
    picture.data, picture.mime = b"\x89PNG" * 99, "image/png"
    file.add_picture(picture)
    file.tags["Title"] = ["One", "Two"]
    buffer = io.BytesIO(sound("16.flac"))
    file.save(buffer, padding=lambda _: 700)
    data = buffer.getvalue()
    tagged = put(data)
    assert len(tagged) == len(data), "the room that is there is used"
    now = mutagen.File(io.BytesIO(tagged))
    assert now.pictures[0].data == picture.data and now.tags["title"] == ["One", "Two"]


def _rf64(data):
    return b"RF64" + data[4:]


def _chain(data):
    return data + data


@pytest.mark.parametrize(
    ("name", "spoil", "why"),
    [
        ("16.wav", _rf64, "an RF64 file"),
        ("16.wav", lambda data: data[:4] + bytes(4) + data[8:], "the sizes in its header"),
        ("16.wav", lambda data: data[:-7], "the sizes in its header"),
        (
            "24 odd.wav",
            lambda data: form(data[12:-1], b"LIST\0\0\0\0"),
            "lacks the byte that fills",
        ),
        ("16.aiff", lambda data: data + b"FORM", "the sizes in its header"),
        ("vorbis.ogg", _chain, "a chain of several Ogg streams"),
        ("16.mp3", lambda data: b"ID3\2\0\0\0\0\0\x0bTT2\0\0\5\0Name" + data, "version 2.2"),
        ("16.flac", lambda data: b"caff" + data[4:], "not tagged; WAV, AIFF, MP3, FLAC"),
        ("16.flac", lambda data: data[:40], "cannot be read"),
    ],
)
def test_what_cannot_carry_tags_is_named(name, spoil, why):
    with pytest.raises(TagError, match=why):
        put(spoil(sound(name)))


ONE_OF_EACH = ("16.wav", "24 odd.aiff", "16.mp3", "16.flac", "vorbis.ogg", "sound.opus")


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_ffprobe_reads_them(name, tmp_path):
    if shutil.which("ffprobe") is None:
        pytest.skip("needs ffprobe (ffmpeg)")
    (tmp_path / name).write_bytes(put(sound(name)))
    words = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json"]
    told = json.loads(subprocess.check_output([*words, tmp_path / name]))
    there = {**told["format"].get("tags", {}), **told["streams"][0].get("tags", {})}
    lower = {key.lower(): value for key, value in there.items()}
    assert (lower["genre"], lower["comment"]) == ("tom", TAGS.comment)
    keywords = lower.get("keywords") or lower["ikey"]
    assert keywords == TAGS.keywords
    if "wav" not in name:  # of a WAV it reads RIFF INFO, which has no key
        assert (lower.get("initialkey") or lower["tkey"]) == "F#"


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_exiftool_reads_them(name, tmp_path):
    if shutil.which("exiftool") is None:
        pytest.skip("needs exiftool (libimage-exiftool-perl)")
    (tmp_path / name).write_bytes(put(sound(name)))
    words = ["exiftool", "-j", "-a", "-G1", tmp_path / name]
    (told,) = json.loads(subprocess.check_output(words))
    values = [str(value) for value in told.values()]
    assert told.get("ExifTool:Warning") is None
    assert {"tom", "F#", TAGS.comment} <= set(values)
    assert any(TAGS.keywords in value for value in values)
