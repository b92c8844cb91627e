"""One sound is played whatever its format, and drawn; what is gone says so."""

import io
import os
import shutil

import numpy as np
import pytest
import soundfile

from drumsort import scan
from drumsort.audio.decode import decode
from drumsort.audio.play import envelope, wav
from drumsort.model.bundle import Bundle

from ..synth.drums import synthesize

AS_IT_IS = [
    ("a.wav", "WAV", "PCM_U8", "audio/wav"),
    ("b.wav", "WAV", "PCM_16", "audio/wav"),
    ("c.wav", "WAV", "PCM_24", "audio/wav"),
    ("d.wav", "WAV", "PCM_32", "audio/wav"),
    ("e.wav", "WAV", "FLOAT", "audio/wav"),
    ("f.flac", "FLAC", "PCM_16", "audio/flac"),
    ("g.flac", "FLAC", "PCM_24", "audio/flac"),
    ("h.ogg", "OGG", "VORBIS", "audio/ogg"),
    ("i.mp3", "MP3", "MPEG_LAYER_III", "audio/mpeg"),
    ("o.opus", "OGG", "OPUS", "audio/ogg"),
]
DECODED = [
    ("j.aif", "AIFF", "PCM_16"),
    ("k.wav", "WAV", "DOUBLE"),
    ("l.caf", "CAF", "PCM_24"),
    ("m.w64", "W64", "FLOAT"),
    ("n.au", "AU", "PCM_16"),
    ("p.wav", "WAV", "MS_ADPCM"),
    ("q.rf64", "RF64", "PCM_16"),
]


@pytest.fixture(scope="module")
def formats(tmp_path_factory):
    """One sound in every format, and a server of these."""
    from .conftest import Server

    folder = tmp_path_factory.mktemp("formats")
    (folder / "All").mkdir()
    left = synthesize("snare", 3, 48000)
    sound = np.stack([left, 0.5 * left], axis=1)
    for name, container, encoding, *_ in (*AS_IT_IS, *DECODED):
        soundfile.write(folder / "All" / name, sound, 48000, encoding, format=container)
    scan(folder / "All", catalog=folder / "catalog.db")
    server = Server(folder / "catalog.db")
    yield server, folder / "All"
    assert "Traceback" not in server.end()


@pytest.mark.parametrize(("name", "container", "encoding", "kind"), AS_IT_IS)
def test_what_a_browser_plays_is_given_as_it_is(formats, name, container, encoding, kind):
    server, folder = formats
    response = server.get(f"/api/sounds/{server.ids()[name]}/audio")
    assert response.status == 200
    assert response.headers["Content-Type"] == kind
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.body == (folder / name).read_bytes()


@pytest.mark.parametrize(("name", "container", "encoding"), DECODED)
def test_what_it_does_not_play_is_decoded(formats, name, container, encoding):
    server, folder = formats
    response = server.get(f"/api/sounds/{server.ids()[name]}/audio")
    assert response.headers["Content-Type"] == "audio/wav"
    with soundfile.SoundFile(io.BytesIO(response.body)) as sound:
        assert (sound.format, sound.subtype, sound.samplerate) == ("WAV", "FLOAT", 48000)
        given = sound.read(dtype="float32", always_2d=True)
    expected, _ = soundfile.read(folder / name, dtype="float32", always_2d=True)
    assert np.array_equal(given, expected)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [("bytes=0-", 206, slice(0, None)), ("bytes=10-19", 206, slice(10, 20)),
     ("bytes=-7", 206, slice(-7, None)), ("bytes=100-999999999", 206, slice(100, None)),
     ("bytes=999999999-", 416, None), ("bytes=5-2", 416, None), ("bytes=-0", 416, None),
     ("bytes=x", 200, slice(None)), ("bytes=0-1,5-6", 200, slice(None)),
     ("bytes=-", 200, slice(None))],
)  # fmt: skip
def test_ranges(formats, asked, status, part):
    server, folder = formats
    response = server.get(f"/api/sounds/{server.ids()['b.wav']}/audio", Range=asked)
    whole = (folder / "b.wav").read_bytes()
    assert response.status == status
    if part is None:
        assert response.headers["Content-Range"] == f"bytes */{len(whole)}"
        return
    assert response.body == whole[part]
    if status == 206:
        start, end, _ = part.indices(len(whole))
        assert response.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(whole)}"


def test_what_is_long_is_cut(tmp_path, start):
    (tmp_path / "Long").mkdir()
    soundfile.write(tmp_path / "Long" / "a.wav", np.tile(synthesize("kick", 1), 200), 8000)
    rng = np.random.default_rng(0)
    many = rng.normal(0, 0.1, (8000, 6)).astype(np.float32)
    soundfile.write(tmp_path / "Long" / "six channels.aiff", many, 8000)
    scan(tmp_path / "Long", catalog=tmp_path / "catalog.db")
    server = start(tmp_path / "catalog.db")
    response = server.get(f"/api/sounds/{server.ids()['a.wav']}/audio")
    with soundfile.SoundFile(io.BytesIO(response.body)) as sound:
        assert sound.frames == 30 * 8000
    response = server.get(f"/api/sounds/{server.ids()['six channels.aiff']}/audio")
    given, _ = soundfile.read(io.BytesIO(response.body), dtype="float32")
    expected, _ = soundfile.read(tmp_path / "Long" / "six channels.aiff", dtype="float32")
    assert np.allclose(given, expected.mean(axis=1), atol=1e-6)


def test_the_spectrogram_is_what_the_network_sees(formats):
    server, folder = formats
    response = server.get(f"/api/sounds/{server.ids()['b.wav']}/spectrogram")
    shape = int(response.headers["X-Mels"]), int(response.headers["X-Frames"])
    assert shape == (64, 128)
    given = np.frombuffer(response.body, np.uint8).reshape(shape)
    expected = Bundle.load().front_end(decode(folder / "b.wav"))
    assert np.abs(given / 255 * 80 - 80 - expected).max() <= 80 / 255
    assert given.max() == 255


def test_waveforms_follow_the_samples(formats):
    server, folder = formats
    ids = server.ids()
    response = server.get(f"/api/waveforms?ids={ids['b.wav']},999,{ids['l.caf']}&points=32")
    drawn = np.frombuffer(response.body, np.int8).reshape(3, 32, 2)
    assert not drawn[1].any()
    for name, one in (("b.wav", drawn[0]), ("l.caf", drawn[2])):
        samples, _ = soundfile.read(folder / name, always_2d=True)
        parts = np.array_split(samples, 32)
        expected = [[part.min(), part.max()] for part in parts] / np.abs(samples).max() * 127
        assert np.abs(one - expected).max() < 12  # parts may end some samples apart
        assert np.abs(one).max() == 127


def test_envelopes_of_next_to_nothing():
    assert envelope(np.zeros((0, 1), np.float32), 4).tolist() == [[0, 0]] * 4
    assert envelope(np.zeros((9, 2), np.float32), 2).tolist() == [[0, 0]] * 2
    short = np.array([[0.5], [-0.25]], np.float32)
    assert envelope(short, 4).tolist() == [[127, 127], [127, 127], [-64, -64], [-64, -64]]


def test_the_wav_that_is_made_is_one():
    samples = np.linspace(-1, 1, 40, dtype=np.float32).reshape(20, 2)
    given, rate = soundfile.read(io.BytesIO(wav(samples, 22050)), dtype="float32")
    assert rate == 22050
    assert np.array_equal(given, samples)


def test_a_file_that_is_gone_says_so(server, demo):
    ids = server.ids()
    path = sorted(demo.rglob("*.wav"))[0]
    path.unlink()
    for what in ("audio", "spectrogram"):
        response = server.get(f"/api/sounds/{ids[path.name]}/{what}")
        assert response.status == 410
        assert response.json["error"] == f"{path} is gone: scan again to find out what is there."
    assert server.json(f"/api/sounds/{ids[path.name]}")["label"]
    assert not any(server.get(f"/api/waveforms?ids={ids[path.name]}").body)


def test_a_drive_that_is_gone_says_so(server, demo):
    ids = server.ids()
    demo.rename(demo.with_name("Unplugged"))
    response = server.get(f"/api/sounds/{next(iter(ids.values()))}/audio")
    assert response.status == 410
    assert response.json["error"] == (
        f"The folder {demo} is missing: if it is on a drive, plug it in."
    )


SECRET = b"RIFF a secret that is no sound"


@pytest.mark.parametrize("how", ["replaced", "symbolic link", "folder", "pipe", "unreadable"])
def test_what_took_the_place_of_a_sound_is_never_given(server, demo, tmp_path, how):
    ids = server.ids()
    path = sorted(demo.rglob("*.wav"))[0]
    stat = path.stat()
    (tmp_path / "secret").write_bytes(SECRET)
    path.unlink()
    if how == "replaced":
        path.write_bytes(SECRET)
    elif how == "symbolic link":
        path.symlink_to(tmp_path / "secret")
    elif how == "folder":
        path.mkdir()
    elif how == "pipe":
        os.mkfifo(path)
    else:
        path.write_bytes(SECRET)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    for what in ("audio", "spectrogram"):
        response = server.get(f"/api/sounds/{ids[path.name]}/{what}")
        assert response.status == 410
        assert b"secret" not in response.body
        assert response.json["error"].startswith(str(path))
    assert not any(server.get(f"/api/waveforms?ids={ids[path.name]}").body)


def test_another_sound_in_its_place_is_played(server, demo):
    ids = server.ids()
    path = sorted(demo.rglob("*.wav"))[0]
    soundfile.write(path, synthesize("kick", 77), 44100)
    response = server.get(f"/api/sounds/{ids[path.name]}/audio")
    given, _ = soundfile.read(io.BytesIO(response.body), dtype="float32")
    assert np.array_equal(given, soundfile.read(path, dtype="float32")[0])


def test_a_symbolic_link_that_was_scanned_is_played(tmp_path, start):
    (tmp_path / "Links").mkdir()
    soundfile.write(tmp_path / "real.wav", synthesize("kick", 1), 44100)
    (tmp_path / "Links" / "a.wav").symlink_to(tmp_path / "real.wav")
    scan(tmp_path / "Links", catalog=tmp_path / "catalog.db")
    server = start(tmp_path / "catalog.db")
    response = server.get(f"/api/sounds/{server.ids()['a.wav']}/audio")
    assert response.body == (tmp_path / "real.wav").read_bytes()


def test_a_damaged_file_is_played_up_to_the_damage(tmp_path, start):
    (tmp_path / "Cut").mkdir()
    path = tmp_path / "Cut" / "a.flac"
    soundfile.write(path, np.tile(synthesize("snare", 1), 4), 44100)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    shutil.copyfile(path, tmp_path / "Cut" / "b.flac")
    scan(tmp_path / "Cut", catalog=tmp_path / "catalog.db")
    server = start(tmp_path / "catalog.db")
    response = server.get(f"/api/sounds/{server.ids()['a.flac']}/audio")
    assert (response.status, response.headers["Content-Type"]) == (200, "audio/wav")
    with soundfile.SoundFile(io.BytesIO(response.body)) as sound:
        assert sound.frames > 10_000
