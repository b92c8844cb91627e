"""A loop of the library is taken apart by hand: shown, heard where it is cut, kept, taken back."""

import io

import numpy as np
import pytest
import soundfile

from drumsort import scan
from drumsort.workflows.slice import slice_sounds

from ..slicing.loops import BEAT, loop, write
from .conftest import Server


@pytest.fixture(scope="module")
def beats(tmp_path_factory):
    """A server of a loop in stereo and of a recording of ten minutes, and the loop."""
    folder = tmp_path_factory.mktemp("beats")
    mono = loop(BEAT)
    path = write(folder / "Lib" / "beat.wav", np.stack([mono, 0.5 * mono], axis=1))
    soundfile.write(folder / "Lib" / "long.wav", np.tile(loop(BEAT)[::32], 202), 1378)
    scan(folder / "Lib", catalog=folder / "catalog.db")
    server = Server(folder / "catalog.db")
    yield server, path
    assert "Traceback" not in server.end()


@pytest.fixture
def at(beats):
    """The addresses of the loop."""
    return f"/api/sounds/{beats[0].ids()['beat.wav']}/loop"


def test_a_loop_is_shown_and_heard_as_the_terminal_cuts_it(beats, at, tmp_path):
    server, path = beats
    found = server.json(at)
    assert (found["name"], found["rate"], found["channels"]) == ("beat.wav", 44100, 2)
    whole, _ = soundfile.read(path, dtype="float32")
    assert found["length"] == len(whole)
    assert found["peak"] == pytest.approx(np.abs(whole).max(), abs=1e-6)
    done = slice_sounds([path], tmp_path / "Hits", dry_run=True, catalog=False).slices
    assert found["cuts"] == [round(one.start * 44100) for one in done]
    asked = {"cuts": found["cuts"], "first": 1, "count": 64}
    hits = server.do(f"{at}/hits", asked)["hits"]
    assert [(hit["label"], hit["length"]) for hit in hits] == [
        (one.result.prediction.label, round(one.length * 44100)) for one in done
    ]
    (some,) = server.do(f"{at}/hits", {**asked, "first": 3, "count": 1})["hits"]
    assert some == hits[2]
    outline = np.frombuffer(server.get(f"{at}/outline").body, np.int8).reshape(-1, 2)
    assert len(outline) == 600
    assert np.abs(outline.astype(int)).max() == 127
    part = np.frombuffer(server.get(f"{at}/samples?start=70000&count=500").body, "<f4")
    assert (part.reshape(-1, 2) == whole[70000:70500]).all()
    last = server.get(f"{at}/samples?start={len(whole) - 3}&count=500").body
    assert len(last) == 3 * 2 * 4


def test_a_cut_goes_where_it_belongs(beats, at):
    server, path = beats
    mono = soundfile.read(path, dtype="float32")[0].sum(axis=1)
    cut = server.json(at)["cuts"][2]
    assert server.json(f"{at}/snap?at={cut + 300}&to=onset")["at"] == cut
    zero = server.json(f"{at}/snap?at={cut + 1500}&to=zero")["at"]
    assert abs(zero - cut - 1500) <= 441
    around = np.signbit(mono[zero - 1 : zero + 2])
    assert around.any()
    assert not around.all()


def test_cuts_that_do_not_fit_are_refused(beats, at):
    server, _ = beats
    for cuts in ([0, 0], [5, 3], [999_999_999], [-1], ["x"], [0.5]):
        said = server.post(f"{at}/hits", {"cuts": cuts, "first": 1, "count": 9})
        assert said.status == 400, said.body
        assert "Traceback" not in said.json["error"]
    assert server.do(f"{at}/hits", {"cuts": [], "first": 1, "count": 1}) == {"hits": []}
    assert server.do(f"{at}/hits", {"cuts": [3], "first": 5, "count": 1}) == {"hits": []}
    for path in ("/api/sounds/4000000000/loop", "/api/sounds/x/loop/samples?start=0&count=1"):
        assert server.get(path).status == 404
    assert server.get(f"{at}/samples?start=0&count=99999999").status == 400
    assert server.get(f"{at}/snap?at=0&to=middle").status == 400
    for body in (
        {"into": "/tmp/x", "keep": [], "cuts": [0]},
        {"into": "x", "keep": [1], "cuts": [0]},
    ):
        assert server.post(f"{at}/keep", body).status == 400
    strange = server.post(f"{at}/hits", {"cuts": [0]}, Origin="http://evil.example")
    assert strange.status == 403


def test_what_is_kept_is_a_run_and_in_the_library_until_it_is_taken_back(beats, at, tmp_path):
    server, path = beats
    cuts = [0, 11025, 22000, 33075]
    body = {"cuts": cuts, "keep": [1, 3], "into": str(tmp_path / "Hits"), "layout": "{name}"}
    assert server.do(f"{at}/keep", body)["kind"] == "slice"
    job = server.wait("done")
    assert job["sentence"] == f"2 slices written to {tmp_path / 'Hits'}."
    assert job["failures"] == []
    files = sorted((tmp_path / "Hits").glob("*.wav"))
    assert [file.name[:8] for file in files] == ["beat_01_", "beat_03_"]
    whole = soundfile.read(path, dtype="int32")[0]
    for file, cut, end in zip(files, (0, 22000), (11025, 33075), strict=True):
        kept = soundfile.read(file, dtype="int32")[0]
        assert cut + len(kept) <= end
        assert (kept[44:-221] == whole[cut + 44 : cut + len(kept) - 221]).all()
    assert {file.name for file in files} < set(server.ids())
    listened = server.get(f"/api/sounds/{server.ids()[files[1].name]}/audio").body
    assert soundfile.info(io.BytesIO(listened)).channels == 2
    (run,) = server.json("/api/sort/history")
    assert (run["action"], run["count"]) == ("slice", 2)
    server.do("/api/sort/undo", {"run": run["id"]})
    server.wait("done")
    assert not (tmp_path / "Hits").exists()
    assert set(server.ids()) == {"beat.wav", "long.wav"}


def test_a_long_recording_is_left_to_the_terminal(beats):
    server, _ = beats
    response = server.get(f"/api/sounds/{server.ids()['long.wav']}/loop")
    assert response.status == 400
    assert "drumsort slice" in response.json["error"]
