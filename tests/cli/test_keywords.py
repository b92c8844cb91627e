"""``drumsort keywords``, ``drumsort hidden`` and ``teach on --dry-run``, as they are typed."""

import json

import mutagen


def ok(done):
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_keywords_are_found_and_written_into_files(drumsort_here, samples):
    ok(drumsort_here("scan", samples))
    first, *rest = sorted(samples.rglob("*.wav"))
    assert "1 sound has the keyword dusty." in ok(drumsort_here("keywords", "add", "dusty", first))
    done = ok(drumsort_here("keywords", "add", "for live set", "--json", rest[0]))
    assert json.loads(done)["count"] == 1
    query = f'path:"{first.relative_to(samples)}"'
    assert "1 sound has" in ok(drumsort_here("keywords", "add", "dusty", "--find", query))
    assert ok(drumsort_here("find", "keyword:dusty")).splitlines() == [str(first)]
    listed = json.loads(ok(drumsort_here("keywords", "list", "--json")))
    assert listed == [{"name": "dusty", "count": 1}, {"name": "for live set", "count": 1}]
    ok(drumsort_here("tag", first))
    assert "; dusty" in str(mutagen.File(first).tags)
    assert "0 sounds have" in ok(drumsort_here("keywords", "remove", "Dusty", first))
    wrong = drumsort_here("keywords", "remove", "dusty", first)
    assert (wrong.returncode, "No sound has the keyword" in wrong.stderr) == (2, True)
    assert drumsort_here("keywords", "add", "a;b", first).returncode == 2
    assert drumsort_here("keywords", "add", "dusty").returncode == 2


def test_hidden_sounds_and_packs(drumsort_here, samples):
    ok(drumsort_here("scan", samples))
    paths = sorted(map(str, samples.rglob("*.wav")))
    inside = [path for path in paths if "Pack B" in path]
    assert "1 sound is hidden." in ok(drumsort_here("hidden", "add", paths[0]))
    said = ok(drumsort_here("hidden", "add", "--pack", "pack b"))
    assert f"{len(inside)} sound" in said
    everything = json.loads(ok(drumsort_here("hidden", "list", "--json")))
    assert everything == {"packs": ["Pack B"], "files": sorted({paths[0], *inside})}
    assert "Pack Pack B" in ok(drumsort_here("hidden", "list"))
    left = [path for path in paths if path not in everything["files"]]
    assert ok(drumsort_here("find")).splitlines() == left
    plan = json.loads(ok(drumsort_here("sort", samples, "--into", "Out", "--dry-run", "--json")))
    assert str(paths[0]) in json.dumps(plan)
    ok(drumsort_here("hidden", "remove", "--find", "hidden:yes", "--pack", "Pack B"))
    assert "Nothing is hidden." in ok(drumsort_here("hidden", "list"))
    wrong = drumsort_here("hidden", "add", "--pack", "Pack C")
    assert (wrong.returncode, "try 'Pack" in wrong.stderr) == (2, True)
