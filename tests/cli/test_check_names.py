import json


def test_names_that_lie_are_listed(drumsort_here, samples):
    (samples / "Pack A" / "PRT_1.wav").rename(samples / "Pack A" / "hihat.wav")
    (samples / "Pack A" / "PRT_2.wav").rename(samples / "Pack A" / "closed hat.wav")
    drumsort_here("scan", samples)
    done = drumsort_here("check-names", "--policy", "everything")
    assert done.returncode == 0, done.stderr
    head, line = done.stdout.splitlines()
    assert head.split() == ["name", "says", "sound", "says", "confidence", "file"]
    path = samples / "Pack A" / "hihat.wav"
    assert line.split()[:2] == ["hat", "kick"]
    assert line.endswith(str(path))
    (row,) = json.loads(drumsort_here("check-names", "--policy", "everything", "--json").stdout)
    assert (row["path"], row["named"], row["heard"]) == (str(path), "hat", "kick")
    assert 0 < row["strength"] <= row["confidence"] <= 1


def test_the_first_of_them_only(drumsort_here, samples):
    for number, path in enumerate(sorted(samples.rglob("*.wav"))):
        path.rename(path.with_name(f"cowbell {number}.wav"))
    drumsort_here("scan", samples)
    every = drumsort_here("check-names", "--policy", "everything").stdout.splitlines()
    done = drumsort_here("check-names", "--policy", "everything", "-n", "1").stdout.splitlines()
    assert done == [*every[:2], "", f"1 of {len(every) - 1} files."]
    nowhere = drumsort_here("check-names", "Samples/Pack C")
    assert (nowhere.returncode, nowhere.stdout) == (2, "")
    assert "knows no sound in Samples/Pack C: run 'drumsort scan DIR'" in nowhere.stderr
