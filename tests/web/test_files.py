"""Files leave the page as they are: alone, in a zip, as paths, shown, as an export."""

import io
import os
import stat
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
import soundfile

from drumsort import scan

from ..processes import wait_until
from ..synth.drums import synthesize
from ..synth.packs import write_packs


@pytest.fixture
def odd(tmp_path):
    """A library with names that are hard to pass on; the folder."""
    write_packs(tmp_path / "Demo", per_label=1)
    folder = next(path.parent for path in (tmp_path / "Demo").rglob("*.wav"))
    kick = next(folder.glob("*.wav"))
    for name in ("a:b, c.wav", "Fläche ☂.wav", os.fsdecode(b"latin-\xe9.wav")):
        (folder / name).write_bytes(kick.read_bytes() + b"LIST\0\0\0\0")
    tone = synthesize("tom", 0, rate=48000)
    soundfile.write(folder / "tom.opus", tone, 48000, format="OGG", subtype="OPUS")
    scan(tmp_path / "Demo", catalog=tmp_path / "catalog.db")
    return folder


def test_a_file_is_given_byte_for_byte_under_its_name_until_another_takes_its_place(
    odd, tmp_path, start
):
    server = start(tmp_path / "catalog.db")
    number = server.ids()["Fläche ☂.wav"]
    response = server.get(f"/api/sounds/{number}/file")
    assert response.body == (odd / "Fläche ☂.wav").read_bytes()
    assert response.headers["Content-Type"] == "audio/wav"
    opus = server.get(f"/api/sounds/{server.ids()['tom.opus']}/file")
    assert opus.headers["Content-Type"] == "audio/ogg"
    said = response.headers["Content-Disposition"]
    assert unquote(said.partition("''")[2]) == "Fläche ☂.wav"
    assert server.ask("GET", f"/api/sounds/{number}/file", {"Cookie": None}).status == 403
    (odd / "Fläche ☂.wav").write_bytes(b"a secret")
    refused = server.get(f"/api/sounds/{number}/file")
    assert (refused.status, b"scan again" in refused.body) == (409, True)
    (odd / "Fläche ☂.wav").unlink()
    assert server.get(f"/api/sounds/{number}/file").status == 410


def test_several_are_given_in_a_zip_that_names_what_it_lacks(odd, tmp_path, start):
    server = start(tmp_path / "catalog.db")
    ids = server.ids()
    chosen = {name: ids[name] for name in ("a:b, c.wav", "Fläche ☂.wav")}
    odd.joinpath("Fläche ☂.wav").write_bytes(b"a secret")
    response = server.get(f"/api/files?ids={','.join(map(str, chosen.values()))}")
    with zipfile.ZipFile(io.BytesIO(response.body)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == ["2 sounds/a_b, c.wav", "2 sounds/left out.txt"]
        assert archive.read(names[0]) == (odd / "a:b, c.wav").read_bytes()
        assert "Fläche ☂.wav has changed" in archive.read(names[1]).decode()
    assert server.get(f"/api/files?ids={chosen['Fläche ☂.wav']}").status == 410
    assert server.get(f"/api/files?ids={','.join(['1'] * 501)}").status == 400


def test_paths_are_told_in_the_order_asked_for_and_lead_to_the_files(odd, tmp_path, start):
    server = start(tmp_path / "catalog.db")
    ids = list(server.ids().values())[::-1]
    found = server.do("/api/paths", {"ids": [*ids, 4_000_000]})
    assert len(found["paths"]) == len(found["uris"]) == len(ids)
    files = [os.fsdecode(unquote_bytes(urlparse(uri).path)) for uri in found["uris"]]
    assert all(map(os.path.isfile, files))
    assert os.fspath(odd / os.fsdecode(b"latin-\xe9.wav")) in files
    plain = [Path(file).name for file in files if file.isascii()]
    assert plain == [Path(path).name for path in found["paths"] if path.isascii()]


def unquote_bytes(path):
    return unquote(path, encoding="latin-1").encode("latin-1")


def test_the_file_manager_is_asked_to_show_them(odd, tmp_path, start, monkeypatch):
    tools, told = tmp_path / "tools", tmp_path / "told"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("DISPLAY", ":0")
    server = start(tmp_path / "catalog.db")
    number = server.ids()["a:b, c.wav"]
    nothing = server.post("/api/show", {"ids": [number]})
    assert (nothing.status, str(odd).encode() in nothing.body) == (409, True)
    for name in ("xdg-open", "dbus-send"):
        program = tools / name
        program.write_text(f'#!/bin/sh\necho "$0 $*" >>{told}\nexit {int(name == "dbus-send")}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert server.do("/api/show", {"ids": [number]}) == {}
    asked, opened = told.read_text().splitlines()
    assert asked.endswith("a%3Ab%2C%20c.wav string:")  # one value of an array, not two
    assert opened == f"{tools}/xdg-open {odd}"
    (odd / "a:b, c.wav").unlink()
    assert server.post("/api/show", {"ids": [number]}).status == 410


def test_what_is_selected_is_exported(odd, tmp_path, start):
    server = start(tmp_path / "catalog.db")
    ids = [server.ids()[name] for name in ("a:b, c.wav", "Fläche ☂.wav")]
    wanted = {"ids": ids, "name": "Two", "kind": "folder", "into": str(tmp_path / "Out")}
    server.do("/api/export", wanted)
    job = wait_until(lambda: server.wait("done"))
    assert job["sentence"] == f"Made {tmp_path}/Out/Two."
    made = {path.name: path.read_bytes() for path in (tmp_path / "Out" / "Two").iterdir()}
    assert made == {n: (odd / n).read_bytes() for n in ("a:b, c.wav", "Fläche ☂.wav")}
    assert server.post("/api/export", {**wanted, "into": "Out"}).status == 400
