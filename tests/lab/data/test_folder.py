"""Class folders and manifests, good and bad, become the same rows."""

import pytest

from drumsort.errors import DataError
from drumsort.lab.data import Data, Folder, Manifest, open_data
from drumsort.lab.data.rows import Row


@pytest.fixture
def tree(tmp_path):
    """Makes empty files below ``tmp_path/drums``; that folder."""

    def make(*names):
        for name in names:
            path = tmp_path / "drums" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path / "drums"

    return make


def test_each_sub_folder_is_a_class_and_a_folder_in_it_a_group(tree):
    folder = tree("Cow Bell/a.wav", "kick/Pack A/1.flac", "kick/Pack A/2.wav", "kick/readme.txt")
    (folder / "notes.txt").touch()
    (folder / ".hidden").mkdir()
    data = open_data(folder)
    assert data == Folder(folder).read()
    assert [(row.path, row.label, row.family, row.group) for row in data.rows] == [
        ("Cow Bell/a.wav", "Cow Bell", "Cow Bell", "Cow Bell/a.wav"),
        ("kick/Pack A/1.flac", "kick", "kick", "Pack A"),
        ("kick/Pack A/2.wav", "kick", "kick", "Pack A"),
    ]
    assert data.path(data.rows[0]) == folder / "Cow Bell" / "a.wav"


def test_an_empty_class_is_named(tree):
    folder = tree("kick/a.wav", "clap/readme.txt")
    with pytest.raises(DataError, match="clap has no sounds"):
        open_data(folder)


def test_a_name_that_is_not_utf_8_is_named(tree):
    folder = tree("kick/a.wav", "clap/caf\udce9.wav")
    with pytest.raises(DataError, match=r"'.*caf.udce9\.wav' has a name that is not UTF-8"):
        open_data(folder)


def test_a_folder_that_is_no_data_is_named(tree, tmp_path):
    with pytest.raises(DataError, match=r"neither a manifest\.csv nor two class folders"):
        open_data(tree("kick/a.wav"))
    with pytest.raises(DataError, match="does not exist"):
        open_data(tmp_path / "nowhere")


ROWS = [
    Row("kick/a, b.wav", "kick", "kick", "Pack \u00e9", "train", "me", "CC0", "o"),
    Row("c.wav", "closed_hat", "hat", "g", "test"),
]


@pytest.mark.parametrize("name", ["manifest.csv", "manifest.parquet"])
def test_a_manifest_is_read_as_it_was_written(tmp_path, name):
    Manifest(tmp_path / name).write(ROWS)
    assert open_data(tmp_path) == open_data(tmp_path / name) == Data(tmp_path, ROWS)
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_a_manifest_needs_no_more_than_paths_and_labels(tmp_path):
    (tmp_path / "manifest.csv").write_text("label,path,mood\nkick,a.wav,calm\n,b.wav,\n")
    (row,) = open_data(tmp_path).rows
    assert row == Row("a.wav", "kick", "kick", "a.wav")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("path,name\na.wav,kick\n", "has no column 'label'"),
        ("path,label\n../a.wav,kick\n", r"line 2: '\.\./a\.wav' is not a path below"),
        ("path,label\n/etc/passwd,kick\n", "line 2: .* is not a path below"),
        ("path,label,split\na.wav,kick,practice\n", "line 2: split 'practice' is not one of train"),
        ("path,label\n", "has no labelled sound"),
        ("path,label\na.wav,kick\na.wav,clap\n", r"has a\.wav more than once"),
        ("", "cannot be read as a table"),
    ],
)
def test_a_bad_manifest_is_named(tmp_path, text, sentence):
    (tmp_path / "manifest.csv").write_text(text)
    with pytest.raises(DataError, match=sentence):
        open_data(tmp_path)


def test_a_damaged_parquet_manifest_is_named(tmp_path):
    (tmp_path / "manifest.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(DataError, match=r"manifest\.parquet cannot be read"):
        open_data(tmp_path)
