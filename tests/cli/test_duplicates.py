import json

import pytest
import soundfile

from .conftest import tree


@pytest.fixture
def doubled(drumsort_here, samples):
    """The samples, with one of them there again, scanned."""
    sound = (samples / "Pack A" / "PRT_1.wav").read_bytes()
    (samples / "Pack B" / "once again.wav").write_bytes(sound)
    assert drumsort_here("scan", samples).returncode == 0
    return samples


def test_it_lists_and_touches_nothing(drumsort_here, doubled):
    before = tree(doubled)
    done = drumsort_here("duplicates")
    assert done.returncode == 0, done.stderr
    first, second, _, summary, hint = done.stdout.splitlines()
    assert first.startswith(f"{doubled / 'Pack A' / 'PRT_1.wav'}  ")
    assert second.startswith(f"    {doubled / 'Pack B' / 'once again.wav'}  ")
    assert summary.startswith("1 group; all but the first of each: 1 file, ")
    assert hint == "To move them away: drumsort duplicates --into OUT"
    assert tree(doubled) == before
    none = "No sound known from the last scan exists more than once.\n"
    assert drumsort_here("duplicates", "Samples/Pack A").stdout == none


def test_the_hint_repeats_what_was_asked(drumsort_here, doubled):
    asked = ["duplicates", "Samples/Pack A", "Samples/Pack B", "--near", "--keep", "oldest"]
    *_, summary, hint = drumsort_here(*asked, "--catalog", "home/catalog.db").stdout.splitlines()
    assert summary.endswith("Kept: the oldest of each (--keep oldest).")
    assert hint == (
        "To move them away: drumsort duplicates 'Samples/Pack A' 'Samples/Pack B' --near "
        "--keep oldest --catalog home/catalog.db --into OUT"
    )
    assert "Kept: the best of each" in drumsort_here("duplicates", "--near").stdout


def test_what_is_moved_away_is_no_double_until_it_is_taken_back(drumsort_here, doubled):
    assert drumsort_here("duplicates", "--move-to", "Doubles").returncode == 0
    done = drumsort_here("duplicates")
    assert (done.stdout.count("once again.wav"), done.stderr) == (0, "")
    assert drumsort_here("undo").returncode == 0
    done = drumsort_here("duplicates")
    assert (done.stdout.count("once again.wav"), done.stderr) == (1, "")


def test_what_the_catalog_lost_is_scanned_again(drumsort_here, doubled, tmp_path):
    double = doubled / "Pack B" / "once again.wav"
    double.rename(tmp_path / "elsewhere.wav")
    assert (
        "1 file left out: gone or changed since the last scan" in drumsort_here("duplicates").stderr
    )
    drumsort_here("scan", doubled)
    (tmp_path / "elsewhere.wav").rename(double)
    done = drumsort_here("duplicates", doubled)
    assert "1 file left out: missing at the last scan, but back now. To enter" in done.stderr
    drumsort_here("scan", doubled)
    assert drumsort_here("duplicates", doubled).stdout.count("once again.wav") == 1


def test_it_moves_and_undo_takes_it_back(drumsort_here, doubled, tmp_path):
    before = tree(doubled)
    done = drumsort_here(
        "duplicates", "--keep", "longest-name", "--move-to", "Doubles", "--dry-run"
    )
    assert "Dry run: 1 file would be moved" in done.stdout
    assert tree(doubled) == before
    done = drumsort_here("duplicates", "--keep", "longest-name", "--into", "Doubles")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tree(tmp_path / "Doubles")) == ["Samples/Pack A/PRT_1.wav"]
    assert tree(doubled) == {k: v for k, v in before.items() if k != "Pack A/PRT_1.wav"}
    again = drumsort_here("duplicates", "--near")
    assert again.stdout == "No sound known from the last scan exists more than once.\n"
    assert again.stderr == ""
    assert drumsort_here("undo").returncode == 0
    assert tree(doubled) == before
    assert not (tmp_path / "Doubles").exists()


def test_it_links_and_undo_takes_it_back(drumsort_here, doubled):
    kept, copy = doubled / "Pack A" / "PRT_1.wav", doubled / "Pack B" / "once again.wav"
    sound, rate = soundfile.read(kept, dtype="int16")
    soundfile.write(doubled / "Pack B" / "other format.flac", sound, rate)
    assert drumsort_here("scan", doubled).returncode == 0
    before, stamp = tree(doubled), copy.stat().st_mtime_ns
    done = drumsort_here("duplicates", "--link", "--dry-run")
    assert "no other file of the group has the same bytes" in done.stdout
    assert "Dry run: 1 file would be linked to one with the same bytes, to save" in done.stdout
    assert not copy.samefile(kept)
    done = drumsort_here("duplicates", "--link")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 file linked to one with the same bytes, to save" in done.stdout
    told = f"link of duplicates  1 of 1 file in {doubled}  (finished)"
    assert told in drumsort_here("history").stdout
    assert copy.samefile(kept) and tree(doubled) == before
    again = json.loads(drumsort_here("duplicates", "--link", "--json").stdout)
    assert (again["left_out"], again["operations"], again["done"]) == (1, [], 0)
    undone = drumsort_here("undo")
    assert undone.returncode == 0
    assert undone.stdout.startswith(f"1 file taken back (the link of duplicates in {doubled}, ")
    assert not copy.samefile(kept)
    assert (tree(doubled), copy.stat().st_mtime_ns) == (before, stamp)


def test_links_in_json(drumsort_here, doubled):
    facts = json.loads(drumsort_here("duplicates", "--link", "--json").stdout)
    kept, copy = doubled / "Pack A" / "PRT_1.wav", doubled / "Pack B" / "once again.wav"
    assert facts["operations"] == [{"source": str(copy), "target": str(kept)}]
    assert (facts["action"], facts["into"], facts["left_out"]) == ("relink", None, 0)
    assert facts["done"] == 1 and facts["run"]


def test_a_file_that_cannot_be_linked_is_one_sentence(drumsort_here, doubled):
    (doubled / "third name.txt").hardlink_to(doubled / "Pack B" / "once again.wav")
    done = drumsort_here("duplicates", "--link")
    assert done.returncode == 1
    assert "Not linked: 1 file" in done.stderr and "has other names" in done.stderr


def test_json(drumsort_here, doubled, tmp_path):
    facts = json.loads(drumsort_here("duplicates", "--json", "--near").stdout)
    (group,) = facts["groups"]
    kept, copy = doubled / "Pack A" / "PRT_1.wav", doubled / "Pack B" / "once again.wav"
    size = copy.stat().st_size
    assert group == {
        "kept": {"path": str(kept), "size": size, "likeness": 1.0},
        "rest": [{"path": str(copy), "size": size, "likeness": 1.0}],
    }
    assert (facts["bytes"], facts["run"], facts["into"]) == (size, None, None)
    facts = json.loads(drumsort_here("duplicates", "--json", "--move-to", "D").stdout)
    target = tmp_path / "D" / "Samples" / "Pack B" / "once again.wav"
    assert facts["operations"] == [{"source": str(copy), "target": str(target)}]
    assert facts["done"] == 1 and facts["run"]


def test_what_cannot_be_done_is_one_sentence(drumsort_here, doubled):
    done = drumsort_here("duplicates", "--move-to", doubled / "Doubles")
    assert done.returncode == 2
    assert "Samples, where the files come from: choose a folder outside it" in done.stderr
    done = drumsort_here("duplicates", "--move-to", "D", "--link")
    assert done.returncode == 2
    assert "choose one" in done.stderr
    for command in ("duplicates", "check-names"):
        done = drumsort_here(command, "--catalog", "none.db")
        assert done.returncode == 2
        assert done.stderr.startswith("drumsort: There is no catalog ")
        assert "'drumsort scan DIR'" in done.stderr
