"""One group of files: what a resume takes for its own, and what is said of each that fails."""

import errno
import os

import pytest

from drumsort import sorting
from drumsort.files.hashes import file_hash, link_hash
from drumsort.sorting import disk
from drumsort.sorting.halt import Halted
from drumsort.sorting.transfer import Job, transfer
from drumsort.types import Action


@pytest.fixture
def job(tree):
    """Makes the job for one file."""
    tree.make({"in/Kick.wav": b"one"})
    tree.out.mkdir()

    def job(source="in/Kick.wav", target="out/Kick.wav", **others):
        source, target = tree.path(source), tree.path(target)
        now = source.lstat()
        part = target.with_name(".part")
        return Job(0, source, target, now.st_size, now.st_mtime_ns, part, **others)

    return job


def bring(action, job, resuming=False):
    ticks = []
    done = transfer(action, [job], lambda: ticks.append(1), resuming)
    assert ticks == [1]
    return done


LINKS = [Action.COPY, Action.MOVE, Action.LINK]


@pytest.mark.parametrize("action", LINKS)
def test_a_resume_takes_for_its_own_only_what_has_the_same_content(tree, job, action):
    target = tree.path("out/Kick.wav")
    target.write_bytes(b"two")
    done = bring(action, job(), resuming=True)
    assert done.placed == {} and "is taken by now" in done.failed[0]
    target.unlink()
    target.mkdir()
    assert "is taken by now" in bring(action, job(), resuming=True).failed[0]
    target.rmdir()
    target.symlink_to(tree.path("in/Kick.wav"))
    assert "is taken by now" in bring(action, job(), resuming=True).failed[0]
    target.unlink()
    target.write_bytes(b"one")
    found = bring(action, job(), resuming=True)
    assert (found.placed, found.failed, found.ways) == ({0: file_hash(target)}, {}, {})
    assert bring(action, job()).placed == {}  # the first time, it is another's


def test_a_resume_knows_its_links_by_where_they_lead(tree, job):
    target = tree.path("out/Kick.wav")
    target.symlink_to(tree.path("in/Kick.wav"))
    assert bring(Action.SYMLINK, job(), resuming=True).placed == {0: ""}
    assert bring(Action.SYMLINK, job()).placed == {}
    target.unlink()
    target.symlink_to(tree.top / "other")
    assert bring(Action.SYMLINK, job(), resuming=True).placed == {}


def test_a_link_moves_as_a_link(tree, job):
    (tree.root / "Link.wav").symlink_to("Kick.wav")
    one, target = tree.root / "Link.wav", tree.path("out/Link.wav")
    refused = job("in/Link.wav", "out/Link.wav", digest="0" * 64)
    said = f"{one} leads elsewhere by now: it stays where it is."
    assert bring(Action.MOVE, refused).failed == {0: said} and not os.path.lexists(target)
    known = job("in/Link.wav", "out/Link.wav", digest=link_hash(one))
    assert bring(Action.MOVE, known).placed == {0: link_hash(one)}
    assert os.fspath(target.readlink()) == "Kick.wav"
    assert bring(Action.MOVE, job("in/Link.wav", "out/Link.wav"), True).placed == {
        0: link_hash(one)
    }
    target.unlink()
    target.symlink_to("elsewhere")
    assert bring(Action.MOVE, job("in/Link.wav", "out/Link.wav"), True).placed == {}
    target.unlink()
    target.write_bytes(b"one")
    assert bring(Action.MOVE, job("in/Link.wav", "out/Link.wav"), True).placed != {
        0: link_hash(one)
    }


@pytest.mark.parametrize("action", LINKS)
def test_a_source_must_be_what_is_known_of_it(tree, job, action):
    for others in ({"digest": "0" * 64},):
        done = bring(action, job(**others))
        assert "changed in the meantime" in done.failed[0] and list(tree.out.iterdir()) == []
    known = job()
    for change in (lambda p: p.write_bytes(b"longer"), lambda p: os.utime(p, ns=(0, 7))):
        change(known.source)
        done = bring(action, known)
        assert "changed in the meantime" in done.failed[0] and list(tree.out.iterdir()) == []
    os.utime(known.source, ns=(0, known.mtime_ns))
    known.source.write_bytes(b"one")
    os.utime(known.source, ns=(0, known.mtime_ns))
    assert bring(action, job(digest=file_hash(known.source))).failed == {}


def test_a_copy_gets_the_stamps_that_it_should_have(tree, job, no_hard_links):
    done = bring(Action.MOVE, job(stamps=(1_000_000_007, 0o604)))
    now = tree.path("out/Kick.wav").stat()
    assert (done.failed, now.st_mtime_ns, now.st_mode & 0o777) == ({}, 1_000_000_007, 0o604)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Action.LINK, "cannot be linked at {target} (Input/output error): copy it instead."),
        (Action.SYMLINK, "cannot be linked at {target} (Input/output error): copy it instead."),
        (Action.COPY, "could not be put at {target}: Input/output error."),
    ],
)
def test_an_error_names_both_ends(tree, job, monkeypatch, action, words):
    def fail(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    for call in ("link", "symlink", "copy"):
        monkeypatch.setattr(disk, call, fail)
    wanted = job()
    done = bring(action, wanted)
    assert done.failed == {0: f"{wanted.source} {words.format(target=wanted.target)}"}


def test_a_name_that_is_reserved_is_said_only_where_the_disk_refuses_it(tree, job, monkeypatch):
    def fail(number):
        def fail(*_):
            raise OSError(number, os.strerror(number))

        return fail

    reserved, plain = job(target="out/con.wav"), job()
    monkeypatch.setattr(disk, "copy", fail(errno.EINVAL))
    assert bring(Action.COPY, reserved).failed == {
        0: f"The name of {reserved.source} is reserved by Windows, which this disk does not allow: "
        "rename the file."
    }
    assert "Invalid argument" in bring(Action.COPY, plain).failed[0]
    monkeypatch.setattr(disk, "copy", fail(errno.EIO))
    assert "Input/output error" in bring(Action.COPY, reserved).failed[0]


def test_what_may_be_there_is_in_doubt(tree, job, monkeypatch):
    wanted = job()

    def publish(*_):
        wanted.target.write_bytes(b"one")
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "publish", publish)
        done = bring(Action.COPY, wanted)
    assert (done.placed, done.failed, list(done.doubtful)) == ({}, {}, [0])
    assert wanted.part.exists()  # it may be the only complete one
    wanted.target.unlink()
    wanted.part.unlink()

    def hidden(path):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "publish", lambda *_: hidden(None))
        patch.setattr(disk, "is_there", hidden)
        assert list(bring(Action.COPY, wanted).doubtful) == [0]


def test_after_an_error_that_all_share_no_other_is_tried(tree, monkeypatch):
    tree.make({f"in/{n}.wav": b"%d" % n for n in range(3)})
    jobs = []
    for n in range(3):
        path = tree.path(f"in/{n}.wav")
        now = path.stat()
        target = tree.path(f"out/{n}.wav")
        part = disk.part("x", n, target)
        jobs.append(Job(n, path, target, now.st_size, now.st_mtime_ns, part))
    copy, ticks = disk.copy, []

    def full(source, part):
        if source.name == "1.wav":
            raise OSError(errno.EDQUOT, "x")
        return copy(source, part)

    monkeypatch.setattr(disk, "copy", full)
    done = transfer(Action.COPY, jobs, lambda: ticks.append(1), False)
    assert (list(done.placed), done.failed, ticks) == ([0], {}, [1])
    assert isinstance(done.halted, Halted) and sum(done.ways.values()) == 1
    assert [path.name for path in tree.out.iterdir()] == ["0.wav"]


def test_it_says_how_files_were_copied(tree):
    tree.make({"in/A.wav": b"1", "in/B.wav": b"2", "in/C.wav": b"3"})
    run = tree.sort(Action.COPY)
    assert sum(run.ways.values()) == 3
    assert tree.sort(Action.LINK).ways == {}
    assert sorting.undo().failures == {}
