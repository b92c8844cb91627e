"""Results as Parquet: what is in them, going on after a kill, and a catalog from them."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import polars
import pytest

from drumsort import classify
from drumsort.catalog import Catalog
from drumsort.cluster import parts
from drumsort.errors import DrumsortError
from drumsort.workflows.results import classify_into, fill
from drumsort.workflows.scan import scan


def frame(out):
    return polars.concat([polars.read_parquet(path) for path in sorted(out.glob("part-*"))])


def test_a_row_says_what_classify_says(library, tmp_path):
    out = tmp_path / "results"
    done = classify_into(out, [library], workers=1)
    assert (done.heard, done.failed, done.parts) == (22, 2, 1)
    results = list(classify(library, workers=1))
    rows = list(frame(out).iter_rows(named=True))
    assert [row["path"] for row in rows] == [str(result.path) for result in results]
    for row, result in zip(rows, results, strict=True):
        assert (row["error"], row["size"]) == (result.error, result.size)
        assert (row["family"], row["label"]) == (result.family, result.label)
        if one := result.prediction:
            assert (
                np.float32(row["scores"]).tobytes() == np.float32([*one.scores.values()]).tobytes()
            )
            assert np.float32(row["network"]).tobytes() == one.network.tobytes()
            assert np.float32(row["embedding"]).tobytes() == one.embedding.tobytes()
            assert len(row["audio_hash"]) == 64 and row["duration"] > 0


def test_a_run_that_was_killed_goes_on(library, tmp_path):
    out = tmp_path / "results"
    code = (
        "import sys, time; from drumsort.cluster import parts; parts.ROWS = 3\n"
        "write = parts.Parts.write\n"
        "def slow(self): write(self); time.sleep(0.3)\n"
        "parts.Parts.write = slow\n"
        "from drumsort.workflows.results import classify_into\n"
        "classify_into(sys.argv[1], sys.argv[2:], workers=1)"
    )
    command = [sys.executable, "-c", code, str(out), str(library)]
    process = subprocess.Popen(command)
    while len(list(out.glob("part-*"))) < 2 and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = len(frame(out))
    assert 0 < before < 24
    done = classify_into(out, [library], workers=1)
    assert (done.before, done.heard + done.failed) == (before, 24 - before)
    whole = tmp_path / "whole"
    classify_into(whole, [library], workers=1)
    assert frame(out).equals(frame(whole))
    changed = library / "broken.wav"
    changed.write_bytes(b"RIFF" + bytes(200))
    assert classify_into(out, [library], workers=1).failed == 1


def test_what_could_not_be_read_is_tried_again(library, tmp_path):
    out = tmp_path / "results"
    lost = library / "BillieDrum" / "kick" / "lost.wav"
    lost.symlink_to(tmp_path / "nowhere")
    assert classify_into(out, [lost], workers=1).failed == 1
    lost.unlink()
    lost.write_bytes((library / "BillieDrum" / "kick" / "01.ogg").read_bytes())
    assert classify_into(out, [lost], workers=1).heard == 1


def test_a_catalog_from_results_is_that_of_a_scan(library, tmp_path):
    out = tmp_path / "results"
    classify_into(out, [library], workers=1)
    fill(out, catalog=tmp_path / "filled.db")
    scan(library, catalog=tmp_path / "scanned.db", workers=1)
    with Catalog(tmp_path / "filled.db") as filled, Catalog(tmp_path / "scanned.db") as scanned:
        one, other = list(filled.entries()), list(scanned.entries())
    assert len(one) == 24 and one == other
    for mine, theirs in zip(one, other, strict=True):
        if mine.prediction:
            assert mine.prediction.embedding.tobytes() == theirs.prediction.embedding.tobytes()
    assert scan(library, catalog=tmp_path / "filled.db", workers=1).unchanged == 22


def test_results_on_other_terms_are_not_mixed(library, tmp_path):
    out = tmp_path / "results"
    classify_into(out, [library / "empty.wav"], workers=1)
    with pytest.raises(DrumsortError, match="another model, or made with other options"):
        classify_into(out, [library], ear="quick")
    held = parts.Parts(tmp_path / "held", {})
    with pytest.raises(DrumsortError, match="Another drumsort writes"):
        parts.Parts(tmp_path / "held", {})
    held.close()
    (out / "part-000001.parquet").write_bytes(b"PAR1")
    with pytest.raises(DrumsortError, match="not a part of drumsort's results"):
        classify_into(out, [library])
