"""What is there more than once: the same samples, the same recording, and a plan for the rest."""

import errno
import io
import os
import shutil

import numpy as np
import pytest
import soundfile
import soxr

from drumsort import Catalog, apply, duplicates, scan, undo
from drumsort.alike.duplicates import Keep
from drumsort.errors import CatalogError
from drumsort.sorting import check, disk
from drumsort.workflows.deduplicate import deduplicate

from ..small_library import write
from ..synth.drums import synthesize


def names(group):
    return [copy.path.name for copy in (group.kept, *group.rest)]


def found(place, *below, **options):
    with Catalog(place) as catalog:
        return duplicates(catalog, below, **options)


@pytest.fixture
def doubled(samples, place):
    """A catalog of the samples and of some that are there again, in another format or time."""
    sound, _ = soundfile.read(samples / "Pack A" / "kick 1.wav", dtype="int16")
    (samples / "Pack C").mkdir()
    soundfile.write(samples / "Pack B" / "a kick once more.flac", sound, 44100)
    soundfile.write(samples / "Pack C" / "kick 1.aiff", sound, 44100)
    os.utime(samples / "Pack C" / "kick 1.aiff", (0, 10**9))
    scan(samples, catalog=place)
    return place


def test_the_same_samples_in_another_format_are_the_same(doubled):
    done = found(doubled)
    assert [names(group) for group in done.groups] == [
        ["kick 1.wav", "a kick once more.flac", "kick 1.aiff"]
    ]
    assert done.stale == 0
    assert all(copy.likeness == 1 for copy in done.rest)


@pytest.mark.parametrize(
    ("keep", "kept"),
    [("first", "kick 1.wav"), ("longest-name", "a kick once more.flac"), ("oldest", "kick 1.aiff")],
)
def test_a_rule_says_which_is_kept(doubled, keep, kept):
    (group,) = found(doubled, keep=Keep(keep)).groups
    assert group.kept.path.name == kept
    assert len(group.rest) == 2


@pytest.mark.parametrize("keep", list(Keep))
def test_a_preferred_folder_goes_before_every_rule(doubled, samples, keep):
    for pack, name in (("Pack B", "a kick once more.flac"), ("Pack C", "kick 1.aiff")):
        (group,) = found(doubled, keep=keep, prefer=[samples / pack]).groups
        assert group.kept.path.name == name
    (group,) = found(doubled, prefer=[samples / "Pack C", samples / "Pack B"]).groups
    assert group.kept.path.name == "a kick once more.flac"


def test_only_the_folders_asked_for_count(doubled, samples):
    (group,) = found(doubled, samples / "Pack B", samples / "Pack C").groups
    assert names(group) == ["a kick once more.flac", "kick 1.aiff"]
    assert not found(doubled, samples / "Pack B").groups
    with pytest.raises(CatalogError, match=r"knows no sound in .*Pack D: run 'drumsort scan DIR'"):
        found(doubled, samples / "Pack D")


def test_what_changed_or_is_gone_is_never_kept_nor_moved(doubled, samples):
    (samples / "Pack A" / "kick 1.wav").unlink()
    done = found(doubled)
    assert [names(group) for group in done.groups] == [["a kick once more.flac", "kick 1.aiff"]]
    assert done.stale == 1
    os.utime(samples / "Pack C" / "kick 1.aiff")
    done = found(doubled)
    assert (done.groups, done.stale) == ((), 2)


def test_only_files_with_the_same_bytes_are_linked(doubled, samples):
    twin = samples / "Pack B" / "twin.wav"
    twin.write_bytes((samples / "Pack A" / "kick 1.wav").read_bytes())
    scan(samples, catalog=doubled)
    done = found(doubled)
    assert len(done.rest) == 3
    (operation,) = done.link_plan().operations
    assert (operation.source, operation.target) == (twin, samples / "Pack A" / "kick 1.wav")
    run = apply(check(done.link_plan()))
    assert twin.samefile(samples / "Pack A" / "kick 1.wav")
    after = found(doubled)
    assert (len(after.rest), after.stale) == (2, 0)
    undo(run)
    assert not twin.samefile(samples / "Pack A" / "kick 1.wav")


def test_files_that_differ_from_what_is_kept_are_linked_among_themselves(samples, place):
    sound, _ = soundfile.read(samples / "top.wav", dtype="int16")
    soundfile.write(samples / "a.flac", sound, 44100)
    (samples / "z.wav").write_bytes((samples / "top.wav").read_bytes())
    scan(samples, catalog=place)
    done = found(place)
    assert [names(group) for group in done.groups] == [["a.flac", "top.wav", "z.wav"]]
    (operation,) = done.link_plan().operations
    assert (operation.source.name, operation.target.name) == ("z.wav", "top.wav")


def test_what_is_back_since_the_last_scan_is_counted(doubled, samples):
    away = samples.parent / "away.aiff"
    (samples / "Pack C" / "kick 1.aiff").rename(away)
    scan(samples, catalog=doubled)
    assert found(doubled).back == 0
    away.rename(samples / "Pack C" / "kick 1.aiff")
    assert (found(doubled).back, found(doubled, samples / "Pack C" / "..").back) == (1, 1)
    assert found(doubled, samples / "Pack A").back == 0


def test_links_are_not_copies(samples, place):
    kick = samples / "Pack A" / "kick 1.wav"
    (samples / "hard.wav").hardlink_to(kick)
    (samples / "soft.wav").symlink_to(kick)
    scan(samples, catalog=place)
    assert found(place).groups == ()


def test_the_rest_is_moved_and_comes_back(doubled, samples, tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    before = {path: path.read_bytes() for path in samples.rglob("*.*")}
    plan = found(doubled).plan(tmp_path / "Doubles")
    run = apply(plan)
    assert run.done == 2
    moved = [path for path in (tmp_path / "Doubles").rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(tmp_path / "Doubles")) for path in moved) == [
        "Samples/Pack B/a kick once more.flac",
        "Samples/Pack C/kick 1.aiff",
    ]
    assert not (samples / "Pack C" / "kick 1.aiff").exists()
    assert (samples / "Pack A" / "kick 1.wav").exists()
    assert undo(run).done == 2
    assert {path: path.read_bytes() for path in samples.rglob("*.*")} == before
    assert not (tmp_path / "Doubles").exists()


def test_a_folder_inside_the_library_is_refused(doubled, samples):
    (refused,) = check(found(doubled).plan(samples / "Doubles")).refused
    assert "choose a folder outside it" in refused.message


@pytest.fixture
def altered(tmp_path, place):
    """A snare in forms that sound alike, and two that differ from it by their noise alone."""
    folder = tmp_path / "Forms"
    folder.mkdir()
    sound = synthesize("snare", 5)
    soundfile.write(folder / "a.wav", sound, 44100)
    soundfile.write(folder / "late.wav", np.concatenate([np.zeros(3001), sound]), 44100)
    soundfile.write(folder / "loud.flac", 0.4 * sound, 44100)
    soundfile.write(folder / "lossy.ogg", sound, 44100)
    soundfile.write(folder / "stereo.wav", np.stack([sound, sound], 1), 44100)
    for seed in (6, 7):
        write(folder / f"other {seed}.wav", "snare", seed)
    scan(folder, catalog=place)
    return place


def test_near_finds_one_recording_in_every_form_and_no_other(altered):
    assert found(altered).groups == ()
    (group,) = found(altered, near=True, keep="first").groups
    assert names(group) == ["a.wav", "late.wav", "lossy.ogg", "loud.flac", "stereo.wav"]
    assert all(0.97 <= copy.likeness <= 1 for copy in group.rest)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"name": "z.wav"}, {"name": "a.ogg"}),
        ({"name": "z.wav", "rate": 44100}, {"name": "a.wav", "rate": 22050}),
        ({"name": "z.wav", "subtype": "PCM_24"}, {"name": "a.wav"}),
        ({"name": "z.wav", "subtype": "FLOAT"}, {"name": "a.wav", "subtype": "PCM_24"}),
        ({"name": "z.wav"}, {"name": "a.wav", "gain": 0.3}),
        ({"name": "z.wav"}, {"name": "a.wav", "shorter": 0.8}),
        ({"name": "z.wav"}, {"name": "a.wav", "resampled": 96000, "subtype": "PCM_24"}),
        ({"name": "z.wav"}, {"name": "a.wav", "by_way_of": 22050, "subtype": "PCM_24"}),
        ({"name": "z.wav"}, {"name": "a.wav", "by_way_of": "MP3"}),
        ({"name": "z.wav"}, {"name": "z copy 11.flac"}),
        ({"name": "z copy.wav"}, {"name": "a.ogg"}),
    ],
)
def test_near_keeps_the_best(tmp_path, place, better, worse):
    (tmp_path / "Forms").mkdir()
    for form in (better, worse):
        sound, rate = synthesize("snare", 5), form.get("rate", 44100)
        sound = form.get("gain", 1) * sound[:: 44100 // rate]
        sound = sound[: int(len(sound) * form.get("shorter", 1))]
        if form.get("by_way_of") == "MP3":
            lossy = io.BytesIO()
            soundfile.write(lossy, sound, rate, format="MP3")
            sound, _ = soundfile.read(io.BytesIO(lossy.getvalue()))
        elif lower := form.get("by_way_of"):
            sound = soxr.resample(soxr.resample(sound, rate, lower), lower, rate)
        if higher := form.get("resampled"):
            sound, rate = soxr.resample(sound, rate, higher), higher
        soundfile.write(tmp_path / "Forms" / form["name"], sound, rate, form.get("subtype"))
    scan(tmp_path / "Forms", catalog=place)
    done = found(place, near=True)
    assert [names(group) for group in done.groups] == [[better["name"], worse["name"]]]
    assert (done.keep, found(place).keep) == ("best", "first")


def test_two_hits_of_one_drum_are_two_recordings(tmp_path, place):
    """Their tone is the same and makes nearly all of their energy; their noise is not."""
    folder, time = tmp_path / "Toms", np.arange(44100) / 44100
    folder.mkdir()
    tone = 0.5 * np.sin(2 * np.pi * 110 * time) * np.exp(-5 * time)
    hits = [
        tone + 0.1 * np.random.default_rng(n).standard_normal(44100) * np.exp(-40 * time)
        for n in range(2)
    ]
    assert np.corrcoef(*hits)[0, 1] > 0.98
    for n, hit in enumerate(hits):
        soundfile.write(folder / f"tom rr{n}.wav", hit, 44100)
    soundfile.write(folder / "tom rr1 soft.flac", 0.3 * hits[1], 44100)
    soundfile.write(folder / "tom rr1 dull.wav", hits[1][::2] / 2 + hits[1][1::2] / 2, 22050)
    scan(folder, catalog=place)
    (group,) = found(place, near=True, keep="first").groups
    assert names(group) == ["tom rr1 dull.wav", "tom rr1 soft.flac", "tom rr1.wav"]


def test_a_sound_is_not_like_its_own_beginning(tmp_path, place):
    kick, phrase = synthesize("kick", 1), np.zeros(60000, np.float32)
    phrase[: len(kick)] = kick[:60000]
    for at in (20000, 40000):
        part = kick[: len(phrase) - at]
        phrase[at : at + len(part)] += part
    (tmp_path / "P").mkdir()
    soundfile.write(tmp_path / "P" / "one.wav", kick, 44100)
    soundfile.write(tmp_path / "P" / "phrase.wav", phrase, 44100)
    scan(tmp_path / "P", catalog=place)
    assert found(place, near=True).groups == ()


def test_links_that_were_made_before_a_stop_are_what_was_saved(samples, place, monkeypatch):
    kick, swap = samples / "Pack A" / "kick 1.wav", disk.swap_for_link
    for name in ("a.wav", "b.wav", "c.wav"):
        shutil.copy(kick, samples / name)
    scan(samples, catalog=place)
    monkeypatch.setenv("DRUMSORT_HOME", str(place.parent / "home"))
    size = kick.stat().st_size
    assert deduplicate(link=True, dry_run=True, catalog=place).saved == 3 * size

    def once(*args):
        monkeypatch.setattr(disk, "swap_for_link", out_of_files)
        return swap(*args)

    def out_of_files(*_):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(disk, "swap_for_link", once)
    done = deduplicate(link=True, catalog=place)
    assert "too many files are open" in done.run.stopped.lower()
    assert (done.run.done, done.saved) == (1, size)
